"""A workflow run: its triggers as they were at its start, what they started, and how the API shows it."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from local.glue import model
from local.glue.crawlers.state import Crawl
from local.glue.jobs.run import JobRun
from local.glue.platform import now
from local.glue.requests import Request, Response
from local.glue.triggers import Trigger

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

# The member of an action or a condition that names a node, by the node's type.
NODE_TYPES = {"CRAWLER": "CrawlerName", "JOB": "JobName"}


def new_run_id() -> str:
    """`wr_` and 64 hexadecimal digits, as AWS has it."""
    return f"wr_{secrets.token_hex(32)}"


@dataclass
class WorkflowRun:
    """One run. `triggers` are frozen at its start; jobs and crawlers are not."""

    id: str
    workflow: str
    properties: dict[str, str]
    triggers: list[Trigger]
    status: str = "RUNNING"
    started_on: float = field(default_factory=now)
    completed_on: float | None = None
    error: str | None = None
    fired: set[str] = field(default_factory=set)
    crawls: dict[str, list[Crawl]] = field(default_factory=dict)
    job_runs: dict[str, list[JobRun]] = field(default_factory=dict)

    def state_of(self, kind: str, name: str) -> str | None:
        """The state of a node's latest attempt, None where it has not been started."""
        if kind == "CRAWLER":
            crawls = self.crawls.get(name, [])
            return crawls[-1].state if crawls else None
        attempts = self.job_runs.get(name, [])
        if not attempts:
            return None
        # A condition sees the last attempt only (AWS documents neither this nor the contrary).
        return "RUNNING" if attempts[-1].is_retried else attempts[-1].state

    def nodes(self) -> list[tuple[str, str]]:
        """The crawlers and jobs that the triggers start, each once: (type, name)."""
        found = [node_of(action) for trigger in self.triggers for action in trigger.request["Actions"]]
        return list(dict.fromkeys(found))

    def busy(self) -> bool:
        """Whether anything that was started has not ended."""
        states = [self.state_of(kind, name) for kind, name in self.nodes()]
        return any(STATISTIC.get(state or "", "") in ("RunningActions", "WaitingActions") for state in states)

    def due(self) -> list[Trigger]:
        """The active conditional triggers whose predicate holds now and that have not fired in this run."""
        return [
            trigger
            for trigger in self.triggers
            if trigger.name not in self.fired and trigger.state == "ACTIVATED" and self._holds(trigger.request)
        ]

    def _holds(self, request: Request) -> bool:
        predicate = request.get("Predicate", {})
        held = [self._condition_holds(condition) for condition in predicate.get("Conditions", [])]
        return any(held) if predicate.get("Logical") == "ANY" else bool(held) and all(held)

    def _condition_holds(self, condition: Request) -> bool:
        kind, name = node_of(condition)
        expected = condition["State"] if kind == "JOB" else condition["CrawlState"]
        return bool(self.state_of(kind, name) == expected)

    def describe(self, *, graph: bool) -> Response:
        """The run as GetWorkflowRun shows it."""
        return model.members(
            "WorkflowRun",
            {
                "Name": self.workflow,
                "WorkflowRunId": self.id,
                "WorkflowRunProperties": self.properties,
                "StartedOn": self.started_on,
                "CompletedOn": self.completed_on,
                "Status": self.status,
                "ErrorMessage": self.error,
                "Statistics": self.statistics(),
                "Graph": describe_graph(self.workflow, self.triggers, self) if graph else None,
            },
        )

    def statistics(self) -> dict[str, int]:
        """How many nodes there are, and how many in each kind of state."""
        counts = dict.fromkeys(STATISTICS, 0)
        for kind, name in self.nodes():
            counts["TotalActions"] += 1
            state = self.state_of(kind, name)
            if state is not None:
                counts[STATISTIC[state]] += 1
        return counts


def node_of(request: Request) -> tuple[str, str]:
    """The type and name of the node that an action or a condition names."""
    for kind, member in NODE_TYPES.items():
        if member in request:
            return kind, request[member]
    raise KeyError(f"neither {' nor '.join(NODE_TYPES.values())} in {request}")


def describe_graph(workflow: str, triggers: list[Trigger], run: WorkflowRun | None) -> Response:
    """Nodes and edges: from a trigger to what it starts, from what a trigger watches to the trigger."""
    nodes: dict[str, dict[str, Any]] = {}
    edges: list[dict[str, str]] = []

    def add(kind: str, name: str, **details: Any) -> str:
        unique_id = f"wnode_{hashlib.sha256(f'{workflow}/{kind}/{name}'.encode()).hexdigest()}"
        nodes.setdefault(unique_id, {"Type": kind, "Name": name, "UniqueId": unique_id, **details})
        return unique_id

    def add_started(kind: str, name: str) -> str:
        if run is None:
            return add(kind, name)
        if kind == "JOB" and name in run.job_runs:
            return add(kind, name, JobDetails={"JobRuns": [one.describe() for one in run.job_runs[name]]})
        if kind == "CRAWLER" and name in run.crawls:
            return add(kind, name, CrawlerDetails={"Crawls": [one.node() for one in run.crawls[name]]})
        return add(kind, name)

    for trigger in triggers:
        source = add("TRIGGER", trigger.name, TriggerDetails={"Trigger": trigger.describe()})
        for action in trigger.request["Actions"]:
            edges.append({"SourceId": source, "DestinationId": add_started(*node_of(action))})
        for condition in trigger.request.get("Predicate", {}).get("Conditions", []):
            edges.append({"SourceId": add_started(*node_of(condition)), "DestinationId": source})
    return {"Nodes": list(nodes.values()), "Edges": edges}
