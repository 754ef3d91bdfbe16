"""A job run: its states and times, and how the API shows it."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from local.glue import model
from local.glue.platform import now
from local.glue.requests import Response

LIVE = frozenset({"WAITING", "STARTING", "RUNNING", "STOPPING"})
ENDED = frozenset({"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"})

LOG_GROUP = "/aws-glue/jobs"


def new_run_id() -> str:
    """`jr_` and 64 hexadecimal digits, as AWS has it."""
    return f"jr_{secrets.token_hex(32)}"


@dataclass
class JobRun:
    """One run. Its owner changes it under its lock; `stop` is set when the run is to end before its time."""

    id: str
    job: str
    role: str
    arguments: dict[str, str]
    run_arguments: dict[str, str]
    script: str
    timeout_minutes: int
    worker_type: str
    workers: int
    glue_version: str
    log_group: str
    security_configuration: str | None = None
    max_retries: int = 0
    attempt: int = 0
    previous_run_id: str | None = None
    trigger: str | None = None
    workflow: str | None = None
    workflow_run_id: str | None = None
    state: str = "STARTING"
    state_detail: str | None = None
    error: str | None = None
    started_on: float = field(default_factory=now)
    modified_on: float = field(default_factory=now)
    completed_on: float | None = None
    running_since: float | None = None
    execution_seconds: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    ended: Callable[["JobRun"], None] = lambda run: None
    retried: Callable[["JobRun"], None] = lambda run: None
    moved: Callable[["JobRun"], None] = lambda run: None
    notify_delay_after: int | None = None

    @property
    def is_retried(self) -> bool:
        """Whether another attempt follows: after FAILED only, and at most MaxRetries times."""
        return self.state == "FAILED" and self.attempt < self.max_retries

    def next_attempt(self) -> "JobRun | None":
        """The run that tries again, None where this one is not retried.

        Each attempt is a run of its own: `jr_X`, `jr_X_attempt_1`, `jr_X_attempt_2` ('get-job-runs', AWS CLI).
        """
        if not self.is_retried:
            return None
        first = self.id.partition("_attempt_")[0]
        return replace(
            self,
            id=f"{first}_attempt_{self.attempt + 1}",
            attempt=self.attempt + 1,
            previous_run_id=self.id,
            state="STARTING",
            state_detail=None,
            error=None,
            started_on=now(),
            modified_on=now(),
            completed_on=None,
            running_since=None,
            execution_seconds=0,
            stop=threading.Event(),
        )

    def move(self, state: str, *, error: str | None = None, detail: str | None = None) -> None:
        """Enter `state`; an ended run takes its times, and never moves again."""
        if self.state in ENDED:
            return
        self.state, self.error, self.state_detail, self.modified_on = state, error, detail, now()
        if state == "RUNNING":
            self.running_since = self.modified_on
        if state in ENDED:
            self.completed_on = self.modified_on
            # ExecutionTime: seconds in which the run consumed resources.
            self.execution_seconds = round(self.completed_on - (self.running_since or self.completed_on))
        self.moved(self)

    def describe(self) -> Response:
        """The run as GetJobRun and a workflow's graph show it."""
        return model.members(
            "JobRun",
            {
                "Id": self.id,
                "Attempt": self.attempt,
                "PreviousRunId": self.previous_run_id,
                "JobName": self.job,
                "JobMode": "SCRIPT",
                "TriggerName": self.trigger,
                "StartedOn": self.started_on,
                "LastModifiedOn": self.modified_on,
                "CompletedOn": self.completed_on,
                "JobRunState": self.state,
                "StateDetail": self.state_detail,
                "Arguments": self.run_arguments or None,
                "ErrorMessage": self.error,
                "PredecessorRuns": [],
                "ExecutionTime": self.execution_seconds,
                "Timeout": self.timeout_minutes,
                "MaxCapacity": float(self.workers),
                "WorkerType": self.worker_type,
                "NumberOfWorkers": self.workers,
                "SecurityConfiguration": self.security_configuration,
                "LogGroupName": self.log_group,
                "GlueVersion": self.glue_version,
                "ExecutionClass": "STANDARD",
            },
        )


def log_group(role: str, security_configuration: str | None) -> str:
    """The base of a run's log groups; `/output` and `/error` follow ('Monitoring with continuous logging')."""
    if not security_configuration:
        return LOG_GROUP
    return f"{LOG_GROUP}/{security_configuration}-role/{role.rsplit('/', 1)[-1]}"
