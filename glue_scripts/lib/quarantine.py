"""Writes what does not fit: rows by a second look at the objects that have some, and objects that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyspark import StorageLevel
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from lib import ops, row_rules
from lib.arguments import Job
from lib.clean import NO_TEXT, quarantined
from lib.plan import Plan
from lib.read import read
from lib.schema import Schema

_MAX_REASONS: Final = 100
_MAX_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows were quarantined: how many, and one of them as it was read. A row may have several reasons.

    Or why whole objects were: then `objects` says how many, `rows` is 0, and `example` names them.
    """

    reason: str
    rows: int
    example: str
    objects: int = 0


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What lies in the quarantine: rows, and objects as a whole by key. The rows of such an object are not counted.

    `uncounted` are rows that were read before it was clear that their object is none to read rows from.
    """

    rows: int = 0
    unreadable: Mapping[str, str] = field(default_factory=dict)
    uncounted: int = 0
    reasons: tuple[Reason, ...] = ()


def write_quarantine(spark: SparkSession, job: Job, plan: Plan, schema: Schema, keys: Iterable[str]) -> Quarantined:
    """Write the unfit rows of some objects, and the plan's unreadable objects, to the quarantine table."""
    wanted = set(keys)
    unreadable = dict(plan.unreadable)
    objects = [each for each in plan.objects if each.key in wanted]
    looked_at = quarantined(read(spark, job.dataset, plan, objects), job.dataset, schema, job.run_id)
    looked_at = looked_at.persist(StorageLevel.MEMORY_AND_DISK)
    no_text = {row["key"]: row["count"] for row in looked_at.where(NO_TEXT).groupBy("key").count().collect()}
    unreadable |= dict.fromkeys(no_text, "its bytes are no text")
    rows = looked_at.where(~F.col(NO_TEXT)).drop(NO_TEXT)
    ops.write(
        spark,
        job.tables,
        ops.QUARANTINE,
        rows.union(_whole(spark, job, plan, unreadable)) if unreadable else rows,
    )
    reasons = (
        rows.select(F.explode("reasons").alias("reason"), F.coalesce("line", "fields").alias("example"))
        .groupBy("reason")
        .agg(F.count(F.lit(1)).alias("rows"), F.min("example").alias("example"))
        # The record says of each row rule how many rows broke it, of however many other reasons there are.
        .orderBy(F.desc(F.col("reason").startswith(row_rules.REASON)), F.desc("rows"), "reason")
        .limit(_MAX_REASONS + len(job.dataset.row_rules))
        .collect()
    )
    written = rows.count()
    looked_at.unpersist()
    return Quarantined(
        rows=written,
        unreadable=unreadable,
        uncounted=sum(no_text.values()),
        reasons=(*_of_objects(unreadable), *_of_rows(reasons)),
    )


def _whole(spark: SparkSession, job: Job, plan: Plan, unreadable: Mapping[str, str]) -> DataFrame:
    """One row for each unreadable object."""
    values = (
        (job.run_id, each.key, each.modified, None, None, None, None, [_reason(unreadable[each.key])])
        for each in plan.objects
        if each.key in unreadable
    )
    return ops.frame(spark, values, ops.SCHEMAS[ops.QUARANTINE])


def _of_objects(unreadable: Mapping[str, str]) -> list[Reason]:
    keys: dict[str, list[str]] = {}
    for key, what in sorted(unreadable.items()):
        keys.setdefault(_reason(what), []).append(key)
    return [Reason(reason, 0, ", ".join(each[:_MAX_NAMED]), len(each)) for reason, each in keys.items()]


def _of_rows(found: Iterable[Row]) -> list[Reason]:
    """The reasons of rows, the most frequent first."""
    reasons = (Reason(row["reason"], row["rows"], row["example"]) for row in found)
    return sorted(reasons, key=lambda each: (-each.rows, each.reason))


def _reason(what: str) -> str:
    return f"object: {what}"
