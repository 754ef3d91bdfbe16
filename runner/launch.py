"""What a run can be: a whole workflow run, or its crawler or its job by itself. Each is seen as a workflow run is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from lake.names import RUN_ID_PROPERTY
from runner.errors import AwsError, Trouble, asking
from runner.find import look_at, workflow_runs
from runner.graph import base_run_id
from runner.states import CRAWLER_STATES, JOB_RUN_STATES, Phase, phase_of

if TYPE_CHECKING:
    from mypy_boto3_glue.client import GlueClient
    from mypy_boto3_glue.type_defs import CrawlerTypeDef, JobRunTypeDef, WorkflowRunTypeDef

RUN_ID_ARGUMENT: Final = "--RUN_ID"
_A_PAGE: Final = 200


class Launch(Protocol):
    """Starts runs of one kind, finds, looks at and stops them. `name` is that of workflow, crawler and job alike.

    Each call is sent once; each raises AwsError where AWS does not do it.
    """

    kind: str
    """What `start` makes, in words."""
    prefix: str
    """What AWS's ids of such runs begin with."""

    def start(self, name: str, run_id: str, properties: Mapping[str, str]) -> str:
        """Start a run and return AWS's id of it."""
        ...

    def find(self, name: str, run_id: str) -> str | None:
        """Return AWS's id of the run that was started with a run id, None where there is none."""
        ...

    def look(self, name: str, aws_id: str) -> WorkflowRunTypeDef:
        """Return the run as it is now, with its graph."""
        ...

    def stop(self, name: str, aws_id: str) -> None:
        """Have AWS stop the run; NOT_RUNNING where it has ended."""
        ...


class WorkflowRuns:
    """Whole runs: the crawl, then the job."""

    kind = "workflow run"
    prefix = "wr_"

    def __init__(self, glue: GlueClient) -> None:
        self._glue = glue

    def start(self, name: str, run_id: str, properties: Mapping[str, str]) -> str:
        """Start the workflow; the run id and `properties` are its run properties."""
        with asking(f"start workflow {name}"):
            given = {RUN_ID_PROPERTY: run_id, **properties}
            return self._glue.start_workflow_run(Name=name, RunProperties=given)["RunId"]

    def find(self, name: str, run_id: str) -> str | None:
        """Find it by its run property."""
        with asking(f"look whether run {run_id} of workflow {name} was started"):
            for run in workflow_runs(self._glue, name):
                if run.get("WorkflowRunProperties", {}).get(RUN_ID_PROPERTY) == run_id:
                    return run.get("WorkflowRunId")
        return None

    def look(self, name: str, aws_id: str) -> WorkflowRunTypeDef:
        """One call."""
        return look_at(self._glue, name, aws_id)

    def stop(self, name: str, aws_id: str) -> None:
        """Stop every crawl and job run of it."""
        with asking(f"stop run {aws_id} of workflow {name}"):
            self._glue.stop_workflow_run(Name=name, RunId=aws_id)


class JobRuns:
    """Runs of the job by itself. `queue`: where the job is at its limit of runs, Glue keeps the run WAITING."""

    kind = "job run"
    prefix = "jr_"

    def __init__(self, glue: GlueClient, *, queue: bool) -> None:
        self._glue = glue
        self._queue = queue
        self._retries: int | None = None

    def start(self, name: str, run_id: str, properties: Mapping[str, str]) -> str:
        """Start the job; the run id and `properties` are arguments of it, in capitals."""
        arguments = {RUN_ID_ARGUMENT: run_id, **{f"--{key.upper()}": value for key, value in properties.items()}}
        with asking(f"start job {name}"):
            # The run's own word on queueing outranks the job's.
            refusing: dict[str, Any] = {} if self._queue else {"JobRunQueuingEnabled": False}
            return self._glue.start_job_run(JobName=name, Arguments=arguments, **refusing)["JobRunId"]

    def find(self, name: str, run_id: str) -> str | None:
        """Find it by its argument. AWS may leave arguments out: then a run that was lost is started again."""
        found = (run for run in self._runs(name) if run.get("Arguments", {}).get(RUN_ID_ARGUMENT) == run_id)
        return next((base_run_id(run.get("Id", "")) for run in found), None)

    def look(self, name: str, aws_id: str) -> WorkflowRunTypeDef:
        """One call, until the run failed and the job is one that is tried again: then its attempts too."""
        with asking(f"look at run {aws_id} of job {name}"):
            attempts = [self._glue.get_job_run(JobName=name, RunId=aws_id)["JobRun"]]
        if (retries := self._retries_after(name, attempts[0])) > 0:
            attempts += [
                run for run in self._runs(name) if run.get("Id") != aws_id and base_run_id(run.get("Id", "")) == aws_id
            ]
        phases = [phase_of(JOB_RUN_STATES, run.get("JobRunState", "")) for run in attempts]
        goes_on = Phase.LIVE in phases or (len(attempts) <= retries and set(phases) == {Phase.FAILED})
        node = {"Type": "JOB", "Name": name, "JobDetails": {"JobRuns": attempts}}
        started = attempts[0].get("StartedOn")
        ended = max((run["CompletedOn"] for run in attempts if "CompletedOn" in run), default=None)
        return _as_a_run(node, started, None if goes_on else ended, goes_on=goes_on)

    def stop(self, name: str, aws_id: str) -> None:
        """Stop its attempt that goes on."""
        attempts = (run for run in self._runs(name) if base_run_id(run.get("Id", "")) == aws_id)
        live = [run.get("Id", "") for run in attempts if _goes_on(run)]
        doing = f"stop run {aws_id} of job {name}"
        if not live:
            raise AwsError(Trouble.NOT_RUNNING, doing, "it has ended")
        with asking(doing):
            answer = self._glue.batch_stop_job_run(JobName=name, JobRunIds=live)
        for error in answer.get("Errors", []):
            raise AwsError(Trouble.OTHER, doing, str(error.get("ErrorDetail", {}).get("ErrorMessage", "refused")))

    def _retries_after(self, name: str, first: JobRunTypeDef) -> int:
        """How often AWS tries a run again that ended like `first`: one that timed out or was stopped never."""
        if phase_of(JOB_RUN_STATES, first.get("JobRunState", "")) is not Phase.FAILED:
            return 0
        if self._retries is None:
            with asking(f"look how often job {name} is tried again"):
                self._retries = self._glue.get_job(JobName=name)["Job"].get("MaxRetries", 0)
        return self._retries

    def _runs(self, name: str) -> list[JobRunTypeDef]:
        with asking(f"list the runs of job {name}"):
            pages = self._glue.get_paginator("get_job_runs").paginate(
                JobName=name, PaginationConfig={"PageSize": _A_PAGE}
            )
            return [run for page in pages for run in page["JobRuns"]]


class Crawls:
    """Crawls by themselves. AWS gives a crawl no id: it is the one that began after the last before it."""

    kind = "crawl of"
    prefix = ""

    def __init__(self, glue: GlueClient) -> None:
        self._glue = glue
        self._last_before: Any = None
        self._sent = False

    def start(self, name: str, run_id: str, properties: Mapping[str, str]) -> str:
        """Start the crawler; AT_LIMIT where it runs already, for that crawl may have begun before what it is to see."""
        before = self._crawler(name)
        if before.get("State") != "READY":
            raise AwsError(Trouble.AT_LIMIT, f"start crawler {name}", f"it is {before.get('State')}")
        self._last_before, self._sent = before.get("LastCrawl", {}).get("StartTime"), True
        with asking(f"start crawler {name}"):
            self._glue.start_crawler(Name=name)
        return name

    def find(self, name: str, run_id: str) -> str | None:
        """Whether a crawl began since the start that was sent last: any that did sees what that was to see."""
        if not self._sent:
            return None
        crawler = self._crawler(name)
        return name if crawler.get("State") != "READY" or self._is_new(crawler) else None

    def look(self, name: str, aws_id: str) -> WorkflowRunTypeDef:
        """One call. It is over when the crawler is READY and its last crawl is newer than the one before the start.

        So AWS's times are compared with each other, never with this machine's clock.
        """
        crawler = self._crawler(name)
        state = crawler.get("State", "")
        over = state == "READY" and self._is_new(crawler)
        if over:
            last = crawler.get("LastCrawl", {})
            crawl = {"State": last.get("Status", ""), "StartedOn": last.get("StartTime")}
            crawl |= {key: last[key] for key in ("ErrorMessage", "LogGroup", "LogStream") if key in last}
        else:
            # Whether STOPPING shows at the end of a crawl that goes well too is not documented: it goes on.
            crawl = {"State": "RUNNING" if state in CRAWLER_STATES else state}
        node = {"Type": "CRAWLER", "Name": name, "CrawlerDetails": {"Crawls": [crawl]}}
        return _as_a_run(node, crawl.get("StartedOn"), None, goes_on=not over)

    def stop(self, name: str, aws_id: str) -> None:
        """Stop the crawl that goes on."""
        with asking(f"stop crawler {name}"):
            self._glue.stop_crawler(Name=name)

    def _is_new(self, crawler: CrawlerTypeDef) -> bool:
        began = crawler.get("LastCrawl", {}).get("StartTime")
        return began is not None and (self._last_before is None or began > self._last_before)

    def _crawler(self, name: str) -> CrawlerTypeDef:
        with asking(f"look at crawler {name}"):
            return self._glue.get_crawler(Name=name)["Crawler"]


def _goes_on(job_run: JobRunTypeDef) -> bool:
    return phase_of(JOB_RUN_STATES, job_run.get("JobRunState", "")) is Phase.LIVE


def _as_a_run(node: dict[str, Any], started: Any, ended: Any, *, goes_on: bool) -> WorkflowRunTypeDef:
    """Return one node as the workflow run that would have it alone."""
    times = {key: time for key, time in (("StartedOn", started), ("CompletedOn", ended)) if time is not None}
    run: Any = {"Status": "RUNNING" if goes_on else "COMPLETED", "Graph": {"Nodes": [node], "Edges": []}, **times}
    found: WorkflowRunTypeDef = run
    return found
