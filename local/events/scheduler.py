"""EventBridge Scheduler's schedules: each is due when its expression says, and calls its target with its role.

Sources: 'Schedule types', 'Managing a schedule' and 'Configuring a schedule's dead-letter queue' in the EventBridge
Scheduler user guide. AWS is precise to the minute, this to the second. A flexible time window is used from its
beginning: the target is called when the window opens.
"""

import sys
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

from lake.schedule import At, Rate, Schedule, parse
from local.events import invocation
from local.glue.clock import Clock
from local.glue.scope import Scope
from local.ministack_events import Record, Target

MOST_RETRIES = 185
LONGEST_AGE_SECONDS = 86_400
# The guide says 'exponential backoff' and no more.
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 300.0


class Failed(Exception):
    """A call of a target failed. `code` is AWS's error code; `again` says whether another try may help."""

    def __init__(self, code: str, message: str, *, again: bool) -> None:
        super().__init__(message)
        self.code = code
        self.again = again


class Store(Protocol):
    """Where the schedules are."""

    def get(self, scope: Scope, key: str) -> Record | None:
        """The schedule `group/name` as it is now."""

    def delete(self, scope: Scope, key: str) -> None:
        """Delete it."""


@dataclass(frozen=True)
class Effects:
    """What firing does outside of itself."""

    check_role: Callable[[str, str], None]  # with the group; raises ValueError where Scheduler cannot assume it
    invoke: Callable[[Scope, Target, Mapping[str, str]], None]  # raises Failed
    dead_letter: Callable[[Scope, Target, Mapping[str, str]], None]  # with the message attributes
    count: Callable[[Scope, str, Mapping[str, str]], None]  # a metric of AWS/Scheduler
    later: Callable[[Callable[[], None]], None]


@dataclass(frozen=True)
class Plan:
    """A schedule as it stood when it was created or changed."""

    scope: Scope
    key: str
    record: Record

    @cached_property
    def schedule(self) -> Schedule:
        """Its expression, read."""
        return parse(self.record["ScheduleExpression"], self.record.get("ScheduleExpressionTimezone") or "UTC")

    def next(self, after: datetime) -> datetime | None:
        """When it is due next; after its EndDate never."""
        due = self._rate_due(after) if isinstance(self.schedule, Rate) else self.schedule.next(after)
        end = _moment(self.record.get("EndDate"))
        return None if due is None or (end is not None and due > end) else due

    def first(self) -> datetime | None:
        """When it is due first: at StartDate or later, and not before it was made or changed."""
        modified = datetime.fromtimestamp(self.record["LastModificationDate"], tz=UTC)
        start = _moment(self.record.get("StartDate")) or modified
        return self.next(max(start, modified) - timedelta(microseconds=1))

    def _rate_due(self, after: datetime) -> datetime:
        """A rate counts from StartDate, without one from the schedule's creation, when it is due at once."""
        assert isinstance(self.schedule, Rate)
        start = _moment(self.record.get("StartDate")) or datetime.fromtimestamp(self.record["CreationDate"], tz=UTC)
        if start > after:
            return start
        return start + ((after - start) // self.schedule.interval + 1) * self.schedule.interval


class Scheduler:
    """Fires the schedules of every scope."""

    def __init__(self, store: Store, clock: Clock, effects: Effects) -> None:
        self._store = store
        self._clock = clock
        self._effects = effects

    def refusal(self, name: str, request: Record) -> str | None:
        """Why CreateSchedule and UpdateSchedule do not take this, None where they do."""
        if not request.get("ScheduleExpression") or not request.get("Target"):
            return None  # MiniStack says what is missing
        try:
            parse(request["ScheduleExpression"], request.get("ScheduleExpressionTimezone") or "UTC")
        except ValueError as problem:
            return f"Invalid Schedule Expression {problem}"
        reason = invocation.refusal(request["Target"])
        if reason is not None:
            return reason
        try:
            self._effects.check_role(str(request["Target"].get("RoleArn")), request.get("GroupName", "default"))
        except ValueError as problem:
            return str(problem)
        return None

    def changed(self, scope: Scope, key: str) -> None:
        """The schedule `group/name` was created or updated: wait for its next time, if it is enabled."""
        record = self._store.get(scope, key)
        if record is not None and record.get("State", "ENABLED") == "ENABLED":
            plan = Plan(scope, key, record)
            self._wait(plan, plan.first())

    def _wait(self, plan: Plan, due: datetime | None) -> None:
        if due is not None:
            self._clock.at(due.timestamp(), lambda: self._fire(plan, due))
        elif plan.record.get("ActionAfterCompletion") == "DELETE" and self._stands(plan):
            self._store.delete(plan.scope, plan.key)

    def _stands(self, plan: Plan) -> bool:
        """Whether the schedule is still the one that was planned; a change of it makes a plan of its own."""
        return self._store.get(plan.scope, plan.key) == plan.record

    def _fire(self, plan: Plan, due: datetime) -> None:
        if not self._stands(plan):
            return
        execution = _Execution(plan, due, str(uuid.uuid4()))
        self._effects.later(lambda: self._attempt(execution, retries=0))
        # Times that passed while this machine slept are one, not many.
        now = datetime.fromtimestamp(self._clock.now(), tz=UTC)
        self._wait(plan, None if isinstance(plan.schedule, At) else plan.next(max(due, now)))

    def _attempt(self, execution: "_Execution", *, retries: int) -> None:
        scope, target = execution.plan.scope, execution.plan.record["Target"]
        try:
            self._effects.invoke(scope, target, execution.context(attempt=retries + 1))
        except Failed as problem:
            self._count(execution, "TargetErrorCount")
            pause = min(FIRST_PAUSE_SECONDS * 2**retries, LONGEST_PAUSE_SECONDS)
            exhausted = execution.exhausted(retries, self._clock.now() + pause)
            if problem.again and exhausted is None:
                self._clock.at(
                    self._clock.now() + pause,
                    lambda: self._effects.later(lambda: self._attempt(execution, retries=retries + 1)),
                )
            else:
                self._give_up(execution, problem, retries, exhausted if problem.again else None)

    def _give_up(self, execution: "_Execution", problem: Failed, retries: int, exhausted: str | None) -> None:
        record = execution.plan.record
        print(f"EventBridge Scheduler: {record['Arn']}: {problem.code}: {problem}", file=sys.stderr)
        self._count(execution, "InvocationDroppedCount")
        if record["Target"].get("DeadLetterConfig", {}).get("Arn"):
            attributes = {
                "ERROR_CODE": problem.code,
                "ERROR_MESSAGE": str(problem),
                "EXECUTION_ID": execution.id,
                "IS_PAYLOAD_TRUNCATED": "false",
                "RETRY_ATTEMPTS": str(retries),
                "SCHEDULED_TIME": execution.scheduled,
                "SCHEDULE_ARN": record["Arn"],
                "TARGET_ARN": record["Target"]["Arn"],
            }
            if exhausted is not None:
                attributes["EXHAUSTED_RETRY_CONDITION"] = exhausted
            self._effects.dead_letter(execution.plan.scope, record["Target"], attributes)

    def _count(self, execution: "_Execution", metric: str) -> None:
        self._effects.count(execution.plan.scope, metric, {"ScheduleGroup": execution.plan.record["GroupName"]})


@dataclass(frozen=True)
class _Execution:
    """One time that a schedule was due."""

    plan: Plan
    due: datetime
    id: str

    @property
    def scheduled(self) -> str:
        return self.due.isoformat(timespec="seconds").replace("+00:00", "Z")

    def context(self, *, attempt: int) -> dict[str, str]:
        return {
            "schedule-arn": self.plan.record["Arn"],
            "scheduled-time": self.scheduled,
            "execution-id": self.id,
            "attempt-number": str(attempt),
        }

    def exhausted(self, retries: int, next_try: float) -> str | None:
        """The condition of the retry policy that allows no further try, None where one is allowed."""
        policy = self.plan.record["Target"].get("RetryPolicy", {})
        if retries >= int(policy.get("MaximumRetryAttempts", MOST_RETRIES)):
            return "MaximumRetryAttempts"
        oldest = self.due.timestamp() + int(policy.get("MaximumEventAgeInSeconds", LONGEST_AGE_SECONDS))
        return "MaximumEventAgeInSeconds" if next_try > oldest else None


def _moment(seconds: Any) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(float(seconds), tz=UTC)
