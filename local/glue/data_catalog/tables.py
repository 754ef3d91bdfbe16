"""The catalog's tables. `VersionId` is the optimistic lock of Iceberg's and PyIceberg's commits."""

import re

from local.glue import model
from local.glue.data_catalog.indexes import described
from local.glue.data_catalog.stores import Stores, attributes, folded
from local.glue.errors import (
    AlreadyExists,
    ConcurrentModification,
    EntityNotFound,
    GlueError,
    InvalidInput,
    Unsupported,
)
from local.glue.paging import page
from local.glue.platform import now
from local.glue.requests import Action, Request, Response

PAGE = 100
UNSERVED = ("FederatedTable", "TargetTable", "ViewDefinition")
ATTRIBUTES = {"NAME": "Name", "TABLE_TYPE": "TableType"}
# The first version is 0 on AWS, where a stale one is refused in these words.
FIRST_VERSION = 0
STALE = "Update table failed due to concurrent modifications."


class Tables:
    """The actions on tables. Source: AWS Glue API, 'Table API'."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.actions: dict[str, Action] = {
            "CreateTable": self.create,
            "UpdateTable": self.update,
            "DeleteTable": self.delete,
            "BatchDeleteTable": self.delete_all,
            "GetTable": self.get,
            "GetTables": self.get_all,
        }

    def create(self, request: Request) -> Response:
        """CreateTable."""
        database = self._stores.database(request["DatabaseName"])["Name"]
        name = _name(request)
        key = f"{database}/{name}"
        if key in self._stores.tables:
            raise AlreadyExists("Table already exists.")
        time = now()
        made = self._made(request, database, name, created=time, updated=time, version=FIRST_VERSION)
        indexes = [described(index, made.get("PartitionKeys", [])) for index in request.get("PartitionIndexes", [])]
        self._stores.drop(key)
        self._stores.tables[key] = made
        self._stores.indexes[key] = indexes
        return {}

    def update(self, request: Request) -> Response:
        """UpdateTable: the whole definition is replaced, if VersionId is the table's own or is not given.

        The version counts up in any case; SkipArchive says whether the one before stays to be read.
        """
        name = _name(request)
        key = self._stores.key({**request, "Name": name}, "Name")
        before = self._stores.tables[key]
        if request.get("VersionId", before["VersionId"]) != before["VersionId"]:
            raise ConcurrentModification(STALE)
        made = self._made(
            request, before["DatabaseName"], name,
            created=before["CreateTime"], updated=now(), version=int(before["VersionId"]) + 1,
        )  # fmt: skip
        if not request.get("SkipArchive"):
            self._stores.versions.setdefault(key, []).append(before)
        self._stores.tables[key] = made
        return {}

    def delete(self, request: Request) -> Response:
        """DeleteTable, with its partitions, indexes and versions."""
        self._stores.drop(self._stores.key(request, "Name"))
        return {}

    def delete_all(self, request: Request) -> Response:
        """BatchDeleteTable: each table that cannot be deleted is an error of its own."""
        self._stores.database(request["DatabaseName"])
        errors = []
        for name in request["TablesToDelete"]:
            try:
                self.delete({"DatabaseName": request["DatabaseName"], "Name": name})
            except EntityNotFound as problem:
                errors.append({"TableName": name, "ErrorDetail": detail(problem)})
        return {"Errors": errors}

    def get(self, request: Request) -> Response:
        """GetTable."""
        table = self._stores.tables[self._stores.key(request, "Name")]
        return {"Table": attributes([table], request, ATTRIBUTES)[0]}

    def get_all(self, request: Request) -> Response:
        """GetTables: those whose whole name matches the regular expression, where one is given."""
        pattern = _pattern(request.get("Expression") or ".*")
        found = {
            table["Name"]: table
            for table in self._stores.tables_of(request["DatabaseName"])
            if pattern.fullmatch(table["Name"])
        }
        answer = page(found, request, key="TableList", size=PAGE)
        answer["TableList"] = attributes(answer["TableList"], request, ATTRIBUTES)
        return answer

    def _made(
        self, request: Request, database: str, name: str, *, created: float, updated: float, version: int
    ) -> Response:
        given = request["TableInput"]
        for member in UNSERVED:
            if given.get(member):
                raise Unsupported(f"TableInput.{member} is not supported by the Glue on this machine.")
        return model.members(
            "Table",
            {
                "Retention": 0,
                **given,
                "Name": name,
                "DatabaseName": database,
                "CatalogId": self._stores.account,
                "CreateTime": created,
                "UpdateTime": updated,
                "VersionId": str(version),
                "IsRegisteredWithLakeFormation": False,
            },
        )


def detail(problem: GlueError) -> Response:
    """An error of one thing in a batch (`ErrorDetail` of the model)."""
    return {"ErrorCode": problem.code, "ErrorMessage": problem.message}


def _name(request: Request) -> str:
    """The table's name, which stands in the request, in its TableInput, or in both."""
    given = request.get("TableInput")
    if not given or not given.get("Name"):
        raise InvalidInput("TableInput.Name must be given.")
    if request.get("Name", given["Name"]) != given["Name"]:
        raise InvalidInput(f"Table {request['Name']} cannot be renamed to {given['Name']}.")
    return folded(given["Name"])


def _pattern(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression, re.IGNORECASE)
    except re.error as problem:
        raise InvalidInput(f"Expression {expression!r} is no regular expression: {problem}.") from problem
