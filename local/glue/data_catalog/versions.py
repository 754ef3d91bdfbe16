"""What a table was: the versions that UpdateTable archived, and the one that it is."""

from local.glue.data_catalog.stores import Stores
from local.glue.data_catalog.tables import detail
from local.glue.errors import EntityNotFound, GlueError, InvalidInput
from local.glue.paging import page
from local.glue.requests import Action, Request, Response

PAGE = 100


class Versions:
    """The actions on table versions. Source: AWS Glue API, 'Table API'."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.actions: dict[str, Action] = {
            "GetTableVersion": self.get,
            "GetTableVersions": self.get_all,
            "DeleteTableVersion": self.delete,
            "BatchDeleteTableVersion": self.delete_all,
        }

    def get(self, request: Request) -> Response:
        """GetTableVersion: the latest where none is named."""
        key = self._stores.key(request)
        latest = self._stores.tables[key]
        wanted = request.get("VersionId", latest["VersionId"])
        for table in (latest, *self._stores.versions.get(key, [])):
            if table["VersionId"] == wanted:
                return {"TableVersion": _version(table)}
        raise EntityNotFound(f"Version {wanted} of table {request['TableName']} not found.")

    def get_all(self, request: Request) -> Response:
        """GetTableVersions, newest first (the order is not documented)."""
        key = self._stores.key(request)
        kept = [self._stores.tables[key], *self._stores.versions.get(key, [])]
        found = {-int(table["VersionId"]): _version(table) for table in kept}
        return page(found, request, key="TableVersions", size=PAGE)

    def delete(self, request: Request) -> Response:
        """DeleteTableVersion. The latest stays: it is the table (what AWS answers here is not documented)."""
        key = self._stores.key(request)
        wanted = request["VersionId"]
        if wanted == self._stores.tables[key]["VersionId"]:
            raise InvalidInput(f"Version {wanted} is the latest of table {request['TableName']}: delete the table.")
        kept = self._stores.versions.get(key, [])
        left = [table for table in kept if table["VersionId"] != wanted]
        if len(left) == len(kept):
            raise EntityNotFound(f"Version {wanted} of table {request['TableName']} not found.")
        self._stores.versions[key] = left
        return {}

    def delete_all(self, request: Request) -> Response:
        """BatchDeleteTableVersion: each version that cannot be deleted is an error of its own."""
        self._stores.key(request)
        errors = []
        for version in request["VersionIds"]:
            try:
                self.delete({**request, "VersionId": version})
            except GlueError as problem:
                error = {"TableName": request["TableName"], "VersionId": version, "ErrorDetail": detail(problem)}
                errors.append(error)
        return {"Errors": errors}


def _version(table: Response) -> Response:
    return {"Table": table, "VersionId": table["VersionId"]}
