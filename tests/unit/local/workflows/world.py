"""A Glue of triggers and workflows whose clock, crawls and job runs the test moves: nothing runs, nothing waits."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from local.glue.crawlers.state import Crawl
from local.glue.errors import CrawlerNotRunning
from local.glue.jobs.run import LIVE, JobRun
from local.glue.jobs.service import Origin
from local.glue.triggers.service import Triggers
from local.glue.triggers.trigger import Trigger
from local.glue.workflows.definitions import Definitions
from local.glue.workflows.engine import Engine
from local.glue.workflows.service import Workflows
from local.glue.workflows.standalone import StandaloneChains

NOON = 1_795_435_200.0  # 2026-11-23 12:00:00 UTC, a Monday


@dataclass
class FakeClock:
    """Time that passes when the test says so."""

    time: float = NOON
    calls: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def at(self, when: float, ring: Callable[[], None]) -> None:
        self.calls.append((when, ring))

    def forward(self, seconds: float) -> None:
        """Let `seconds` pass; what is due on the way is called at its time."""
        until = self.time + seconds
        while due := [one for one in self.calls if one[0] <= until]:
            first = min(due, key=lambda one: one[0])
            self.calls.remove(first)
            self.time = max(self.time, first[0])
            first[1]()
        self.time = until


@dataclass
class FakeRun:
    """What chains look at of a job run, and no more."""

    id: str
    job: str
    origin: Origin
    request: dict[str, Any]
    ended: Callable[[JobRun], None]
    retried: Callable[[JobRun], None]
    state: str = "STARTING"
    previous_run_id: str | None = None
    is_retried: bool = False

    def describe(self) -> dict[str, Any]:
        return {"Id": self.id, "JobName": self.job, "JobRunState": self.state, "TriggerName": self.origin.trigger}

    @property
    def as_run(self) -> JobRun:
        return cast(JobRun, self)


class FakeJobs:
    """Starts every job run there is, and ends none. A job in `missing` was deleted, one in `full` is at its limit."""

    def __init__(self) -> None:
        self.started: list[FakeRun] = []
        self.missing: set[str] = set()
        self.full: set[str] = set()

    def begin_triggered(
        self,
        request: dict[str, Any],
        origin: Origin,
        ended: Callable[[JobRun], None],
        retried: Callable[[JobRun], None],
        /,
    ) -> JobRun:
        name = request["JobName"]
        run = FakeRun(f"jr_{len(self.started)}", name, origin, request, ended, retried)
        run.state = "ERROR" if name in self.missing else "FAILED" if name in self.full else "STARTING"
        self.started.append(run)
        return run.as_run

    def stop_run(self, run: JobRun, /) -> None:
        if run.state in LIVE:
            run.state = "STOPPING"

    def retry(self, name: str) -> FakeRun:
        """The job fails, and is tried again."""
        run = next(run for run in self.started if run.job == name and run.state in LIVE)
        run.state, run.is_retried = "FAILED", True
        attempt = replace(run, id=f"{run.id}_attempt_1", state="STARTING", previous_run_id=run.id, is_retried=False)
        self.started.append(attempt)
        run.retried(attempt.as_run)
        return attempt


class FakeCrawlers:
    """Starts every crawl there is, and ends none."""

    def __init__(self) -> None:
        self.started: list[tuple[Crawl, Callable[[Crawl], None]]] = []

    def begin_triggered(self, name: str, ended: Callable[[Crawl], None], /) -> Crawl:
        crawl = Crawl(id=name, crawler=name, log_group="", log_stream="", started_on=NOON)
        self.started.append((crawl, ended))
        return crawl

    def stop(self, request: dict[str, Any], /) -> dict[str, Any]:
        running = [one for one, _ in self.started if one.crawler == request["Name"] and one.completed_on is None]
        if not running:
            raise CrawlerNotRunning("not running")
        running[0].state = "CANCELLING"
        return {}


class World:
    """The actions of triggers and workflows, called as the API calls them: `world("StartWorkflowRun", Name="w")`."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.jobs = FakeJobs()
        self.crawlers = FakeCrawlers()
        self.tags: dict[str, dict[str, str]] = {}
        engine = Engine(self.crawlers, self.jobs)
        self.triggers = Triggers(
            self.clock,
            fire=self._fire,
            check_workflow=lambda name: definitions.check(name),
            tags_of=lambda name: self.tags.get(name, {}),
        )
        definitions = Definitions(triggers=self.triggers, clock=self.clock, lock=engine.lock)
        self.workflows = Workflows(definitions, triggers=self.triggers, engine=engine, clock=self.clock)
        self._standalone = StandaloneChains(engine, lambda: self.triggers.of_workflow(None))

    def _fire(self, trigger: Trigger) -> None:
        (self.workflows if trigger.workflow else self._standalone).fire(trigger)

    def __call__(self, action: str, **request: Any) -> Any:
        return {**self.triggers.actions, **self.workflows.actions}[action](request)

    def workflow(self, name: str, **members: Any) -> None:
        self("CreateWorkflow", Name=name, **members)

    def trigger(self, name: str, kind: str, *starts: str, workflow: str | None = "w", **members: Any) -> None:
        """A trigger of workflow `w` that starts jobs, and crawlers where a name begins with `crawler`."""
        request = {
            "Name": name,
            "Type": kind,
            "Actions": [{_member(node): node} for node in starts],
            **({"WorkflowName": workflow} if workflow else {}),
            **({"StartOnCreation": True} if kind in ("CONDITIONAL", "SCHEDULED") else {}),
        }
        self("CreateTrigger", **{**request, **members})

    def after(self, name: str, watched: dict[str, str], *starts: str, logical: str = "AND", **members: Any) -> None:
        """A conditional trigger: `watched` has the state that each node is to end in."""
        conditions = [
            {
                "LogicalOperator": "EQUALS",
                _member(node): node,
                "State" if _member(node) == "JobName" else "CrawlState": state,
            }
            for node, state in watched.items()
        ]
        predicate = {"Logical": logical, "Conditions": conditions}
        self.trigger(name, "CONDITIONAL", *starts, Predicate=predicate, **members)

    def running(self) -> list[str]:
        """The names of the jobs and crawlers that run now, in the order of their start."""
        jobs = [run.job for run in self.jobs.started if run.state in LIVE]
        return jobs + [crawl.crawler for crawl, _ in self.crawlers.started if crawl.completed_on is None]

    def end(self, name: str, state: str = "SUCCEEDED") -> None:
        """The job or crawler of that name that was started first ends."""
        if _member(name) == "JobName":
            run = next(run for run in self.jobs.started if run.job == name and run.state in LIVE)
            run.state = state
            run.ended(run.as_run)
        else:
            crawl, ended = next(
                one for one in self.crawlers.started if one[0].crawler == name and one[0].completed_on is None
            )
            crawl.state, crawl.completed_on = state, self.clock.now()
            ended(crawl)

    def runs(self, workflow: str = "w") -> list[Any]:
        """The workflow's runs with their graphs, oldest first."""
        return list(reversed(self("GetWorkflowRuns", Name=workflow, IncludeGraph=True)["Runs"]))

    def node_id(self, run: Any, name: str) -> str:
        return next(str(node["UniqueId"]) for node in run["Graph"]["Nodes"] if node["Name"] == name)

    def states(self, run: Any) -> dict[str, str | None]:
        """The last state of each crawler and job of a run, by name."""
        found: dict[str, str | None] = {}
        for node in run["Graph"]["Nodes"]:
            if node["Type"] == "JOB":
                attempts = node.get("JobDetails", {}).get("JobRuns", [])
                found[node["Name"]] = attempts[-1]["JobRunState"] if attempts else None
            if node["Type"] == "CRAWLER":
                crawls = node.get("CrawlerDetails", {}).get("Crawls", [])
                found[node["Name"]] = crawls[-1]["State"] if crawls else None
        return found


def _member(node: str) -> str:
    return "CrawlerName" if node.startswith("crawler") else "JobName"
