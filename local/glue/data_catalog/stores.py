"""Where the Data Catalog's things are kept, and how they are found: the one place that knows the keys."""

import threading
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

from local.glue.errors import EntityNotFound, InvalidInput, Unsupported
from local.glue.requests import Request, Response

# Settings of AWS Glue's catalog that nothing here obeys; passed over, they would be a wrong answer.
UNSERVED = (
    "IncludeStatusDetails", "OpenTableFormatInput", "QueryAsOfTime", "QuerySessionContext", "ResourceShareType",
    "TransactionId", "UpdateOpenTableFormatInput", "ViewUpdateAction",
)  # fmt: skip


@dataclass(frozen=True)
class Stores:
    """Databases by name; tables by `DATABASE/TABLE`, and by the same key their partitions, indexes and old versions.

    `lock` is held for each action: what an action checks still holds when it writes.
    """

    account: str
    databases: MutableMapping[str, Response]
    tables: MutableMapping[str, Response]
    partitions: MutableMapping[str, list[Response]]
    indexes: MutableMapping[str, list[Response]]
    versions: MutableMapping[str, list[Response]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def database(self, name: str) -> Response:
        """The database called `name`. Raises EntityNotFound."""
        found = self.databases.get(folded(name))
        if found is None:
            raise EntityNotFound(f"Database {folded(name)} not found.")
        return found

    def key(self, request: Request, member: str = "TableName") -> str:
        """The key of the table that a request names. Raises EntityNotFound where it or its database is not there."""
        database, table = folded(request["DatabaseName"]), folded(request[member])
        self.database(database)
        key = f"{database}/{table}"
        if key not in self.tables:
            raise EntityNotFound(f"Table {table} not found in database {database}.")
        return key

    def tables_of(self, database: str) -> list[Response]:
        """The tables of a database. Raises EntityNotFound where it is not there."""
        name = self.database(database)["Name"]
        return [table for key, table in self.tables.items() if key.startswith(f"{name}/")]

    def drop(self, key: str) -> None:
        """Forget a table with all that belongs to it."""
        for store in (self.tables, self.partitions, self.indexes, self.versions):
            store.pop(key, None)


def folded(name: str) -> str:
    """A name of a database or a table as it is kept: for Hive, 'it is entirely lowercase' (AWS Glue API)."""
    return name.lower()


def check_served(action: str, request: Request, account: str) -> None:
    """Raise Unsupported for a setting that would be passed over, EntityNotFound for a catalog of another account.

    What AWS answers for a catalog that is not shared with the caller is not documented.
    """
    for member in UNSERVED:
        if request.get(member):
            raise Unsupported(f"{action} with {member} is not supported by the Glue on this machine.")
    if request.get("CatalogId", account) != account:
        raise EntityNotFound(f"Catalog {request['CatalogId']} not found: this is account {account}'s.")


def attributes(things: list[Response], request: Request, known: dict[str, str]) -> list[Response]:
    """`things` with no more than AttributesToGet names, by the member of each. Raises InvalidInput for others."""
    asked: list[Any] = request.get("AttributesToGet") or []
    if not asked or asked == ["DEFAULT"]:
        return things
    if "NAME" not in asked or not set(asked) <= set(known):
        raise InvalidInput(f"AttributesToGet must hold NAME and may hold {', '.join(known)}, not {', '.join(asked)}.")
    members = {known[name] for name in asked} | {"DatabaseName"}
    return [{name: value for name, value in thing.items() if name in members} for thing in things]
