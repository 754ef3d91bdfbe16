"""A run in one line: when, how long, how it ended, and the numbers of its record."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from runner.aws import Aws
from runner.find import look_at, run_id_of
from runner.judge import has_ended, judge
from runner.record import Records, RunRecord
from runner.result import iso

if TYPE_CHECKING:
    from mypy_boto3_glue.client import GlueClient
    from mypy_boto3_glue.type_defs import WorkflowRunTypeDef

RUNNING: Final = "RUNNING"
_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Summary:
    """`status` is the final status of a run that has ended, else RUNNING; `record` is None where the job left none."""

    run_id: str
    workflow_run_id: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    record: RunRecord | None

    def seconds(self, now: datetime | None = None) -> float | None:
        """How long it took, or has taken so far."""
        if self.started_at is None:
            return None
        return ((self.ended_at or now or datetime.now(UTC)) - self.started_at).total_seconds()

    def as_json(self) -> dict[str, Any]:
        """The same as JSON types; what is not known is null."""
        rows = self.record.rows if self.record else None
        return {
            "run_id": self.run_id,
            "workflow_run_id": self.workflow_run_id,
            "status": self.status,
            "started_at": iso(self.started_at),
            "ended_at": iso(self.ended_at),
            "outcome": self.record.outcome if self.record else None,
            "rows": rows.model_dump(include={"read", "curated", "superseded", "quarantined"}) if rows else None,
            "snapshot_id": self.record.snapshot_id if self.record else None,
        }


def summaries(aws: Aws, records: Records, pipeline: str, runs: Sequence[WorkflowRunTypeDef]) -> list[Summary]:
    """Return the runs in their order; several are looked at, each with its record, at a time. Raises AwsError."""
    glue = aws.glue
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda run: _summary(glue, records, pipeline, run), runs))


def _summary(glue: GlueClient, records: Records, pipeline: str, listed: WorkflowRunTypeDef) -> Summary:
    run = look_at(glue, listed.get("Name", ""), listed.get("WorkflowRunId", ""))
    run_id = run_id_of(run)
    record = records.read(pipeline, run_id)
    return Summary(
        run_id=run_id,
        workflow_run_id=run.get("WorkflowRunId", ""),
        status=judge(run, record).status.value if has_ended(run) else RUNNING,
        started_at=run.get("StartedOn"),
        ended_at=run.get("CompletedOn") if has_ended(run) else None,
        record=record if isinstance(record, RunRecord) else None,
    )
