"""A job run: its states and times, and how the API shows it."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from local.glue import model
from local.glue.jobs.capacity import Capacity
from local.glue.jobs.log_names import LogNames
from local.glue.platform import now
from local.glue.requests import Response

LIVE = frozenset({"WAITING", "STARTING", "RUNNING", "STOPPING"})
ENDED = frozenset({"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"})


def new_run_id() -> str:
    """`jr_` and 64 hexadecimal digits, as AWS has it."""
    return f"jr_{secrets.token_hex(32)}"


@dataclass(frozen=True)
class Plan:
    """All that is decided about a run before it starts; the same for each of its attempts."""

    job: str
    kind: str
    role: str
    script: str
    arguments: dict[str, str]
    run_arguments: dict[str, str]
    timeout_minutes: int
    capacity: Capacity
    glue_version: str
    execution_class: str = "STANDARD"
    queues: bool = False
    security_configuration: str | None = None
    session_policy: str | None = None
    notification: dict[str, Any] = field(default_factory=dict)
    max_retries: int = 0
    trigger: str | None = None
    workflow: str | None = None
    workflow_run_id: str | None = None

    @property
    def counts_dpu_seconds(self) -> bool:
        """Whether the run shows DPUSeconds: a FLEX run does, and one whose workers scale by themselves."""
        scales = self.arguments.get("--enable-auto-scaling") == "true"
        return self.execution_class == "FLEX" or (scales and self.kind == "glueetl")


@dataclass
class JobRun:
    """One run. Its owner changes it under its lock; `stop` is set when the run is to end before its time."""

    id: str
    plan: Plan
    logs: LogNames
    attempt: int = 0
    previous_run_id: str | None = None
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

    @property
    def notify_delay_after(self) -> int | None:
        """Minutes after which AWS tells that the run is late, where that is asked for."""
        return self.plan.notification.get("NotifyDelayAfter")

    @property
    def job(self) -> str:
        """The job's name."""
        return self.plan.job

    @property
    def is_retried(self) -> bool:
        """Whether another attempt follows: after FAILED only, and at most MaxRetries times."""
        return self.state == "FAILED" and self.attempt < self.plan.max_retries

    def give_up(self) -> None:
        """No attempt follows this one."""
        self.plan = replace(self.plan, max_retries=self.attempt)

    def next_attempt(self) -> "JobRun | None":
        """The run that tries again, None where this one is not retried.

        Each attempt is a run of its own: `jr_X`, `jr_X_attempt_1`, `jr_X_attempt_2` ('get-job-runs', AWS CLI).
        """
        if not self.is_retried:
            return None
        run_id = f"{self.id.partition('_attempt_')[0]}_attempt_{self.attempt + 1}"
        stream = run_id if self.logs.stream == self.id else self.logs.stream
        return JobRun(
            id=run_id,
            plan=self.plan,
            logs=replace(self.logs, stream=stream),
            attempt=self.attempt + 1,
            previous_run_id=self.id,
            ended=self.ended,
            retried=self.retried,
            moved=self.moved,
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
        """The run as GetJobRun and a workflow's graph show it.

        Arguments are those that the run was started with, not the merged ones: AWS documents neither, and its samples
        have runs without any.
        """
        plan = self.plan
        return model.members(
            "JobRun",
            {
                "Id": self.id,
                "Attempt": self.attempt,
                "PreviousRunId": self.previous_run_id,
                "JobName": plan.job,
                "JobMode": "SCRIPT",
                "JobRunQueuingEnabled": plan.queues,
                "TriggerName": plan.trigger,
                "StartedOn": self.started_on,
                "LastModifiedOn": self.modified_on,
                "CompletedOn": self.completed_on,
                "JobRunState": self.state,
                "StateDetail": self.state_detail,
                "Arguments": plan.run_arguments or None,
                "ErrorMessage": self.error,
                "PredecessorRuns": [],
                "ExecutionTime": self.execution_seconds,
                "Timeout": plan.timeout_minutes,
                **plan.capacity.describe(),
                "NotificationProperty": plan.notification or None,
                "SecurityConfiguration": plan.security_configuration,
                "LogGroupName": self.logs.base,
                "GlueVersion": plan.glue_version,
                "DPUSeconds": self._dpu_seconds(),
                "ExecutionClass": plan.execution_class,
                "ExecutionRoleSessionPolicy": plan.session_policy,
            },
        )

    def _dpu_seconds(self) -> float | None:
        """The seconds of every worker by its DPUs. Here no worker joins or leaves a run: all count all the time."""
        if not self.plan.counts_dpu_seconds or self.completed_on is None:
            return None
        return self.execution_seconds * self.plan.capacity.dpus
