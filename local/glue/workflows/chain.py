"""What one start has set going: the crawls and job runs that triggers started, and which trigger is due next."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field

from local.glue.crawlers.state import Crawl
from local.glue.jobs.run import LIVE, JobRun
from local.glue.requests import Request
from local.glue.triggers.trigger import Trigger

# The member of an action or a condition that names a node, by the node's type.
NODE_TYPES = {"CRAWLER": "CrawlerName", "JOB": "JobName"}

Node = tuple[str, str]


@dataclass(kw_only=True)
class Chain(ABC):
    """Everything that descends from one start. Only what was started in it can fire its triggers.

    `crawls` and `job_runs` have every attempt of a node, by its name, the latest last; `fired` the triggers that
    fired: each fires once in a chain, also where it waits for ANY (AWS documents neither this nor the contrary).
    """

    crawls: dict[str, list[Crawl]] = field(default_factory=dict)
    job_runs: dict[str, list[JobRun]] = field(default_factory=dict)
    fired: set[str] = field(default_factory=set)

    @abstractmethod
    def watching(self) -> list[Trigger]:
        """The triggers that what happens in this chain can fire now."""

    def state_of(self, node: Node) -> str | None:
        """The state of a node's latest attempt, None where it has not been started."""
        kind, name = node
        if kind == "CRAWLER":
            crawls = self.crawls.get(name, [])
            return crawls[-1].state if crawls else None
        attempts = self.job_runs.get(name, [])
        if not attempts:
            return None
        # A condition sees the last attempt only (AWS documents neither this nor the contrary).
        return "RUNNING" if attempts[-1].is_retried else attempts[-1].state

    def busy(self) -> bool:
        """Whether anything that was started has not ended, or is to be tried again."""
        runs = [run for attempts in self.job_runs.values() for run in attempts]
        retried = {run.previous_run_id for run in runs}
        return any(run.state in LIVE or (run.is_retried and run.id not in retried) for run in runs) or any(
            crawl.completed_on is None for crawls in self.crawls.values() for crawl in crawls
        )

    def due(self) -> list[Trigger]:
        """The active conditional triggers whose predicate holds now and that have not fired in this chain."""
        return [
            trigger
            for trigger in self.watching()
            if trigger.name not in self.fired and trigger.state == "ACTIVATED" and self._holds(trigger.request)
        ]

    def _holds(self, request: Request) -> bool:
        predicate = request.get("Predicate", {})
        held = [self._condition_holds(condition) for condition in predicate.get("Conditions", [])]
        return any(held) if predicate.get("Logical") == "ANY" else bool(held) and all(held)

    def _condition_holds(self, condition: Request) -> bool:
        node = node_of(condition)
        expected = condition["State"] if node[0] == "JOB" else condition["CrawlState"]
        return bool(self.state_of(node) == expected)


def node_of(request: Request) -> Node:
    """The type and name of the node that an action or a condition names."""
    for kind, member in NODE_TYPES.items():
        if member in request:
            return kind, request[member]
    raise KeyError(f"neither {' nor '.join(NODE_TYPES.values())} in {request}")


def started_by(trigger: Trigger) -> list[Node]:
    """The nodes that a trigger starts."""
    return [node_of(action) for action in trigger.request["Actions"]]


def watched_by(trigger: Trigger) -> list[Node]:
    """The nodes that a trigger waits for."""
    if trigger.type != "CONDITIONAL":
        return []
    return [node_of(condition) for condition in trigger.request["Predicate"]["Conditions"]]


def downstream(triggers: Iterable[Trigger], nodes: Iterable[Node]) -> tuple[set[Node], set[str]]:
    """The nodes and the names of the triggers that come after `nodes`, at any distance."""
    triggers = list(triggers)
    found_nodes: set[Node] = set()
    found_triggers: set[str] = set()
    frontier = set(nodes)
    while frontier:
        after = [one for one in triggers if one.name not in found_triggers and frontier & set(watched_by(one))]
        found_triggers |= {trigger.name for trigger in after}
        frontier = {node for trigger in after for node in started_by(trigger)} - found_nodes
        found_nodes |= frontier
    return found_nodes, found_triggers
