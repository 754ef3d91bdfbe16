"""The record of a run: what it did, in every outcome, as a JSON object and as a row of the runs table."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError
from pyspark.sql import SparkSession

from lib import iceberg, ops
from lib.arguments import Job
from lib.counts import Counts
from lib.drift import SchemaChange
from lib.errors import ConflictError, RefusedError
from lib.plan import Plan
from lib.quarantine import Reason
from lib.rules import RuleOutcome, row_outcomes
from lib.upkeep import Done
from lib.write import Written

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Outcome = Literal["published", "empty", "refused", "failed"]


@dataclass(slots=True)
class Record:
    """What is known of the run so far; every stage tells what came of it."""

    job: Job
    spark: SparkSession | None = None
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended_at: datetime | None = None
    outcome: Outcome = "failed"
    reason: str | None = None
    counts: Counts = field(default_factory=Counts)
    new_files: int = 0
    replaced_files: int = 0
    bytes: int = 0
    unreadable_files: int = 0
    attempts: int = 0
    released: str | None = None
    upkeep: tuple[Done, ...] = ()
    reasons: tuple[Reason, ...] = ()
    rules: tuple[RuleOutcome, ...] = ()
    schema_changes: tuple[SchemaChange, ...] = ()
    snapshot_id: int | None = None
    repeated: bool = False
    versions: dict[str, str] = field(default_factory=dict)
    stages: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage, and say on stdout that it is over."""
        start = monotonic()
        try:
            yield
        finally:
            self.stages.append((name, round(monotonic() - start, 3)))
            print(f"{name}: {self.stages[-1][1]:.1f} s", flush=True)

    def planned(self, plan: Plan) -> None:
        """Note what there is to read: nothing new makes the run empty."""
        self.attempts += 1
        self.new_files, self.bytes = len(plan.objects), plan.bytes
        # Of a former attempt, which nothing is left of.
        self.counts, self.reasons, self.rules = Counts(), (), ()
        self.replaced_files, self.unreadable_files, self.released = 0, 0, None
        for each in plan.finished:
            print(f"run {each.run_id} was killed after it had published: it is recorded now", flush=True)
        print(f"{self.new_files} new objects of {len(plan.listed)}, {self.bytes:,} bytes", flush=True)
        if plan.published_as is not None:
            self.repeated, self.outcome = True, "published"
            self.snapshot_id, self.counts = plan.published_as, plan.published_counts
            print(f"run {self.job.run_id} was published before as snapshot {self.snapshot_id}", flush=True)
        elif not plan.objects:
            self.outcome = "empty"

    def written(self, written: Written) -> None:
        """Note the numbers of what lies on the branch."""
        self.counts, self.reasons = written.counts, written.quarantined.reasons
        self.unreadable_files, self.replaced_files = len(written.quarantined.unreadable), written.replaced_files
        self.rules = row_outcomes(self.job.dataset.row_rules, self.reasons)
        self.schema_changes = written.schema_changes
        for change in self.schema_changes:
            print(f"column {change.column} {change.change}: {change.before or 'none'} to {change.after}", flush=True)
        rows = ", ".join(f"{name} {number:,}" for name, number in asdict(self.counts).items())
        print(f"rows: {rows}", flush=True)
        for each in self.reasons:
            number = f"{each.objects:,} whole" if each.objects else f"{each.rows:,}"
            print(f"quarantined {number}: {each.reason}: {each.example}", flush=True)

    def judged(self, outcomes: tuple[RuleOutcome, ...]) -> None:
        """Note what came of the table rules, and say it of the row rules too."""
        self.rules += outcomes
        for each in self.rules:
            print(f"rule {each.rule}: {each.outcome}{f': {each.reason}' if each.reason else ''}", flush=True)

    def overtaken(self, error: ConflictError) -> None:
        """Note that the run has to plan again."""
        print(f"attempt {self.attempts} comes to nothing, the run plans again: {error}", flush=True)

    def checked(self, refusal: str | None) -> None:
        """Note what a run that releases objects would have been refused for."""
        self.released = refusal
        if refusal is not None:
            print(f"released, though {refusal}", flush=True)

    def published(self, snapshot_id: int) -> None:
        """Note that `main` moved."""
        self.outcome, self.snapshot_id = "published", snapshot_id

    def kept_up(self, done: tuple[Done, ...]) -> None:
        """Note what was done for the tables, or failed to be: that changes nothing of the outcome."""
        self.upkeep = done
        for each in done:
            print(f"{each.name}: {each.result}", flush=True)

    def ended(self, error: BaseException | None) -> None:
        """Note the end. What was published stays so, whatever failed afterwards."""
        self.ended_at = datetime.now(UTC)
        if error is not None:
            self.reason = error.reason if isinstance(error, RefusedError) else f"{type(error).__name__}: {error}"
            if self.outcome != "published":
                self.outcome = "refused" if isinstance(error, RefusedError) else "failed"

    def as_json(self) -> dict[str, Any]:
        """Return the record as the runner and other readers get it."""
        return {
            "run_id": self.job.run_id,
            "env": self.job.env,
            "dataset": self.job.dataset.name,
            "outcome": self.outcome,
            "reason": self.reason,
            "started_at": self.started_at.isoformat(),
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "rows": {**asdict(self.counts), "curated": self.counts.curated},
            "files": {
                "new": self.new_files,
                "consumed": self._consumed,
                "replaced": self.replaced_files,
                "unreadable": self.unreadable_files,
                "bytes": self.bytes,
            },
            "quarantine": [asdict(reason) for reason in self.reasons],
            "rules": [asdict(outcome) for outcome in self.rules],
            "schema_changes": [change.as_json() for change in self.schema_changes],
            "snapshot_id": self.snapshot_id,
            "attempts": self.attempts,
            "request": self.job.request.given(),
            "released": self.released,
            "stages": [{"name": name, "seconds": seconds} for name, seconds in self.stages],
            "upkeep": [asdict(done) for done in self.upkeep],
            "versions": self.versions,
        }

    def as_row(self) -> tuple[Any, ...]:
        """Return the record as a row of the runs table: the same by its columns' names."""
        known = self.as_json()
        known |= {f"rows_{name}": rows for name, rows in known.pop("rows").items()}
        files = known.pop("files")
        known |= {"bytes": files.pop("bytes"), **{f"files_{name}": number for name, number in files.items()}}
        return tuple(known[name] for name in ops.struct_names(ops.SCHEMAS[ops.RUNS]))

    @property
    def _consumed(self) -> int:
        return self.new_files if self.outcome == "published" else 0


@contextmanager
def leave(record: Record, *, s3: S3Client) -> Iterator[None]:
    """Leave the record when the run ends, also when it ends by an exception, which is raised again."""
    try:
        yield
    except BaseException as error:
        record.ended(error)
        try:
            _write(record, s3)
        except Exception as unwritten:
            print(f"the run's record could not be written: {unwritten}", flush=True)
        raise
    record.ended(None)
    _write(record, s3)


def versions(spark: SparkSession) -> dict[str, str]:
    """Return the versions that decide what a run does."""
    return {"spark": spark.version, "iceberg": iceberg.version(spark), "python": platform.python_version()}


def _write(record: Record, s3: S3Client) -> None:
    try:
        if record.spark is not None and not record.repeated:
            with record.stage("record"):
                ops.write_values(record.spark, record.job.tables, ops.RUNS, [record.as_row()])
    finally:
        _put_json(record, s3)
        print(f"outcome: {record.outcome}", flush=True)


def _put_json(record: Record, s3: S3Client) -> None:
    """Put the record where the runner looks for it. A repetition of a published run does not replace its record."""
    bucket, key = record.job.tables.bucket, record.job.tables.record_key(record.job.run_id)
    body = json.dumps(record.as_json(), indent=2).encode()
    if not record.repeated:
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
        return
    try:
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json", IfNoneMatch="*")
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
