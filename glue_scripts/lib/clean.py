"""Stage 3: rows that fit their columns, and those that do not with the reasons; no row is in both or in neither."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from pyspark.sql import Column, DataFrame, Observation, Window
from pyspark.sql import functions as F

from lib import csv_format
from lib.dataset import Dataset
from lib.schema import Schema
from lib.tables import CORRUPT, SOURCE_BLOCK, SOURCE_FILE, SOURCE_MODIFIED, SOURCE_ROW


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The rows to curate. `seen` counts, in the pass that writes them, all rows and the unfit ones, by object."""

    rows: DataFrame
    seen: Observation

    def numbers(self) -> tuple[int, int, list[str]]:
        """Return rows read, rows unfit, and the keys of the objects with unfit rows; waits for the first action."""
        seen = self.seen.get
        return seen["read"], seen["unfit"], sorted(json.loads(seen["unfit_in"]))


def clean(rows: DataFrame, dataset: Dataset) -> Cleaned:
    """Keep the rows that fit, and count the others while the rows are read once."""
    unfit = _unfit(dataset)
    seen = Observation()
    counted = rows.observe(
        seen,
        F.count(F.lit(1)).alias("read"),
        F.count(F.when(unfit, 1)).alias("unfit"),
        # As JSON: an observed array does not come back to Python.
        F.to_json(F.collect_set(F.when(unfit, F.col(SOURCE_FILE)))).alias("unfit_in"),
    )
    return Cleaned(counted.where(~unfit).drop(CORRUPT), seen)


def quarantined(
    rows: DataFrame, dataset: Dataset, schema: Schema, options: Mapping[str, Any], run_id: str
) -> DataFrame:
    """Return the unfit rows in the shape of the quarantine table.

    `line` is the text of a row that could not be parsed, else `fields` are its values as JSON. `row` counts from 0
    in its block of the object.
    """
    unfit = _unfit(dataset)
    values = F.to_json(F.struct(*schema.curated), {"ignoreNullFields": "false"})
    block = Window.partitionBy(SOURCE_FILE, SOURCE_BLOCK)
    return (
        rows.select(
            F.lit(run_id).alias("run_id"),
            F.col(SOURCE_FILE).alias("key"),
            F.col(SOURCE_MODIFIED).alias("modified"),
            F.col(SOURCE_BLOCK).alias("block"),
            (F.col(SOURCE_ROW) - F.min(SOURCE_ROW).over(block)).alias("row"),
            F.col(CORRUPT).alias("line"),
            F.when(F.col(CORRUPT).isNull(), values).alias("fields"),
            F.when(F.col(CORRUPT).isNull(), _missing(dataset))
            .otherwise(csv_format.reasons(F.col(CORRUPT), schema.in_files, options))
            .alias("reasons"),
            unfit.alias("unfit"),
        )
        .where("unfit")
        .drop("unfit")
    )


def _missing(dataset: Dataset) -> Column:
    found = (F.when(F.col(name).isNull(), f"{name}: required, but missing") for name in dataset.required)
    return F.array_compact(F.array(F.lit(None).cast("string"), *found))


def _unfit(dataset: Dataset) -> Column:
    return reduce(or_, (F.col(name).isNull() for name in dataset.required), F.col(CORRUPT).isNotNull())
