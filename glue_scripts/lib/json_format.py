"""JSON objects: one record a line, or with `multiLine` one document an object; nested types come from the catalog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, DecimalType, StringType, StructField, StructType

from lib.casts import not_of_type, with_casts
from lib.layout import Layout, Look
from lib.schema import Schema, data_type
from lib.source import RawObject, RawTable
from lib.tables import CORRUPT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LOOKS_FIRST: Final = False

# What a JSON number or text is read as, before it is cast to its column's type with an eye on what that loses.
# Writers give whole numbers a fraction (1.0) where a column has gaps; Spark's own reader takes no such number for an
# int, rounds decimals in silence, and takes a number for seconds where the column is a timestamp.
_READ_AS: Final = {
    "tinyint": "double",
    "smallint": "double",
    "int": "double",
    "bigint": "decimal(38,18)",
    "date": "string",
    "timestamp": "string",
}
# The whole digits and those after the point of decimal(38,18), in which every bigint has room too.
_WIDE_WHOLE, _WIDE_SCALE = 20, 18


def options_of(options: Mapping[str, Any], source: RawTable) -> dict[str, Any]:
    """Return Spark's options: the catalog knows none."""
    return {name: value for name, value in options.items() if value is not None}


def look(
    spark: SparkSession,
    s3: S3Client,
    source: RawTable,
    objects: Sequence[RawObject],
    schema: Schema,
    options: Mapping[str, Any],
) -> Look:
    """Return nothing: a record says which fields it has."""
    return Look()


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
    """Return the rows of JSON objects. A field that a record lacks is null; one that no column has is not read."""
    columns = schema.may_be_in_files
    fields = _field_names(source, columns)
    as_read = StructType([StructField(fields[name], _read_as(kind)) for name, kind in columns.items()])
    in_folders = StructType([StructField(name, data_type(kind)) for name, kind in schema.in_folders.items()])
    raw = (
        # The catalog's names are in lower case; a record's field and a column are the same only letter by letter.
        spark.read.schema(StructType([*as_read.fields, StructField(CORRUPT, StringType()), *in_folders.fields]))
        .options(**options)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", CORRUPT)
        .option("basePath", base)
        .json(list(paths))
    )
    renamed = raw.select(
        *(F.col(f"`{fields[name]}`").alias(name) for name in columns), CORRUPT, *schema.in_folders, "_metadata"
    )
    kept = [F.col(name) for name in (*schema.in_folders, CORRUPT, "_metadata")]
    return with_casts(renamed, columns, kept, _reasons(F.col(CORRUPT), columns, fields))


def _field_names(source: RawTable, columns: Mapping[str, str]) -> dict[str, str]:
    """Each column's field as the records write it: the crawler keeps the top-level keys' case in `paths`."""
    written = {key.lower(): key for key in source.parameters.get("paths", "").split(",")}
    return {name: written.get(name, name) for name in columns}


def _read_as(kind: str) -> DataType:
    wanted = data_type(_READ_AS.get(kind, kind))
    if not isinstance(wanted, DecimalType):
        return wanted
    fits = wanted.scale <= _WIDE_SCALE and wanted.precision - wanted.scale <= _WIDE_WHOLE
    return DecimalType(_WIDE_WHOLE + _WIDE_SCALE, _WIDE_SCALE) if fits else wanted


def _reasons(line: Column, columns: Mapping[str, str], fields: Mapping[str, str]) -> Column:
    """Return why a line could not be read, null where it could: taken apart again with every field as text."""
    texts = ", ".join(f"`{field}` string" for field in fields.values())
    parsed = F.from_json(line, f"{texts}, {CORRUPT} string", {"columnNameOfCorruptRecord": CORRUPT})
    unfit = F.array_compact(
        F.array(
            *(
                F.when(_is_unfit(parsed.getField(fields[name]), F.col(name), kind), not_of_type(name, kind))
                for name, kind in columns.items()
            )
        )
    )
    return (
        F.when(line.isNull(), None)
        .when(parsed.getField(CORRUPT).isNull() & (F.size(unfit) > 0), unfit)
        .otherwise(F.array(F.lit("not a JSON object")))
    )


def _is_unfit(text: Column, value: Column, kind: str) -> Column:
    """Whether a field's text is why its line was not read: of a nested value only a part may be missing."""
    if kind.startswith(("array<", "map<", "struct<")):
        alone = F.from_json(
            F.concat(F.lit('{"value":'), text, F.lit("}")),
            f"value {kind}, {CORRUPT} string",
            {"columnNameOfCorruptRecord": CORRUPT},
        )
        return alone.getField(CORRUPT).isNotNull()
    return text.isNotNull() & value.isNull()
