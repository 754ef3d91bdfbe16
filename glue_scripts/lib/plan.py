"""Stage 1: decide which object versions this run consumes, after finishing or discarding what earlier runs left."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

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
class Finished:
    """A run that was killed after it had published, as the table's snapshot knows it."""

    run_id: str
    snapshot_id: int
    counts: Counts

    def as_row(self) -> tuple[Any, ...]:
        """Return what is known as a row of the runs table."""
        known = {
            "run_id": self.run_id,
            "outcome": "published",
            "snapshot_id": self.snapshot_id,
            **{f"rows_{name}": rows for name, rows in asdict(self.counts).items()},
        }
        return tuple(map(known.get, ops.struct_names(ops.SCHEMAS[ops.RUNS])))


@dataclass(frozen=True, slots=True)
class Plan:
    """What the run will read, and the snapshot of `main` that it builds on.

    `objects` are the versions to consume; `listed` the keys of all objects; `look` what is known of them beside the
    catalog. `excluded` says of those that are set aside unread why; `replaces` names those whose rows that are in the
    table already make room for the new ones. `published_as` is the snapshot where this very run was published before.
    """

    source: RawTable | None = None
    objects: tuple[RawObject, ...] = ()
    listed: tuple[str, ...] = ()
    look: Look = field(default_factory=Look)
    base: int | None = None
    excluded: Mapping[str, str] = field(default_factory=dict)
    replaces: frozenset[str] = frozenset()
    finished: tuple[Finished, ...] = ()
    published_as: int | None = None
    published_counts: Counts = field(default_factory=Counts)

    @property
    def bytes(self) -> int:
        """Size of the objects to read."""
        return sum(found.size for found in self.objects)

    @property
    def readable(self) -> tuple[RawObject, ...]:
        """The objects to read: all but those that are set aside, or known to be unreadable."""
        return tuple(each for each in self.objects if each.key not in self.unreadable)

    @property
    def unreadable(self) -> Mapping[str, str]:
        """Why objects are quarantined whole, by key."""
        return {**self.look.unreadable, **self.excluded}


def plan(spark: SparkSession, job: Job, *, glue: GlueClient, s3: S3Client, again: bool = False) -> Plan:
    """Return the run's plan. Every object version is in the plan of at most one published run, unless asked for again.

    `main` is looked at before the consumed objects are: a run that publishes in between makes this one's move fail.
    A run that plans `again`, for another came in between, leaves the branches of others alone: else two runs could
    discard each other's for ever.
    """
    source = raw_table(glue, job.source_database, job.source_table)
    found = {each.key: each for each in list_objects(s3, source)} if source else {}
    curated = iceberg.load(spark, job.tables.curated)
    base = curated.head() if curated else None
    outcomes = ops.outcomes(spark, job.tables)
    finished: tuple[Finished, ...] = ()
    if curated:
        finished = _finish_published(spark, job.tables, curated, base, outcomes)
        outcomes |= {each.run_id: "published" for each in finished}
        _discard_branches(curated, outcomes, job.run_id, others=not again)
    if outcomes.get(job.run_id) == "published":
        return replace(_already_published(curated, base, job.run_id), finished=finished)
    known, consumed = _consumed(spark, job, found, outcomes)
    objects = tuple(each for each in found.values() if job.request.chooses(each, is_new=each.key not in consumed))
    again_or_rewritten = known if job.request.reprocesses or not job.dataset.key else set()
    why = f"set aside by run {job.run_id}, which was asked to exclude {job.request.exclude_prefix}"
    return Plan(
        source=source,
        objects=objects,
        listed=tuple(found),
        base=base,
        excluded={each.key: why for each in objects if job.request.excludes(each)},
        replaces=frozenset(each.key for each in objects if each.key in again_or_rewritten),
        finished=finished,
    )


def changed_objects(s3: S3Client, planned: Plan) -> list[str]:
    """Return the keys of planned objects that are not any more the version that was planned."""
    if planned.source is None:
        return []
    versions = {each.key: each.etag for each in planned.objects}
    for found in list_objects(s3, planned.source):
        if versions.get(found.key) == found.etag:
            del versions[found.key]
    return list(versions)


def _consumed(
    spark: SparkSession, job: Job, found: Mapping[str, RawObject], outcomes: Mapping[str, str]
) -> tuple[set[str], set[str]]:
    """Return which of the listed keys published runs consumed in any version, and which in the version listed.

    What a killed attempt of this very run left in the ops tables is discarded.
    """
    known: set[str] = set()
    consumed: set[str] = set()
    leftovers = False
    for run_id, key, etag in ops.file_versions(spark, job.tables):
        leftovers = leftovers or run_id == job.run_id
        listed = found.get(key)
        if listed is not None and outcomes.get(run_id) == "published":
            known.add(listed.key)
            if listed.etag == etag:
                consumed.add(listed.key)
    if leftovers:
        ops.discard(spark, job.tables, [job.run_id])
    return known, consumed


def _finish_published(
    spark: SparkSession, tables: Tables, curated: Table, base: int | None, outcomes: Mapping[str, str]
) -> tuple[Finished, ...]:
    """Record the runs that `main` carries and the runs table lacks: they were killed right after the decision.

    A run settles this before it publishes, so below the first recorded one all are.
    """
    missing: list[Finished] = []
    for snapshot_id, summary in curated.summaries(base):
        run_id = summary.get(RUN_ID_PROPERTY)
        if run_id is None:
            continue
        if outcomes.get(run_id) == "published":
            break
        missing.append(Finished(run_id, snapshot_id, Counts.from_properties(summary)))
    finished = tuple(reversed(missing))
    if finished:
        ops.write_values(spark, tables, ops.RUNS, (each.as_row() for each in finished))
    return finished


def _discard_branches(curated: Table, outcomes: Mapping[str, str], run_id: str, *, others: bool) -> None:
    refused = {branch_of(each) for each, outcome in outcomes.items() if outcome == "refused" and each != run_id}
    now = time.time() * 1000
    for branch, written_ms in curated.branches().items():
        kept = branch in refused and now - written_ms < _KEEP_REFUSED_MS
        mine = branch == branch_of(run_id)
        if is_run_branch(branch) and not kept and (mine or others):
            curated.drop_branch(branch)


def _already_published(curated: Table | None, base: int | None, run_id: str) -> Plan:
    for snapshot_id, summary in curated.summaries(base) if curated else ():
        if summary.get(RUN_ID_PROPERTY) == run_id:
            return Plan(base=base, published_as=snapshot_id, published_counts=Counts.from_properties(summary))
    return Plan(base=base, published_as=base, published_counts=Counts())
