"""What came of one run: all that is reported about it, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from runner.cost import Cost
from runner.graph import Node, nodes_of
from runner.outcome import FinalStatus
from runner.record import Files, Rows, RunRecord

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import WorkflowRunTypeDef


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run. `run` is what was last seen of it, None if it never was; `record` is the job's account."""

    pipeline: str
    env: str
    run_id: str
    final_status: FinalStatus
    workflow_run_id: str | None = None
    reason: str | None = None
    remedy: str | None = None
    run: WorkflowRunTypeDef | None = None
    record: RunRecord | None = None
    cost: Cost | None = None

    @property
    def nodes(self) -> list[Node]:
        """The run's crawlers and jobs, as last seen."""
        return nodes_of(self.run) if self.run else []

    def as_json(self) -> dict[str, Any]:
        """Return the object that --json prints; what is not known is null, times are ISO 8601 in UTC."""
        run: WorkflowRunTypeDef = self.run or {}
        rows = self.record.rows if self.record else Rows()
        files = self.record.files if self.record else Files()
        return {
            "pipeline": self.pipeline,
            "env": self.env,
            "run_id": self.run_id,
            "workflow_run_id": self.workflow_run_id,
            "final_status": self.final_status.value,
            "started_at": iso(run.get("StartedOn")),
            "ended_at": iso(run.get("CompletedOn")),
            "nodes": [_node_json(node) for node in self.nodes],
            "rows": rows.model_dump(include={"read", "curated", "superseded", "quarantined"}),
            "files": files.model_dump(include={"new", "consumed"}),
            "rules": [rule.model_dump() for rule in self.record.rules] if self.record else [],
            "snapshot_id": self.record.snapshot_id if self.record else None,
            "cost": {
                "dpu_hours": self.cost.dpu_hours if self.cost else None,
                "usd": self.cost.usd if self.cost else None,
            },
        }


def iso(time: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC; None stays None."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z") if time else None


def _node_json(node: Node) -> dict[str, Any]:
    run = node.run
    return {
        "type": node.type,
        "name": node.name,
        "state": run.state if run else None,
        "started_at": iso(run.started_at) if run else None,
        "ended_at": iso(run.ended_at) if run else None,
        "error": run.error if run else None,
    }
