"""The catalog's databases."""

from local.glue import model
from local.glue.data_catalog.stores import Stores, attributes, folded
from local.glue.errors import AlreadyExists, InvalidInput, Unsupported
from local.glue.paging import page
from local.glue.platform import now
from local.glue.requests import Action, Request, Response

PAGE = 100
UNSERVED = ("FederatedDatabase", "TargetDatabase")


class Databases:
    """The actions on databases. Source: AWS Glue API, 'Database API'."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.actions: dict[str, Action] = {
            "CreateDatabase": self.create,
            "UpdateDatabase": self.update,
            "DeleteDatabase": self.delete,
            "GetDatabase": self.get,
            "GetDatabases": self.get_all,
        }

    def create(self, request: Request) -> Response:
        """CreateDatabase."""
        name = folded(request["DatabaseInput"]["Name"])
        if name in self._stores.databases:
            raise AlreadyExists("Database already exists.")
        self._stores.databases[name] = self._made(name, request["DatabaseInput"], created=now())
        return {}

    def update(self, request: Request) -> Response:
        """UpdateDatabase: the whole definition is replaced; the name stays."""
        before = self._stores.database(request["Name"])
        if folded(request["DatabaseInput"]["Name"]) != before["Name"]:
            raise InvalidInput(f"Database {before['Name']} cannot be renamed to {request['DatabaseInput']['Name']}.")
        made = self._made(before["Name"], request["DatabaseInput"], created=before["CreateTime"])
        self._stores.databases[before["Name"]] = made
        return {}

    def delete(self, request: Request) -> Response:
        """DeleteDatabase, with its tables and all that belongs to them."""
        name = self._stores.database(request["Name"])["Name"]
        for table in self._stores.tables_of(name):
            self._stores.drop(f"{name}/{table['Name']}")
        del self._stores.databases[name]
        return {}

    def get(self, request: Request) -> Response:
        """GetDatabase."""
        return {"Database": self._stores.database(request["Name"])}

    def get_all(self, request: Request) -> Response:
        """GetDatabases."""
        answer = page(dict(self._stores.databases.items()), request, key="DatabaseList", size=PAGE)
        answer["DatabaseList"] = attributes(answer["DatabaseList"], request, {"NAME": "Name"})
        return answer

    def _made(self, name: str, given: Request, *, created: float) -> Response:
        for member in UNSERVED:
            if given.get(member):
                raise Unsupported(f"DatabaseInput.{member} is not supported by the Glue on this machine.")
        kept = {**given, "Name": name, "CreateTime": created, "CatalogId": self._stores.account}
        return model.members("Database", kept)
