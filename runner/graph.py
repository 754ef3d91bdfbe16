"""The crawls and job runs of a workflow run, as GetWorkflowRun's graph has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from runner.states import CRAWL_STATES, GRAVEST_FIRST, JOB_RUN_STATES, Phase, phase_of

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import CrawlTypeDef, JobRunTypeDef, NodeTypeDef, WorkflowRunTypeDef

NodeType = Literal["CRAWLER", "JOB"]

STATES: Final[Mapping[NodeType, Mapping[str, Phase]]] = {"CRAWLER": CRAWL_STATES, "JOB": JOB_RUN_STATES}
_ATTEMPT: Final = re.compile(r"_attempt_(\d+)$")


@dataclass(frozen=True, slots=True)
class NodeRun:
    """One crawl, or one job run with all its attempts: then the last attempt speaks."""

    state: str
    phase: Phase
    started_at: datetime | None
    ended_at: datetime | None
    error: str | None
    attempt: int = 0
    job_run: JobRunTypeDef | None = None
    """The last attempt as AWS gave it; None for a crawl."""


@dataclass(frozen=True, slots=True)
class Node:
    """One crawler or job of the graph. `runs` is empty where it was never started."""

    type: NodeType
    name: str
    runs: tuple[NodeRun, ...]
    attempts: tuple[JobRunTypeDef, ...] = ()
    """Every attempt of every job run: each of them is paid for."""

    @property
    def run(self) -> NodeRun | None:
        """The run that speaks for the node: one that goes on, else the one that ended worst."""
        return min(self.runs, key=lambda run: GRAVEST_FIRST.index(run.phase), default=None)

    @property
    def unknown_states(self) -> list[str]:
        """The states of its runs that no table knows: AWS added them."""
        return [run.state for run in self.runs if run.state not in STATES[self.type]]


def nodes_of(run: WorkflowRunTypeDef) -> list[Node]:
    """Return the crawlers and jobs of a workflow run, crawlers first; triggers are left out."""
    nodes = run.get("Graph", {}).get("Nodes", [])
    return [_crawler(node) for node in nodes if node.get("Type") == "CRAWLER"] + [
        _job(node) for node in nodes if node.get("Type") == "JOB"
    ]


def base_run_id(job_run_id: str) -> str:
    """Return the id of the job run that an attempt belongs to: `jr_1_attempt_2` belongs to `jr_1`."""
    return _ATTEMPT.sub("", job_run_id)


def _attempt_number(job_run: JobRunTypeDef) -> int:
    suffix = _ATTEMPT.search(job_run.get("Id", ""))
    return int(suffix.group(1)) if suffix else job_run.get("Attempt", 0)


def _crawler(node: NodeTypeDef) -> Node:
    # A node that has not run yet has no details, or details that are null.
    crawls: Iterable[CrawlTypeDef] = (node.get("CrawlerDetails") or {}).get("Crawls") or []
    runs = [
        NodeRun(
            state=crawl.get("State", ""),
            phase=phase_of(CRAWL_STATES, crawl.get("State", "")),
            started_at=crawl.get("StartedOn"),
            ended_at=crawl.get("CompletedOn"),
            error=crawl.get("ErrorMessage"),
        )
        for crawl in crawls
    ]
    return Node("CRAWLER", node.get("Name", ""), tuple(runs))


def _job(node: NodeTypeDef) -> Node:
    attempts: list[JobRunTypeDef] = list((node.get("JobDetails") or {}).get("JobRuns") or [])
    by_run: dict[str, list[JobRunTypeDef]] = {}
    for attempt in attempts:
        by_run.setdefault(base_run_id(attempt.get("Id", "")), []).append(attempt)
    runs = []
    for of_one_run in by_run.values():
        first, last = min(of_one_run, key=_attempt_number), max(of_one_run, key=_attempt_number)
        runs.append(
            NodeRun(
                state=last.get("JobRunState", ""),
                phase=phase_of(JOB_RUN_STATES, last.get("JobRunState", "")),
                started_at=first.get("StartedOn"),
                ended_at=last.get("CompletedOn"),
                error=last.get("ErrorMessage"),
                attempt=_attempt_number(last),
                job_run=last,
            )
        )
    return Node("JOB", node.get("Name", ""), tuple(runs), tuple(attempts))
