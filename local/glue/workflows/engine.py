"""What moves a chain: it fires triggers, and goes on when a crawl or a job run of it has ended."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from local.glue.crawlers.state import Crawl
from local.glue.errors import CrawlerNotRunning, CrawlerStopping
from local.glue.jobs.run import JobRun
from local.glue.jobs.service import Origin
from local.glue.requests import Request, Response
from local.glue.triggers.trigger import Trigger
from local.glue.workflows.chain import Chain, node_of
from local.glue.workflows.run import WorkflowRun


class CrawlStarter(Protocol):
    """What starts and stops crawls: `Crawlers`."""

    def begin_triggered(self, name: str, ended: Callable[[Crawl], None], /) -> Crawl:
        """Start a crawl; what prevents it is a crawl that has ended."""

    def stop(self, request: Request, /) -> Response:
        """StopCrawler."""


class JobStarter(Protocol):
    """What starts and stops job runs: `Jobs`."""

    def begin_triggered(
        self,
        request: Request,
        origin: Origin,
        ended: Callable[[JobRun], None],
        retried: Callable[[JobRun], None],
        /,
    ) -> JobRun:
        """Start a run; what prevents it is a run that has ended."""

    def stop_run(self, run: JobRun, /) -> None:
        """End a run before its time."""


class Engine:
    """Chains move under `lock`: at their start, and when something of them has ended."""

    def __init__(self, crawlers: CrawlStarter, jobs: JobStarter) -> None:
        self.lock = threading.RLock()
        self._crawlers = crawlers
        self._jobs = jobs

    def begin(self, chain: Chain, trigger: Trigger) -> None:
        """Start a chain by its first trigger."""
        with self.lock:
            self._fire(chain, trigger)
            self.advance(chain)

    def advance(self, chain: Chain) -> None:
        """Fire what is due; a workflow run has ended when nothing runs and nothing fires."""
        with self.lock:
            while due := chain.due():
                for trigger in due:
                    self._fire(chain, trigger)
            if isinstance(chain, WorkflowRun):
                chain.settle()

    def stop(self, run: WorkflowRun) -> None:
        """End what runs; what has not started never does."""
        with self.lock:
            run.status = "STOPPING"
            crawls = [one for attempts in run.crawls.values() for one in attempts if one.completed_on is None]
            job_runs = [one for attempts in run.job_runs.values() for one in attempts]
        for crawl in crawls:
            # It has ended meanwhile, or somebody else stops it.
            with suppress(CrawlerNotRunning, CrawlerStopping):
                self._crawlers.stop({"Name": crawl.crawler})
        for job_run in job_runs:
            self._jobs.stop_run(job_run)
        self.advance(run)

    def act(self, chain: Chain, trigger: Trigger, action: Request) -> None:
        """Do one action of a trigger: start its crawler, or its job with what the action says of the run."""
        kind, name = node_of(action)
        with self.lock:
            if kind == "CRAWLER":
                crawl = self._crawlers.begin_triggered(name, lambda _: self.advance(chain))
                chain.crawls.setdefault(name, []).append(crawl)
                return
            run = chain if isinstance(chain, WorkflowRun) else None
            origin = Origin(
                trigger=trigger.name,
                workflow=run.workflow if run else None,
                workflow_run_id=run.id if run else None,
            )
            job_run = self._jobs.begin_triggered(
                action, origin, lambda _: self.advance(chain), lambda attempt: self._retried(chain, attempt)
            )
            chain.job_runs.setdefault(name, []).append(job_run)

    def _fire(self, chain: Chain, trigger: Trigger) -> None:
        chain.fired.add(trigger.name)
        for action in trigger.request["Actions"]:
            self.act(chain, trigger, action)

    def _retried(self, chain: Chain, attempt: JobRun) -> None:
        with self.lock:
            chain.job_runs[attempt.job].append(attempt)
            stopping = isinstance(chain, WorkflowRun) and chain.status != "RUNNING"
        if stopping:
            self._jobs.stop_run(attempt)
