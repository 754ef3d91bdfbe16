"""What a Parquet file says: all about its types, which are Spark's where Spark 3.5 reads them."""

from __future__ import annotations

from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from lake.sketch.csv_file import TABLE
from lake.sketch.found import Found, FoundColumn, SampleFileError, column_names
from lake.sketch.sample_file import SampleFile
from lake.sketch.text_types import quoted

SIMPLE: Final[dict[pa.DataType, str]] = {
    pa.bool_(): "boolean",
    pa.int8(): "int",
    pa.int16(): "int",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.uint8(): "int",
    pa.uint16(): "int",
    pa.uint32(): "bigint",
    pa.uint64(): "decimal(20,0)",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.string(): "string",
    pa.large_string(): "string",
    pa.date32(): "date",
}


NANOSECONDS: Final = ("nanoseconds in the file, microseconds in the table",)


def parquet_found(con: duckdb.DuckDBPyConnection, file: SampleFile) -> Found:
    """Return what the file says, its rows in the table `sample` of `con`.

    Raises SampleFileError that tells every column which Spark does not read, or which can have no name here.
    """
    try:
        schema: pa.Schema = pq.read_schema(file.path)
        con.execute(f"CREATE TABLE {TABLE} AS SELECT * FROM read_parquet(?)", [str(file.path)])
    except (pa.ArrowException, duckdb.Error, OSError) as error:
        raise SampleFileError(f"{file.path}: is not Parquet: {str(error).splitlines()[0]}") from error
    names = column_names(file.path, schema.names)
    unread = [
        f"  column '{field.name}' is of type {field.type}: write it as text, or leave it out"
        for field in schema
        if _spark_type(field.type) is None
    ]
    if unread:
        raise SampleFileError("\n".join([f"{file.path}: has types that no column can have here", *unread]))
    counts = ", ".join(f"count({quoted(name)})" for name in schema.names)
    row = con.execute(f"SELECT count(*), {counts} FROM {TABLE}").fetchone()
    assert row is not None
    rows, *filled = row
    if not rows:
        raise SampleFileError(f"{file.path}: has no row; allowed is a file with rows")
    columns = [
        FoundColumn(name, field.name, str(_spark_type(field.type)), rows - there, NANOSECONDS if _fine(field) else ())
        for name, field, there in zip(names, schema, filled, strict=True)
    ]
    return Found("parquet", rows, columns)


def _fine(field: pa.Field) -> bool:
    return bool(pa.types.is_timestamp(field.type) and field.type.unit == "ns")


def _spark_type(kind: pa.DataType, *, inside: bool = False) -> str | None:
    """Return Spark's type, None where it has none; nanoseconds `inside` another type are none of Spark's."""
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_timestamp(kind):
        return None if inside and kind.unit == "ns" else "timestamp"
    if pa.types.is_dictionary(kind):
        return _spark_type(kind.value_type)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        inner = _spark_type(kind.value_type, inside=True)
        return f"array<{inner}>" if inner else None
    if pa.types.is_struct(kind):
        fields = [(field.name, _spark_type(field.type, inside=True)) for field in kind]
        known = all(inner for _, inner in fields)
        return f"struct<{','.join(f'{name}:{inner}' for name, inner in fields)}>" if known else None
    return SIMPLE.get(kind)
