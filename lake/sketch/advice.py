"""What could be the key and the partitions of a table: suggestions from one file's rows, for a person to judge."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import duckdb

from lake.column_type import is_nested
from lake.sketch.csv_file import TABLE
from lake.sketch.found import Found, FoundColumn
from lake.sketch.text_types import quoted

MAX_KEYS: Final = 3
MAX_COLUMNS_IN_PAIRS: Final = 16
NO_KEY: Final = frozenset({"float", "double", "boolean"})
TIMES: Final = frozenset({"date", "timestamp"})

# Days from the first to the last value, and the transform that makes neither a crowd of partitions nor a single one.
TRANSFORMS: Final = ((62, "day"), (3660, "month"))
LONGER: Final = "year"


def keys(con: duckdb.DuckDBPyConnection, found: Found) -> list[list[str]]:
    """Return at most three keys of one column, or where there is none of two: unique in all rows, never missing."""
    if found.rows < 2:
        return []
    fit = [each.name for each in found.columns if not each.missing and each.type not in NO_KEY]
    fit = [name for name, column in zip(fit, _columns(found, fit), strict=True) if not is_nested(column.type)]
    if not fit:
        return []
    distinct = dict(zip(fit, _distinct(con, [[name] for name in fit]), strict=True))
    single = [[name] for name in fit if distinct[name] == found.rows]
    if single:
        return single[:MAX_KEYS]
    pairs = [
        [one, other]
        for one, other in combinations(fit[:MAX_COLUMNS_IN_PAIRS], 2)
        if distinct[one] * distinct[other] >= found.rows
    ]
    unique = (pair for pair in pairs if _distinct(con, [pair])[0] == found.rows)
    return [pair for pair, _ in zip(unique, range(MAX_KEYS), strict=False)]


def partitions(con: duckdb.DuckDBPyConnection, found: Found) -> list[tuple[str, str]]:
    """Return a transform for each column of times, with the first and the last value that it has."""
    advised = []
    for column in found.columns:
        if column.type not in TIMES or column.missing == found.rows:
            continue
        name = quoted(column.name)
        days = f"date_diff('day', min({name})::DATE, max({name})::DATE)"
        row = con.execute(
            f"SELECT {days}, min({name})::DATE::VARCHAR, max({name})::DATE::VARCHAR FROM {TABLE}"
        ).fetchone()
        assert row is not None
        transform = next((transform for most, transform in TRANSFORMS if row[0] <= most), LONGER)
        advised.append((f"{transform}({column.name})", f"{row[1]} to {row[2]}"))
    return advised


def _columns(found: Found, names: Sequence[str]) -> list[FoundColumn]:
    return [column for column in found.columns if column.name in names]


def _distinct(con: duckdb.DuckDBPyConnection, groups: Sequence[Sequence[str]]) -> list[int]:
    """Return how many distinct values each group of columns has."""
    counts = ", ".join(f"count(DISTINCT ({', '.join(map(quoted, group))}))" for group in groups)
    row = con.execute(f"SELECT {counts} FROM {TABLE}").fetchone()
    assert row is not None
    return [int(count) for count in row]
