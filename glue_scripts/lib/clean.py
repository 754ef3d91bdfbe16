"""Stage 3: rows that fit their columns, and those that do not with the reasons; no row is in both or in neither."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from pyspark.sql import Column, DataFrame, Observation, Window
from pyspark.sql import functions as F

from lib import row_rules
from lib.dataset import Dataset
from lib.errors import DriftError
from lib.schema import Schema
from lib.tables import CORRUPT, LOST, REASONS, SOURCE_BLOCK, SOURCE_FILE, SOURCE_MODIFIED, SOURCE_ROW, UNKNOWN

NO_TEXT: Final = "no_text"
_UNFIT: Final = "_unfit"
# Bytes that no text in the object's encoding has: NUL, and what stands for bytes that could not be decoded.
_GARBLED: Final = "[\\x00\ufffd]"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The rows to curate. `seen` counts, in the pass that writes them, all rows and the unfit ones, by object."""

    rows: DataFrame
    seen: Observation

    def numbers(self) -> tuple[int, int, list[str]]:
        """Return rows read, rows unfit, and the keys of the objects with unfit rows; waits for the first action.

        Raises DriftError where rows that fit hold values in columns that the table has not, and is not to ignore.
        """
        seen = self.seen.get
        if seen["drifted"]:
            raise DriftError(f"{seen['drifted']} rows hold values in columns that the table has not")
        return seen["read"], seen["unfit"], sorted(json.loads(seen["unfit_in"]))


def clean(rows: DataFrame, dataset: Dataset) -> Cleaned:
    """Keep the rows that fit, and count the others while the rows are read once."""
    row_rules.require_fit(rows, dataset.row_rules)
    unfit = F.col(_UNFIT)
    seen = Observation()
    # A column of its own: what decides is computed once a row, not at each place that asks.
    counted = rows.withColumn(_UNFIT, _unfit(dataset)).observe(
        seen,
        F.count(F.lit(1)).alias("read"),
        F.count(F.when(unfit, 1)).alias("unfit"),
        F.count(F.when(~unfit & (F.size(UNKNOWN) > 0), 1)).alias("drifted"),
        # As JSON: an observed array does not come back to Python.
        F.to_json(F.collect_set(F.when(unfit, F.col(SOURCE_FILE)))).alias("unfit_in"),
    )
    return Cleaned(counted.where(~unfit).drop(CORRUPT, LOST, REASONS, UNKNOWN, _UNFIT), seen)


def quarantined(rows: DataFrame, dataset: Dataset, schema: Schema, run_id: str) -> DataFrame:
    """Return the unfit rows in the shape of the quarantine table, and NO_TEXT: whether their object is no text at all.

    `line` is the text of a row that could not be parsed, else `fields` are its values as JSON, before a cast that they
    do not survive. `row` counts from 0 in its block of the object.
    """
    unfit = _unfit(dataset)
    values = F.to_json(F.struct(*schema.curated), {"ignoreNullFields": "false"})
    block = Window.partitionBy(SOURCE_FILE, SOURCE_BLOCK)
    whole = Window.partitionBy(SOURCE_FILE)
    garbled = F.col(CORRUPT).rlike(_GARBLED)
    return (
        rows.select(
            F.lit(run_id).alias("run_id"),
            F.col(SOURCE_FILE).alias("key"),
            F.col(SOURCE_MODIFIED).alias("modified"),
            F.col(SOURCE_BLOCK).alias("block"),
            (F.col(SOURCE_ROW) - F.min(SOURCE_ROW).over(block)).alias("row"),
            F.col(CORRUPT).alias("line"),
            F.when(F.col(CORRUPT).isNull(), F.coalesce(LOST, values)).alias("fields"),
            F.when(F.col(CORRUPT).isNull(), F.concat(_reasons(), _missing(dataset), _broken(dataset)))
            .otherwise(_reasons())
            .alias("reasons"),
            unfit.alias("unfit"),
            (F.min(unfit).over(whole) & (F.avg(F.when(garbled, 1).otherwise(0)).over(whole) > 0.5)).alias(NO_TEXT),
        )
        .where("unfit")
        .drop("unfit")
    )


def _reasons() -> Column:
    return F.coalesce(REASONS, F.array().cast("array<string>"))


def _is_lost(name: str) -> Column:
    return F.exists(_reasons(), lambda reason: reason.startswith(f"{name}: "))


def _broken(dataset: Dataset) -> Column:
    return row_rules.reasons(dataset.row_rules, _is_lost)


def _missing(dataset: Dataset) -> Column:
    found = (
        F.when(F.col(name).isNull() & ~_is_lost(name), f"{name}: required, but missing") for name in dataset.required
    )
    return F.array_compact(F.array(F.lit(None).cast("string"), *found))


def _unfit(dataset: Dataset) -> Column:
    unreadable = F.col(CORRUPT).isNotNull() | F.col(LOST).isNotNull()
    missing = reduce(or_, (F.col(name).isNull() for name in dataset.required), unreadable)
    return missing | row_rules.breaks_any(dataset.row_rules)
