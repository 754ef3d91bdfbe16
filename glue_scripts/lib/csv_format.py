"""CSV objects: read once with the types given, and taken apart again where a line did not fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import DecimalType, StringType, StructType

from lib.casts import cast, not_of_type, wide_decimal, with_casts
from lib.headers import HeaderError, headers
from lib.layout import Layout, Look
from lib.schema import Schema, data_type, struct_type
from lib.source import RawObject, RawTable
from lib.tables import CORRUPT
from lib.unknown import can_be_added, unknown_columns

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Spark compares headers itself while it reads: only where it finds another one is each object's looked at.
LOOKS_FIRST: Final = False
_SENTINEL: Final = "\u0001end of line"
# Of a header that fits nothing, so many characters are shown.
_SHOWN: Final = 100

# What a value is read as, before it is cast to its column's type with an eye on what that loses: Spark's own reader
# cuts the time off a day, makes up the day of a time, rounds decimals and makes a large float infinite, all in silence.
_READ_AS: Final = {"date": "string", "timestamp": "string", "float": "double"}
# Stands for bytes that are no text in the object's encoding.
_NO_CHARACTER: Final = "\ufffd"


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
    found: dict[str, str] = {}
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
            if schema.drift == "add":
                found.update((name, "string") for name in names if name not in known and can_be_added(name))
    return Look(layouts, unreadable, found)


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
    columns, unknown = _columns(schema, layout)
    as_read = {name: _read_as(kind) for name, kind in columns.items()}
    rows = (
        # The values of folders come as text, so that one which does not fit its column is seen.
        spark.read.schema(struct_type({**as_read, CORRUPT: "string", **dict.fromkeys(schema.in_folders, "string")}))
        .options(**options)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", CORRUPT)
        .option("enforceSchema", layout is not None)
        .option("basePath", base)
        .csv(list(paths))
    )
    line = F.col(CORRUPT)
    curated = {name: kind for name, kind in columns.items() if name in schema.curated}
    encoding = options.get("encoding", "UTF-8")
    return with_casts(
        rows,
        {**curated, **schema.in_folders},
        [line, F.col("_metadata")],
        unknown_columns(unknown, schema.drift),
        reasons=F.when(line.isNotNull(), reasons(line, columns, options)),
        lost={
            f"{name}: bytes that are no {encoding}": F.col(name).contains(_NO_CHARACTER)
            for name, kind in curated.items()
            if kind == "string"
        },
    )


def _columns(schema: Schema, layout: Layout | None) -> tuple[dict[str, str], dict[str, str]]:
    """Return the columns of the objects with their types, and the names of those that have no place in the table."""
    known = schema.may_be_in_files
    columns: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for position, name in enumerate(schema.in_files if layout is None else layout):
        at = name if name in known else f"_unknown{position}"
        columns[at] = known.get(name, "string")
        if name not in schema.curated:
            unknown[at] = name or f"column {position + 1}"
    return columns, unknown


def _read_as(kind: str) -> str:
    wanted = data_type(kind)
    return wide_decimal(wanted).simpleString() if isinstance(wanted, DecimalType) else _READ_AS.get(kind, kind)


def reasons(line: Column, typed: Mapping[str, str], options: Mapping[str, Any]) -> Column:
    """Return why a line does not fit the columns `typed`, as an array of texts.

    Expects the columns as Spark read them from that line: where the line has a value and the column has none, also
    after its cast, the value did not fit its type.
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
                F.when(parsed[f"c{position}"].isNotNull() & _value(name, kind).isNull(), not_of_type(name, kind))
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


def _value(name: str, kind: str) -> Column:
    return cast(name, data_type(_read_as(kind)), kind).value


def _parse(options: Mapping[str, Any]) -> dict[str, str]:
    kept = ("delimiter", "quote", "escape", "nullValue")
    return {name: str(options[name]) for name in kept if name in options}


def _only(reason: str) -> Column:
    return F.array(F.lit(reason))
