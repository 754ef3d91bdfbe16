"""Parquet objects: each is read by its own schema, and its values are cast to the columns' types without loss."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]  # py4j ships no types
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from lib.casts import with_casts
from lib.faults import fault_of
from lib.layout import Layout, Look
from lib.schema import Schema, data_type
from lib.source import RawObject, RawTable, unglob
from lib.tables import CORRUPT
from lib.unknown import can_be_added, unknown_columns
from lib.widen import widened

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# A footer says which types an object has; given others, Spark fails, or narrows a number in silence.
LOOKS_FIRST: Final = True
_FOOTERS_AT_ONCE: Final = 16
# Spark's schema of a layout and folders, once it was asked for: Spark starts a job to read it from a footer.
_SCHEMAS: Final[dict[tuple[Layout, tuple[str, ...]], StructType]] = {}
# A field as Parquet writes its schema down, such as `optional int64 t (TIMESTAMP(NANOS,true))`.
_FIELD: Final = re.compile(r"(?:optional|required|repeated) \S+ (?P<name>\S+)(?P<rest>.*)", re.DOTALL)
_NANOSECONDS: Final = "TIMESTAMP(NANOS,"
# Types that Iceberg has not, by what a new column of such a type becomes. A time without a zone is UTC.
_ADDED_AS: Final = {"tinyint": "int", "smallint": "int", "timestamp_ntz": "timestamp"}


def options_of(options: Mapping[str, Any], source: RawTable) -> dict[str, Any]:
    """Return Spark's options: there are none."""
    return {}


def look(
    spark: SparkSession,
    s3: S3Client,
    source: RawTable,
    objects: Sequence[RawObject],
    schema: Schema,
    options: Mapping[str, Any],
) -> Look:
    """Return every object's layout, by its footer; one without a footer is unreadable."""
    with ThreadPoolExecutor(_FOOTERS_AT_ONCE) as threads:
        footers = list(threads.map(lambda each: _footer(spark, source.uri(each.key)), objects))
    layouts: dict[str, Layout] = {}
    unreadable: dict[str, str] = {}
    for each, footer in zip(objects, footers, strict=True):
        if isinstance(footer, str):
            unreadable[each.key] = footer
            continue
        alike = _alike(footer)
        if alike:
            unreadable[each.key] = f"its columns {' and '.join(alike)} have one name"
            continue
        layouts[each.key] = footer
    found = _new_columns(spark, source, schema, layouts) if schema.drift == "add" else {}
    return Look(layouts, unreadable, found)


def _new_columns(
    spark: SparkSession, source: RawTable, schema: Schema, layouts: Mapping[str, Layout]
) -> dict[str, str]:
    """Return the columns that the table has not, with the widest of the types that the objects give them."""
    found: dict[str, str] = {}
    one_of_each = {layout: key for key, layout in sorted(layouts.items(), reverse=True)}
    for layout, key in sorted(one_of_each.items()):
        names = {name for name in map(_name, layout) if name not in schema.curated and can_be_added(name)}
        if not names:
            continue
        try:
            fields = spark.read.parquet(unglob(source.uri(key))).schema.fields
        except Exception as error:
            if fault_of(error) is None:
                raise
            continue  # the object is unreadable, as it turns out when it is read
        for field in fields:
            name = field.name.lower()
            kind = "timestamp" if name in _nanoseconds(layout) else field.dataType.simpleString()
            kind = _ADDED_AS.get(kind, kind)
            if name in names and kind != "void":
                stored = data_type(found.get(name, kind))
                found[name] = widened(stored, data_type(kind)).simpleString()
    return found


def _nanoseconds(layout: Layout) -> set[str]:
    return {_name(line) for line in layout if _NANOSECONDS in line}


def read(
    spark: SparkSession,
    paths: Sequence[str],
    *,
    base: str,
    layout: Layout | None,
    source: RawTable,
    schema: Schema,
    options: Mapping[str, Any],
) -> DataFrame:
    """Return the rows of Parquet objects of one layout. Times in nanoseconds come in microseconds, as tables have them.

    A column is found by its name in any case.
    """
    assert layout is not None
    reader = spark.read.option("basePath", base)
    known = (layout, tuple(schema.in_folders))
    if known in _SCHEMAS:
        reader = reader.schema(_SCHEMAS[known])
    raw = reader.parquet(*paths)
    _SCHEMAS[known] = raw.schema
    nanoseconds = _nanoseconds(layout)
    present = [name for name in map(_name, layout) if name not in schema.in_folders]
    columns = {name: schema.curated[name] for name in present if name in schema.curated}
    unknown = {name: name for name in present if name not in schema.curated}
    values = [
        F.expr(f"timestamp_micros((`{name}` - pmod(`{name}`, 1000)) div 1000)").alias(name)
        if name in nanoseconds
        else F.col(f"`{name}`").alias(name)
        for name in present
    ]
    renamed = raw.select(*values, *schema.in_folders, "_metadata")
    kept = [F.lit(None).cast("string").alias(CORRUPT), F.col("_metadata")]
    # The values of folders come as text, so that one which does not fit its column is seen.
    return with_casts(renamed, {**columns, **schema.in_folders}, kept, unknown_columns(unknown, schema.drift))


def _footer(spark: SparkSession, uri: str) -> Layout | str:
    """Return the fields of an object's schema, or what is wrong with it; other errors are raised as they come."""
    jvm: Any = spark._jvm
    conf = spark._jsc.hadoopConfiguration()
    parquet = jvm.org.apache.parquet.hadoop
    try:
        path = jvm.org.apache.hadoop.fs.Path(uri)
        reader = parquet.ParquetFileReader.open(parquet.util.HadoopInputFile.fromPath(path, conf))
        try:
            fields = reader.getFileMetaData().getSchema().getFields()
            return tuple(str(field) for field in fields)
        finally:
            reader.close()
    except Py4JJavaError as error:
        fault = fault_of(error)
        if fault is None:
            raise
        return fault


def _alike(layout: Layout) -> list[str]:
    """Return the names, as they are written, of the first columns that differ by case only."""
    names = [_written(field) for field in layout]
    for name in names:
        alike = [each for each in names if each.lower() == name.lower()]
        if len(alike) > 1:
            return alike
    return []


def _name(field: str) -> str:
    return _written(field).lower()


def _written(field: str) -> str:
    found = _FIELD.match(field)
    assert found is not None, field
    return found["name"]
