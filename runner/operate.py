"""One use of the runner, from start to verdict: starts each pipeline, waits, says what came of each."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lake.names import Names
from runner.aws import Aws
from runner.claim import Claims
from runner.cost import cost_of
from runner.duration import in_words
from runner.errors import AwsError, Trouble, asking
from runner.find import not_deployed, run_id_of
from runner.follow import Follower
from runner.graph import nodes_of
from runner.judge import judge, needs_record
from runner.launch import Crawls, JobRuns, Launch, WorkflowRuns
from runner.logs import LogKind
from runner.options import Only
from runner.outcome import FinalStatus
from runner.pace import AWS, LOCAL
from runner.record import NoRecord, Records, RunRecord
from runner.result import RunResult
from runner.start import ATTEMPTS, AWS_PATIENCE, LOCAL_ATTEMPTS, LOCAL_PATIENCE, Begun, Starter
from runner.wait import End, Waited, Watch, wait_for

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import JobRunTypeDef, WorkflowRunTypeDef


# An emulator that has gone does not come back with its runs: waiting on for it would be in vain.
LOCAL_SILENCE = 15.0

# Seconds between two looks for log lines after a run's end: on this machine they are there when it ends.
LOCAL_LOG_PAUSE = 0.0
AWS_LOG_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Time:
    """The runner's clock (seconds that never go back), sleep and chance; tests give their own."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = field(default=random.random)


@dataclass(slots=True)
class Started:
    """A run that was asked for at `at` on the clock. `begun` is None while its workflow is at its limit of runs.

    `only`: it is the crawl or the job by itself.
    """

    pipeline: str
    run_id: str
    at: float
    starter: Starter
    properties: Mapping[str, str] = field(default_factory=dict)
    begun: Begun | None = None
    only: Only | None = None

    @property
    def launch(self) -> Launch:
        """What the run is, to AWS."""
        return self.starter.launch

    @property
    def aws_id(self) -> str | None:
        """AWS's id of the run, where there is one yet."""
        return self.begun.workflow_run_id if self.begun else None

    @property
    def named(self) -> str:
        """The run in words: `workflow run wr_…`."""
        return f"{self.launch.kind} {self.aws_id}"

    @property
    def workflow_run_id(self) -> str | None:
        """The workflow run, where it is one and there is one yet."""
        return self.aws_id if self.only is None else None

    def begin(self) -> Begun | None:
        """Start the run where it has not begun; return it, None while its workflow is at its limit of runs.

        Raises AwsError where AWS refuses for another reason, or cannot be asked.
        """
        if self.begun is None:
            try:
                self.begun = self.starter.start(self.pipeline, self.run_id, self.properties)
            except AwsError as error:
                if error.trouble is not Trouble.AT_LIMIT:
                    raise
        return self.begun


class Operation:
    """Runs pipelines of one environment."""

    def __init__(self, aws: Aws, time: Time) -> None:
        self._aws = aws
        self._time = time
        self._env = aws.environment.name
        self._names = Names(self._env)
        self._records = Records(aws, self._names)
        self._local = aws.environment.is_local

    def check_deployed(self, pipelines: Sequence[str]) -> None:
        """Raise WrongUse for a pipeline that is not deployed, AwsError where AWS cannot be asked."""
        for pipeline in pipelines:
            workflow = self._names.pipeline(pipeline)
            try:
                with asking(f"look up workflow {workflow}"):
                    self._aws.glue.get_workflow(Name=workflow)
            except AwsError as error:
                if error.trouble is Trouble.MISSING:
                    raise not_deployed(self._env, pipeline) from error
                raise

    def start(
        self,
        pipeline: str,
        run_id: str,
        *,
        queue: bool = True,
        properties: Mapping[str, str] | None = None,
        only: Only | None = None,
        refuse: bool = False,
    ) -> Started | RunResult:
        """Start one run, or return why it did not start as its result; raises WrongUse where not deployed.

        With `queue`, a run whose workflow is at its limit of runs has yet to begin: waiting for it tries again.
        `only`: its crawl or its job by itself. `refuse`: Glue is not to keep a job run waiting for another one either.
        """
        starter = self._starter(self._launch(only, refuse=refuse))
        started = Started(pipeline, run_id, self._time.clock(), starter, properties or {}, only=only)
        try:
            if started.begin() is None and not queue:
                reason = _not_started(only)
                return RunResult(pipeline, self._env, run_id, FinalStatus.FAILED, reason=reason)
        except KeyboardInterrupt:
            reason = f"interrupted while it was being started; it may go on: {run_id}"
            return self.interrupted(pipeline, run_id, reason)
        except AwsError as error:
            if error.trouble is Trouble.MISSING:
                raise not_deployed(self._env, pipeline) from error
            return self.unreachable(pipeline, run_id, error)
        return started

    def attach(self, pipeline: str, run: WorkflowRunTypeDef) -> Started:
        """Return a run that is there already, to be waited for."""
        begun = Begun(run.get("WorkflowRunId", ""), joined=True)
        starter = self._starter(WorkflowRuns(self._aws.glue))
        return Started(pipeline, run_id_of(run), self._time.clock(), starter, begun=begun)

    def _launch(self, only: Only | None, *, refuse: bool) -> Launch:
        match only:
            case "crawl":
                return Crawls(self._aws.glue)
            case "job":
                return JobRuns(self._aws.glue, queue=not refuse)
            case None:
                return WorkflowRuns(self._aws.glue)

    def _starter(self, launch: Launch) -> Starter:
        return Starter(
            launch=launch,
            claims=Claims(lambda: self._aws.s3, lambda: self._records.bucket, self._names),
            attempts=LOCAL_ATTEMPTS if self._local else ATTEMPTS,
            pace=LOCAL if self._local else AWS,
            patience=LOCAL_PATIENCE if self._local else AWS_PATIENCE,
            clock=self._time.clock,
            sleep=self._time.sleep,
            jitter=self._time.jitter,
        )

    def unreachable(self, pipeline: str, run_id: str, error: AwsError) -> RunResult:
        """Return the result of a run that AWS could not be asked to start."""
        remedy = self._aws.remedy(error)
        return RunResult(pipeline, self._env, run_id, FinalStatus.UNREACHABLE, reason=str(error), remedy=remedy)

    def interrupted(self, pipeline: str, run_id: str, reason: str, workflow_run_id: str | None = None) -> RunResult:
        """Return the result of a run that the user did not wait for to be started or to end."""
        status = FinalStatus.INTERRUPTED
        return RunResult(pipeline, self._env, run_id, status, workflow_run_id=workflow_run_id, reason=reason)

    def started_only(self, started: Started) -> RunResult:
        """Return the result of a run that is not waited for."""
        return RunResult(
            started.pipeline,
            self._env,
            started.run_id,
            FinalStatus.STARTED,
            workflow_run_id=started.workflow_run_id,
        )

    def wait(
        self,
        runs: Sequence[Started],
        timeouts: Mapping[str, float],
        on_look: Callable[[str, WorkflowRunTypeDef], None],
        on_problem: Callable[[str, AwsError], None],
    ) -> list[RunResult]:
        """Wait for every run and return what came of each, in order; `timeouts` are seconds by pipeline."""
        self._aws.prepare()
        watches = [
            Watch(
                key=run.pipeline,
                look=self._looking_at(run),
                pace=LOCAL if self._local else AWS,
                started=run.at,
                deadline=run.at + timeouts[run.pipeline],
                patience=LOCAL_SILENCE if self._local else math.inf,
            )
            for run in runs
        ]
        waited = wait_for(
            watches,
            clock=self._time.clock,
            sleep=self._time.sleep,
            jitter=self._time.jitter,
            on_look=on_look,
            on_problem=on_problem,
        )
        return [self._result(run, waited[run.pipeline], timeouts[run.pipeline]) for run in runs]

    def _looking_at(self, run: Started) -> Callable[[], WorkflowRunTypeDef | None]:
        name = self._names.pipeline(run.pipeline)

        def look() -> WorkflowRunTypeDef | None:
            begun = run.begin()
            if begun is None:
                return None
            return run.launch.look(name, begun.workflow_run_id)

        return look

    def stop(self, run: Started) -> None:
        """Have AWS stop a run that began; one that has ended meanwhile is left alone. Raises AwsError."""
        if run.begun is None:
            return
        try:
            run.launch.stop(self._names.pipeline(run.pipeline), run.begun.workflow_run_id)
        except AwsError as error:
            if error.trouble is not Trouble.NOT_RUNNING:
                raise

    def follower(self, pipeline: str, kinds: tuple[LogKind, ...]) -> Follower:
        """Return what reads the log of a pipeline's job runs from its beginning."""
        return Follower(self._aws.logs, self._names, pipeline, kinds)

    def pause_for_logs(self) -> None:
        """Let some time pass in which AWS may deliver log lines."""
        self._time.sleep(LOCAL_LOG_PAUSE if self._local else AWS_LOG_PAUSE)

    def attempts(self, run: WorkflowRunTypeDef) -> list[JobRunTypeDef]:
        """Return every attempt of every job run of a run, with each a log of its own."""
        return [attempt for node in nodes_of(run) for attempt in node.attempts]

    def going_on(self, pipeline: str, run_id: str, run: WorkflowRunTypeDef) -> RunResult:
        """Return what is known of a run that has not ended."""
        result = RunResult(pipeline, self._env, run_id, FinalStatus.STARTED, run=run)
        return replace(result, workflow_run_id=run.get("WorkflowRunId"))

    def ended(self, pipeline: str, run_id: str, run: WorkflowRunTypeDef, only: Only | None = None) -> RunResult:
        """Return the result of a run that has ended, by its nodes and its record."""
        record: RunRecord | NoRecord = NoRecord("the job left no record: it did not run", asked=True)
        if needs_record(run):
            record = self._records.read(pipeline, run_id)
        verdict = judge(run, record, only)
        found = record if isinstance(record, RunRecord) else None
        return self._with_cost(
            RunResult(pipeline, self._env, run_id, verdict.status, reason=verdict.reason, run=run, record=found)
        )

    def _result(self, started: Started, waited: Waited, timeout: float) -> RunResult:
        run = waited.run
        if waited.end is End.ENDED and run is not None:
            return self.ended(started.pipeline, started.run_id, run, started.only)
        goes_on = f"the run goes on: {started.run_id}, {started.named}"
        if started.begun is None:
            goes_on = _not_started(started.only)
        remedy = None
        match waited.end:
            case End.TIME_IS_UP:
                status, reason = FinalStatus.TIMED_OUT, f"not over after {in_words(timeout)}; {goes_on}"
            case End.INTERRUPTED:
                status, reason = FinalStatus.INTERRUPTED, f"interrupted; {goes_on}"
            case _:
                status = FinalStatus.UNREACHABLE
                reason = f"{waited.problem}; how the run ended is not known: {started.run_id}"
                remedy = self._aws.remedy(waited.problem) if waited.problem else None
        result = RunResult(started.pipeline, self._env, started.run_id, status, reason=reason, remedy=remedy, run=run)
        return self._with_cost(replace(result, workflow_run_id=started.workflow_run_id))

    def _with_cost(self, result: RunResult) -> RunResult:
        attempts = [attempt for node in result.nodes for attempt in node.attempts]
        cost = cost_of(attempts, self._aws.environment.price_per_dpu_hour)
        return replace(
            result, cost=cost, workflow_run_id=result.workflow_run_id or (result.run or {}).get("WorkflowRunId")
        )


def _not_started(only: Only | None) -> str:
    match only:
        case "crawl":
            return "not started: the crawler runs already"
        case "job":
            return "not started: the job is at its limit of concurrent runs"
        case None:
            return "not started: the workflow is at its limit of concurrent runs"
