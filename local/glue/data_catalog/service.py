"""The Data Catalog's actions in one table, each done as one."""

from functools import wraps

from local.glue.data_catalog.databases import Databases
from local.glue.data_catalog.indexes import Indexes
from local.glue.data_catalog.partitions import Partitions
from local.glue.data_catalog.stores import Stores, check_served
from local.glue.data_catalog.tables import Tables
from local.glue.data_catalog.versions import Versions
from local.glue.requests import Action, Request, Response


class DataCatalog:
    """The catalog of one scope. An action is done before the next begins, so two commits cannot both find a version.

    Every action raises Unsupported for a setting that would be passed over.
    """

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        parts = (Databases(stores), Tables(stores), Versions(stores), Partitions(stores), Indexes(stores))
        self.actions: dict[str, Action] = {
            name: self._as_one(name, action) for part in parts for name, action in part.actions.items()
        }

    def _as_one(self, name: str, action: Action) -> Action:
        @wraps(action)
        def done(request: Request) -> Response:
            check_served(name, request, self._stores.account)
            with self._stores.lock:
                return action(request)

        return done
