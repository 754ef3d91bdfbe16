"""Writes the rows that do not fit: a second look at the objects that have some, taken only when there are any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyspark import StorageLevel
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lib import csv_format, ops
from lib.arguments import Job
from lib.clean import quarantined
from lib.plan import Plan
from lib.read import read
from lib.schema import Schema

_MAX_REASONS: Final = 100


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows were quarantined: how many, and one of them as it was read. A row may have several reasons."""

    reason: str
    rows: int
    example: str


def write_quarantine(
    spark: SparkSession, job: Job, plan: Plan, schema: Schema, keys: Iterable[str]
) -> tuple[int, tuple[Reason, ...]]:
    """Write the unfit rows of some objects to the quarantine table; return how many, and the commonest reasons."""
    assert plan.source is not None
    wanted = set(keys)
    objects = [each for each in plan.objects if each.key in wanted]
    rows = quarantined(
        read(spark, job.dataset, plan, objects),
        job.dataset,
        schema,
        csv_format.options_of(job.dataset, plan.source),
        job.run_id,
    ).persist(StorageLevel.MEMORY_AND_DISK)
    ops.write(spark, job.tables, ops.QUARANTINE, rows, replace_run=job.run_id if plan.leftovers else None)
    reasons = (
        rows.select(F.explode("reasons").alias("reason"), F.coalesce("line", "fields").alias("example"))
        .groupBy("reason")
        .agg(F.count(F.lit(1)).alias("rows"), F.min("example").alias("example"))
        .orderBy(F.desc("rows"), "reason")
        .limit(_MAX_REASONS)
        .collect()
    )
    written = rows.count()
    rows.unpersist()
    return written, tuple(Reason(row["reason"], row["rows"], row["example"]) for row in reasons)
