"""Stage 1: decide which object versions this run consumes, after finishing or discarding what earlier runs left."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyspark.sql import SparkSession

from lib import iceberg, ops
from lib.arguments import Job
from lib.counts import Counts
from lib.iceberg import RUN_ID_PROPERTY, Table
from lib.layout import Look
from lib.source import RawObject, RawTable, list_objects, raw_table
from lib.tables import Tables, branch_of, is_run_branch

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client

# A refused run's branch stays so long for inspection.
_KEEP_REFUSED_MS: Final = 7 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """What the run will read, and the snapshot of `main` that it builds on.

    `objects` are the new versions; `listed` the keys of all objects; `look` what is known of the new ones beside the
    catalog; `leftovers` whether a killed attempt of this very run left rows in the ops tables; `published_as` the
    snapshot where this very run was published before.
    """

    source: RawTable | None = None
    objects: tuple[RawObject, ...] = ()
    listed: tuple[str, ...] = ()
    look: Look = field(default_factory=Look)
    base: int | None = None
    leftovers: bool = False
    published_as: int | None = None
    published_counts: Counts = field(default_factory=Counts)

    @property
    def bytes(self) -> int:
        """Size of the objects to read."""
        return sum(found.size for found in self.objects)

    @property
    def readable(self) -> tuple[RawObject, ...]:
        """The objects to read: all but those that are known to be unreadable."""
        return tuple(found for found in self.objects if found.key not in self.look.unreadable)


def plan(spark: SparkSession, job: Job, *, glue: GlueClient, s3: S3Client) -> Plan:
    """Return the run's plan. Every object version is in the plan of at most one published run.

    `main` is looked at before the consumed objects are: a run that publishes in between makes this one's move fail.
    """
    source = raw_table(glue, job.source_database, job.source_table)
    found = tuple(list_objects(s3, source)) if source else ()
    curated = iceberg.load(spark, job.tables.curated)
    outcomes = ops.outcomes(spark, job.tables)
    base = curated.head() if curated else None
    if curated:
        outcomes |= _finish_published(spark, job.tables, curated, base, outcomes)
        _discard_branches(curated, outcomes, job.run_id)
    if outcomes.get(job.run_id) == "published":
        return _already_published(curated, base, job.run_id)
    consumed = set()
    leftovers = False
    for run_id, key, etag in ops.file_versions(spark, job.tables):
        leftovers = leftovers or run_id == job.run_id
        if outcomes.get(run_id) == "published":
            consumed.add((key, etag))
    return Plan(
        source=source,
        objects=tuple(each for each in found if (each.key, each.etag) not in consumed),
        listed=tuple(each.key for each in found),
        base=base,
        leftovers=leftovers,
    )


def changed_objects(s3: S3Client, planned: Plan) -> list[str]:
    """Return the keys of planned objects that are not any more the version that was planned."""
    if planned.source is None:
        return []
    now = {(found.key, found.etag) for found in list_objects(s3, planned.source)}
    return [each.key for each in planned.objects if (each.key, each.etag) not in now]


def _finish_published(
    spark: SparkSession, tables: Tables, curated: Table, base: int | None, outcomes: dict[str, str]
) -> dict[str, str]:
    """Record the runs that `main` carries and the runs table lacks: they were killed right after the decision.

    A run settles this before it publishes, so below the first recorded one all are.
    """
    missing: list[tuple[str, int, Counts]] = []
    for snapshot_id, summary in curated.summaries(base):
        run_id = summary.get(RUN_ID_PROPERTY)
        if run_id is None:
            continue
        if outcomes.get(run_id) == "published":
            break
        missing.append((run_id, snapshot_id, Counts.from_properties(summary)))
    if missing:
        rows = (
            (run_id, "published", None, None, None, snapshot_id, *counts.columns(), None, None, None)
            for run_id, snapshot_id, counts in reversed(missing)
        )
        ops.write_values(spark, tables, ops.RUNS, rows)
    return {run_id: "published" for run_id, _, _ in missing}


def _discard_branches(curated: Table, outcomes: dict[str, str], run_id: str) -> None:
    refused = {branch_of(each) for each, outcome in outcomes.items() if outcome == "refused" and each != run_id}
    now = time.time() * 1000
    for branch, written_ms in curated.branches().items():
        kept = branch in refused and now - written_ms < _KEEP_REFUSED_MS
        if is_run_branch(branch) and not kept:
            curated.drop_branch(branch)


def _already_published(curated: Table | None, base: int | None, run_id: str) -> Plan:
    for snapshot_id, summary in curated.summaries(base) if curated else ():
        if summary.get(RUN_ID_PROPERTY) == run_id:
            return Plan(base=base, published_as=snapshot_id, published_counts=Counts.from_properties(summary))
    return Plan(base=base, published_as=base, published_counts=Counts())
