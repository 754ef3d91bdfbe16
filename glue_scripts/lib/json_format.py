"""JSON objects: one record a line, or with `multiLine` one document an object; nested types come from the catalog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, Final

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, DecimalType, StructField, StructType

from lib import json_records
from lib.casts import not_of_type, wide_decimal, with_casts
from lib.json_records import IS_BAD, KEYS, LINE, PARSED
from lib.layout import Layout, Look
from lib.schema import Schema, data_type, struct_type
from lib.source import RawObject, RawTable
from lib.tables import CORRUPT
from lib.unknown import unknown_names

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
    "float": "double",
}
_NOT_AN_OBJECT: Final = "not a JSON object"
_MORE_THAN_AN_OBJECT: Final = "more than one JSON object on the line"
_NO_DOCUMENT: Final = "neither a JSON object nor a list of them"
# Stands for bytes that are no UTF-8.
_NO_CHARACTER: Final = "\ufffd"
# A JSON number with a fraction, as Spark writes it as a text: with the digits of a double.
_FRACTION: Final = "-?[0-9]+[.][0-9]+(?:E-?[0-9]+)?"


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
    """Return the rows of JSON objects. A field that a record lacks is null.

    Spark's own JSON reader takes the first object of a line and drops what follows it, takes the last of two fields
    with one name, and drops fields that no column has, all in silence. So the lines are read as text, and each is
    parsed beside the list of its keys.
    """
    columns = {name: kind for name, kind in schema.curated.items() if name not in schema.in_folders}
    spelled = _spelled(source, schema, columns)
    fields = struct_type({})
    for name, kind in columns.items():
        for each in spelled[name]:
            fields = fields.add(each, _read_as(data_type(kind)))
    is_document = str(options.get("multiLine", False)).lower() == "true"
    text = (
        # The values of folders come as text, so that one which does not fit its column is seen.
        spark.read.schema(struct_type({LINE: "string", **dict.fromkeys(schema.in_folders, "string")}))
        .option("basePath", base)
        .text(list(paths), wholetext=is_document)
    )
    kept = [*schema.in_folders, "_metadata"]
    records = (json_records.of_documents if is_document else json_records.of_lines)(text, fields, kept)

    known = [each for name in columns for each in spelled[name]]
    parsed = F.col(PARSED)
    if len(known) > len(columns):  # Spark does not tell fields apart that differ in case
        kinds = [field.dataType for field in records.select(f"{PARSED}.*").schema.fields]
        known_as = {each: f"f{at}" for at, each in enumerate(known)}
        names = [*known_as.values(), "end"]
        parsed = parsed.cast(StructType([StructField(*each) for each in zip(names, kinds, strict=True)]))
    else:
        known_as = {each: each for each in known}
    # The folder's value wins over a field of the same name.
    ignored = [each for name in schema.in_folders for each in (name, *schema.spelled.get(name, ()))]
    given = {name: [parsed.getField(known_as[each]) for each in spelled[name]] for name in columns}
    held = [field.isNotNull() for name in columns for field in given[name]]
    # A record that has as many keys as it has values of columns has no key twice, and none without a column.
    is_plain = F.size(KEYS) == reduce(add, (each.cast("int") for each in held), F.lit(0))
    renamed = records.select(
        *(F.coalesce(*given[name]).alias(name) for name in columns),
        LINE,
        *kept,
        F.when(is_plain, False).otherwise(F.size(F.array_distinct(KEYS)) < F.size(KEYS)).alias("_repeated"),
        F.when(is_plain, None)
        .otherwise(F.array_except(KEYS, F.array(*map(F.lit, [*known, *ignored]))))
        .alias("_extra"),
        reduce(
            lambda one, other: one | other,
            (
                reduce(add, (field.isNotNull().cast("int") for field in each)) > 1
                for each in given.values()
                if len(each) > 1
            ),
            F.lit(False),
        ).alias("_twice"),
        IS_BAD,
        KEYS,
    )
    line = F.col(LINE)
    unfit = _unfit(line, columns, spelled)
    # Of a document, one of whose records is bad, each has to be asked.
    is_bad = F.col(KEYS).isNull() | (F.col(IS_BAD) & (F.size(unfit) > 0) if is_document else F.col(IS_BAD))
    renamed = renamed.withColumn("_is_bad", is_bad)
    corrupt = F.when(F.col("_is_bad"), line).alias(CORRUPT)
    texts = F.from_json(line, "map<string,string>")
    extra = F.filter("_extra", lambda name: texts[name].isNotNull())
    unknown = unknown_names(F.when(~F.col("_is_bad") & (F.size("_extra") > 0), extra), schema.drift, [*columns])
    is_good = ~F.col("_is_bad")
    return with_casts(
        renamed,
        {**columns, **schema.in_folders},
        [corrupt, F.col("_metadata")],
        unknown,
        reasons=F.when(F.col("_is_bad"), _reasons(line, unfit, is_document)),
        lost={
            "a field is given twice": is_good & (F.col("_repeated") | F.col("_twice")),
            **{
                # The line holds the bytes as they are: where it has this character itself, nothing was lost.
                f"{name}: bytes that are no UTF-8": is_good
                & F.col(name).contains(_NO_CHARACTER)
                & ~line.contains(_NO_CHARACTER)
                & ~line.contains("\\u")
                for name, kind in columns.items()
                if kind == "string"
            },
            **{
                f"{name}: a number that a text does not keep as it is written": is_good & _is_rounded(name, line)
                for name, kind in columns.items()
                if kind == "string"
            },
        },
        text=line,
    )


def _spelled(source: RawTable, schema: Schema, columns: Mapping[str, str]) -> dict[str, list[str]]:
    """Each column's fields as the records write them: the crawler keeps the top-level keys' case in `paths`."""
    written = {key.lower(): key for key in source.parameters.get("paths", "").split(",")}
    return {name: sorted({written.get(name, name), *schema.spelled.get(name, ())}) for name in columns}


def _read_as(kind: DataType) -> DataType:
    match kind:
        case ArrayType():
            return ArrayType(_read_as(kind.elementType))
        case StructType():
            return StructType([StructField(field.name, _read_as(field.dataType)) for field in kind.fields])
        case DecimalType():
            return wide_decimal(kind)
    return data_type(_READ_AS.get(kind.simpleString(), kind.simpleString()))


def _is_rounded(name: str, line: Column) -> Column:
    """Whether a number with a fraction, which a text column got, has lost digits: Spark reads it as a double."""
    text = F.col(name)
    numbers = F.regexp_extract_all(text, F.lit(f"({_FRACTION})"))
    return (
        F.substring(text, 1, 1).isin(*"-0123456789[{")
        & (text.rlike(f"^{_FRACTION}$") | F.substring(text, 1, 1).isin("[", "{"))
        & F.exists(numbers, lambda number: F.position(number, line) == 0)
    )


def _reasons(line: Column, unfit: Column, is_document: bool) -> Column:
    """Return why a line could not be read."""
    if is_document:
        return F.when(F.col(KEYS).isNotNull(), unfit).otherwise(F.array(F.lit(_NO_DOCUMENT)))
    starts_well = F.ltrim(line).startswith("{") & F.json_object_keys(line).isNotNull()
    return (
        F.when(F.col(KEYS).isNotNull() & (F.size(unfit) > 0), unfit)
        .when(F.col(KEYS).isNull() & starts_well, F.array(F.lit(_MORE_THAN_AN_OBJECT)))
        .otherwise(F.array(F.lit(_NOT_AN_OBJECT)))
    )


def _unfit(line: Column, columns: Mapping[str, str], spelled: Mapping[str, Sequence[str]]) -> Column:
    """Return the reason for each field that is of another type than its column: with every field as text."""
    texts = F.from_json(line, "map<string,string>")
    return F.array_compact(
        F.array(
            F.lit(None).cast("string"),
            *(
                F.when(
                    _is_unfit(F.coalesce(*(texts[each] for each in spelled[name])), F.col(name), kind),
                    not_of_type(name, kind),
                )
                for name, kind in columns.items()
            ),
        )
    )


def _is_unfit(text: Column, value: Column, kind: str) -> Column:
    """Whether a field's text is why its line was not read: of a nested value only a part may be missing."""
    if kind.startswith(("array<", "map<", "struct<")):
        alone = F.from_json(
            F.concat(F.lit('{"value":'), text, F.lit("}")),
            f"value {_read_as(data_type(kind)).simpleString()}, {CORRUPT} string",
            {"columnNameOfCorruptRecord": CORRUPT},
        )
        return alone.getField(CORRUPT).isNotNull()
    return text.isNotNull() & value.isNull()
