"""Which type of Spark SQL fits every value of a column of text, by what Spark's readers accept without an option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb

# How files write that a value is missing; the first are the likeliest.
MISSING: Final = ("NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "\\N", "-", "?", ".")

_TIME: Final = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?"

# In the order in which they are tried. A number with a leading zero is a code: as a number it would lose it.
_FITS: Final = {
    "boolean": "lower({0}) IN ('true', 'false')",
    "bigint": r"regexp_full_match({0}, '[+-]?(0|[1-9]\d*)') AND TRY_CAST({0} AS BIGINT) IS NOT NULL",
    "double": r"regexp_full_match({0}, '[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?')",
    "date": r"regexp_full_match({0}, '\d{{4}}-\d{{2}}-\d{{2}}') AND TRY_CAST({0} AS DATE) IS NOT NULL",
    "timestamp": "regexp_full_match({0}, '"
    + _TIME.replace("{", "{{").replace("}", "}}")
    + "') AND TRY_CAST({0} AS TIMESTAMPTZ) IS NOT NULL",
}

# Characters of a value that are shown.
MAX_SHOWN: Final = 40
SAID: Final = {"bigint": "whole numbers", "double": "numbers", "date": "dates", "timestamp": "timestamps"}

# Why text that looks like more is none: what holds of all values, which of them shows it, and what is said.
_WHY: Final = {
    (r"regexp_full_match(v, '[+-]?\d+')", r"regexp_full_match(v, '[+-]?0\d+')"): "text, for '{0}' has a leading zero",
    (r"regexp_full_match(v, '\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}.*')", "true"): (
        "text, for times are written as 2013-01-31 or 2013-01-31 10:00, not as '{0}'"
    ),
}


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column's values: how many, those that only say that one is missing, the type that fits the others.

    `why`: what keeps it from being more than text, where that can be told.
    """

    filled: int
    spellings: dict[str, int]
    type: str
    why: str | None

    @property
    def typed(self) -> bool:
        """Whether all values, without the spellings of a missing one, are of another type than text."""
        return self.type != "string"


def text_column(con: duckdb.DuckDBPyConnection, table: str, column: str) -> TextColumn:
    """Return what the text column `column` of `table` holds, looked through whole."""
    name = quoted(column)
    found = con.execute(
        f"SELECT {name}, count(*) FROM {table} WHERE list_contains(?, {name}) GROUP BY 1 ORDER BY 2 DESC, 1",
        [list(MISSING)],
    ).fetchall()
    value = f"CASE WHEN NOT list_contains($missing, {name}) THEN {name} END"
    counts = ", ".join(f"count(*) FILTER (WHERE {fits.format('v')})" for fits in _FITS.values())
    firsts = ", ".join(f"CASE WHEN bool_and({all_of}) THEN min(v) FILTER (WHERE {one}) END" for all_of, one in _WHY)
    row = con.execute(
        f"SELECT count({name}), count(v), {counts}, {firsts} FROM (SELECT {name}, {value} AS v FROM {table})",
        {"missing": list(MISSING)},
    ).fetchone()
    assert row is not None
    filled, values, *rest = row
    fits, shown = dict(zip(_FITS, rest, strict=False)), rest[len(_FITS) :]
    kind = next((kind for kind in _FITS if values and fits[kind] == values), "string")
    why = None
    if kind == "string":
        nearly = next((kind for kind in SAID if fits[kind] > values / 2), None)
        odd = _odd(con, table, name, nearly) if nearly else None
        zero, time = (
            text.format(_cut(first)) if first else None for text, first in zip(_WHY.values(), shown, strict=True)
        )
        why = zero or (f"text, for '{odd}' stands beside {SAID[nearly]}" if nearly and odd is not None else time)
    return TextColumn(filled, {str(spelling): int(count) for spelling, count in found}, kind, why)


def _odd(con: duckdb.DuckDBPyConnection, table: str, name: str, nearly: str) -> str | None:
    """Return the first value, in the order of text, that keeps a column from being of the type `nearly`."""
    row = con.execute(
        f"SELECT min({name}) FROM {table} "
        f"WHERE NOT list_contains($missing, {name}) AND NOT ({_FITS[nearly].format(name)})",
        {"missing": list(MISSING)},
    ).fetchone()
    return _cut(str(row[0])) if row and row[0] is not None else None


def _cut(value: str) -> str:
    return value if len(value) <= MAX_SHOWN else f"{value[:MAX_SHOWN]}…"


def quoted(column: str) -> str:
    """Return a column's name as DuckDB's SQL quotes it."""
    return '"' + column.replace('"', '""') + '"'
