"""CSV objects: read once with the types given, and taken apart again where a line did not fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructType

from lib.casts import not_of_type
from lib.headers import HeaderError, headers
from lib.layout import Layout, Look
from lib.schema import Schema, struct_type
from lib.source import RawObject, RawTable
from lib.tables import CORRUPT, LOST, REASONS

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Spark compares headers itself while it reads: only where it finds another one is each object's looked at.
LOOKS_FIRST: Final = False
_SENTINEL: Final = "\u0001end of line"
# Of a header that fits nothing, so many characters are shown.
_SHOWN: Final = 100


def options_of(options: Mapping[str, Any], source: RawTable) -> dict[str, Any]:
    """Return Spark's options: the dataset's, and where it says nothing the catalog's."""
    catalog: dict[str, Any] = {
        "header": int(source.parameters.get("skip.header.line.count", "0")) > 0,
        "delimiter": source.parameters.get("delimiter", source.parameters.get("field.delim", ",")),
    }
    return catalog | {name: value for name, value in options.items() if value is not None}


def look(
    spark: SparkSession,
    s3: S3Client,
    source: RawTable,
    objects: Sequence[RawObject],
    schema: Schema,
    options: Mapping[str, Any],
) -> Look:
    """Return the layouts of objects whose header is not the catalog's; one whose header fits nothing is unreadable."""
    if not options["header"]:
        return Look()
    known = schema.may_be_in_files
    layouts: dict[str, Layout] = {}
    unreadable: dict[str, str] = {}
    ignored: Counter[str] = Counter()
    for each, header in zip(objects, headers(s3, source.bucket, objects, options), strict=True):
        names = () if isinstance(header, HeaderError) else tuple(name.strip().lower() for name in header)
        repeated = [name for name, count in Counter(names).items() if count > 1 and name]
        if isinstance(header, HeaderError):
            unreadable[each.key] = str(header)
        elif repeated:
            unreadable[each.key] = f"its header names '{repeated[0]}' twice"
        elif names and not known.keys() & set(names):
            line = str(options["delimiter"]).join(header)
            unreadable[each.key] = f"its header names no column of the table: {line[:_SHOWN]}"
        elif names and [name.lower() for name in header] != list(schema.in_files):
            layouts[each.key] = names
            ignored.update(name for name in names if name not in schema.curated)
    return Look(layouts, unreadable, ignored)


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
    """Return the rows of CSV objects, with the line itself in CORRUPT where it does not fit the columns.

    Without a layout, a header that names other columns than the catalog, or names them in another order, fails the
    read: Spark matches by position.
    """
    columns = dict(schema.in_files)
    if layout is not None:
        known = schema.may_be_in_files
        columns = {
            name if name in known else f"_ignored{i}": known.get(name, "string") for i, name in enumerate(layout)
        }
    rows = (
        spark.read.schema(struct_type({**columns, CORRUPT: "string", **schema.in_folders}))
        .options(**options)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", CORRUPT)
        .option("enforceSchema", layout is not None)
        .option("basePath", base)
        .csv(list(paths))
    )
    line = F.col(CORRUPT)
    return rows.select(
        *(name for name in columns if name in schema.curated),
        *schema.in_folders,
        line,
        F.lit(None).cast("string").alias(LOST),
        F.when(line.isNotNull(), reasons(line, columns, options)).alias(REASONS),
        "_metadata",
    )


def reasons(line: Column, typed: Mapping[str, str], options: Mapping[str, Any]) -> Column:
    """Return why a line does not fit the columns `typed`, as an array of texts.

    Expects the columns as Spark read them from that line: where the line has a value and the column has none, the
    value did not fit its type.
    """
    names = list(typed)
    text = StructType()
    for position in range(len(names) + 1):
        text = text.add(f"c{position}", StringType())
    delimiter = str(options["delimiter"])
    parsed = F.from_csv(
        F.concat(line, F.lit(delimiter + _SENTINEL)), text.simpleString()[7:-1].replace(":", " "), _parse(options)
    )
    fields = F.array(*(parsed[f"c{position}"] for position in range(len(names) + 1)))
    end = F.array_position(fields, _SENTINEL)
    unfit = F.array_compact(
        F.array(
            *(
                F.when(parsed[f"c{position}"].isNotNull() & F.col(name).isNull(), not_of_type(name, kind))
                for position, (name, kind) in enumerate(typed.items())
                if kind != "string"
            )
        )
    )
    return (
        F.when(F.exists(fields, lambda field: field.endswith(_SENTINEL) & (field != _SENTINEL)), _only("an open quote"))
        .when(end == 0, _only("too many fields"))
        .when(end <= len(names), _only("too few fields"))
        .when(F.size(unfit) > 0, unfit)
        .otherwise(_only("the line cannot be parsed"))
    )


def _parse(options: Mapping[str, Any]) -> dict[str, str]:
    kept = ("delimiter", "quote", "escape", "nullValue")
    return {name: str(options[name]) for name in kept if name in options}


def _only(reason: str) -> Column:
    return F.array(F.lit(reason))
