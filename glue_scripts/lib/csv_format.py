"""CSV objects: read once with the types given, and taken apart again where a line did not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructType

from lib.dataset import Dataset
from lib.source import RawTable
from lib.tables import CORRUPT

_SENTINEL: Final = "\u0001end of line"


def options_of(dataset: Dataset, source: RawTable) -> dict[str, Any]:
    """Return Spark's options: the dataset's, and where it says nothing the catalog's."""
    catalog: dict[str, Any] = {
        "header": int(source.parameters.get("skip.header.line.count", "0")) > 0,
        "delimiter": source.parameters.get("delimiter", source.parameters.get("field.delim", ",")),
    }
    return catalog | {name: value for name, value in dataset.options.items() if value is not None}


def read(
    spark: SparkSession, paths: Sequence[str], *, base: str, schema: StructType, options: Mapping[str, Any]
) -> DataFrame:
    """Return the rows of CSV objects, with the line itself in the column `_corrupt` where it does not fit the schema.

    A header that names other columns, or names them in another order, fails the read: Spark matches by position.
    """
    return (
        spark.read.schema(schema)
        .options(**options)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", CORRUPT)
        .option("enforceSchema", False)
        .option("basePath", base)
        .csv(list(paths))
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
                F.when(parsed[f"c{position}"].isNotNull() & F.col(name).isNull(), f"{name}: not of type {kind}")
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
