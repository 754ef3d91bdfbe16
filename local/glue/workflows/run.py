"""A workflow run: its triggers as they were at its start, its status, and how the API shows it."""

import secrets
from dataclasses import dataclass, field

from local.glue import model
from local.glue.platform import now
from local.glue.requests import Response
from local.glue.triggers.trigger import Trigger
from local.glue.workflows.chain import Chain, Node, started_by
from local.glue.workflows.graph import describe_graph

LIVE = ("RUNNING", "STOPPING")

# Which of the statistics a node counts in, by its state; a node that never started counts in the total only.
STATISTIC = {
    "WAITING": "WaitingActions",
    "STARTING": "RunningActions",
    "RUNNING": "RunningActions",
    "STOPPING": "RunningActions",
    "CANCELLING": "RunningActions",
    "SUCCEEDED": "SucceededActions",
    "FAILED": "FailedActions",
    "STOPPED": "StoppedActions",
    "CANCELLED": "StoppedActions",
    "TIMEOUT": "TimeoutActions",
    "ERROR": "ErroredActions",
}
STATISTICS = ("TotalActions", *dict.fromkeys(STATISTIC.values()))


def new_run_id() -> str:
    """`wr_` and 64 hexadecimal digits, as AWS has it."""
    return f"wr_{secrets.token_hex(32)}"


@dataclass(kw_only=True)
class WorkflowRun(Chain):
    """One run. `triggers` are frozen at its start; jobs and crawlers are not."""

    workflow: str
    properties: dict[str, str]
    triggers: list[Trigger]
    id: str = field(default_factory=new_run_id)
    previous_id: str | None = None
    batch_condition: Response | None = None
    status: str = "RUNNING"
    started_on: float = field(default_factory=now)
    completed_on: float | None = None
    error: str | None = None

    def watching(self) -> list[Trigger]:
        """Its own triggers, while it runs."""
        return self.triggers if self.status == "RUNNING" else []

    def settle(self) -> None:
        """End the run if nothing of it runs: to be called when nothing is due.

        How AWS ends a run is not documented; this is the rule that its states and graph allow.
        """
        if self.status in LIVE and not self.busy():
            self.status = "COMPLETED" if self.status == "RUNNING" else "STOPPED"
            self.completed_on = now()

    def nodes(self) -> list[Node]:
        """The crawlers and jobs that the triggers start, each once."""
        return list(dict.fromkeys(node for trigger in self.triggers for node in started_by(trigger)))

    def describe(self, *, graph: bool) -> Response:
        """The run as GetWorkflowRun shows it."""
        return model.members(
            "WorkflowRun",
            {
                "Name": self.workflow,
                "WorkflowRunId": self.id,
                "PreviousRunId": self.previous_id,
                "WorkflowRunProperties": dict(self.properties),
                "StartedOn": self.started_on,
                "CompletedOn": self.completed_on,
                "Status": self.status,
                "ErrorMessage": self.error,
                "Statistics": self.statistics(),
                "StartingEventBatchCondition": self.batch_condition,
                "Graph": describe_graph(self.workflow, self.triggers, self) if graph else None,
            },
        )

    def statistics(self) -> dict[str, int]:
        """How many nodes there are, and how many in each kind of state."""
        counts = dict.fromkeys(STATISTICS, 0)
        for node in self.nodes():
            counts["TotalActions"] += 1
            state = self.state_of(node)
            if state is not None:
                counts[STATISTIC[state]] += 1
        return counts
