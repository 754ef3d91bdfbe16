"""Which changes of a dataset the rows that are there already do not take, and the way to make them all the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

Resolved = Mapping[str, Any]
"""A dataset's resolved JSON, as the job reads it."""

# What Iceberg makes of a type without touching a file (its table specification, 'Schema Evolution').
_WIDER: Final = {("int", "bigint"), ("float", "double")}
_DECIMAL: Final = re.compile(r"decimal\((\d+), ?(\d+)\)")

REBUILD: Final = (
    "Rebuild the table: drop `{curated}.{dataset}` and `{ops}.{dataset}_files` (DROP TABLE in Athena), deploy, and run "
    "`python run.py {dataset}`: every raw object is read anew. Or keep the old table, and give the change to a dataset "
    "of a new name."
)


def refused_changes(before: Resolved, after: Resolved) -> list[str]:
    """Return what of a change cannot be made while there are rows: of the key, the partitions, or a column's type.

    Rows already in the table were merged by the old key, lie in the old partitions and have the old types: a run would
    leave a table of two kinds. Columns may come, go, and widen as Iceberg widens them.
    """
    found = [
        f"`{field}` from {_listed(before.get(field))} to {_listed(after.get(field))}"
        for field, comparable in (("key", sorted), ("partition_by", list))
        if comparable(_list(before.get(field))) != comparable(_list(after.get(field)))
    ]
    old = {column["name"]: column["type"] for column in before.get("columns") or ()}
    for column in after.get("columns") or ():
        was, now = old.get(column["name"], column["type"]), column["type"]
        if was != now and not widens(was, now):
            found.append(f"the type of `{column['name']}` from `{was}` to `{now}`")
    return found


def widens(was: str, now: str) -> bool:
    """Tell whether every value of one type is the same value of the other, so that files of both are one column."""
    if (was, now) in _WIDER:
        return True
    old, new = _DECIMAL.fullmatch(was), _DECIMAL.fullmatch(now)
    return bool(old and new and old[2] == new[2] and int(new[1]) >= int(old[1]))


def _list(value: Any) -> list[str]:
    return list(value or ())


def _listed(value: Any) -> str:
    return f"`[{', '.join(_list(value))}]`"
