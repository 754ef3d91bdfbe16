"""EventBridge Scheduler on a clock that the test moves."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.events.scheduler import Effects, Failed, Scheduler
from local.glue.scope import Scope
from local.ministack_events import Record, Target
from tests.unit.local.workflows.world import FakeClock

SCOPE = Scope(account="000000000000", region="us-east-1")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
START_RUN = "arn:aws:scheduler:::aws-sdk:glue:startWorkflowRun"
ROLE = "arn:aws:iam::000000000000:role/starts"
QUEUE = "arn:aws:sqs:us-east-1:000000000000:dead"


class World:
    """A scheduler with its surroundings: what it called and when, and what it gave up."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOON.timestamp())
        self.records: dict[str, Record] = {}
        self.calls: list[tuple[str, Mapping[str, str]]] = []
        self.letters: list[Mapping[str, str]] = []
        self.counts: list[str] = []
        self.fails: list[Failed] = []
        effects = Effects(
            check_role=self._check_role,
            invoke=self._invoke,
            dead_letter=lambda scope, target, attributes: self.letters.append(attributes),
            count=lambda scope, metric, dimensions: self.counts.append(f"{metric} {dimensions['ScheduleGroup']}"),
            later=lambda call: call(),
        )
        self.scheduler = Scheduler(self, self.clock, effects)

    def get(self, scope: Scope, key: str) -> Record | None:
        return self.records.get(key)

    def delete(self, scope: Scope, key: str) -> None:
        del self.records[key]

    def create(self, expression: str, **members: Any) -> None:
        target = {"Arn": START_RUN, "RoleArn": ROLE, "Input": '{"Name": "w"}', **members.pop("Target", {})}
        created = self.records.get("default/s", {}).get("CreationDate", self.clock.now())
        self.records["default/s"] = {
            "Arn": "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s",
            "Name": "s", "GroupName": "default", "ScheduleExpression": expression, "State": "ENABLED",
            "Target": target, "CreationDate": created, "LastModificationDate": self.clock.now(), **members,
        }  # fmt: skip
        self.scheduler.changed(SCOPE, "default/s")

    def move_to(self, moment: datetime) -> None:
        self.clock.forward(moment.timestamp() - self.clock.time)

    @property
    def times(self) -> list[str]:
        return [when for when, _ in self.calls]

    def _check_role(self, role_arn: str, group: str) -> None:
        if role_arn != ROLE:
            raise ValueError("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")

    def _invoke(self, scope: Scope, target: Target, context: Mapping[str, str]) -> None:
        moment = datetime.fromtimestamp(self.clock.now(), tz=UTC)
        self.calls.append((moment.strftime("%d %H:%M:%S"), context))
        if self.fails:
            raise self.fails.pop(0)


@pytest.fixture
def world() -> World:
    return World()


def test_a_cron_schedule_calls_its_target_each_time_that_it_is_due(world: World) -> None:
    world.create("cron(0 6 * * ? *)")
    world.move_to(NOON + timedelta(days=2))
    assert world.times == ["24 06:00:00", "25 06:00:00"]


def test_a_schedule_is_due_on_the_clock_of_its_time_zone(world: World) -> None:
    world.create("cron(0 6 * * ? *)", ScheduleExpressionTimezone="America/New_York")
    world.move_to(NOON + timedelta(days=1))
    assert world.times == ["24 11:00:00"]


def test_a_rate_is_due_at_once_and_then_at_its_interval(world: World) -> None:
    world.create("rate(5 minutes)")
    world.move_to(NOON + timedelta(minutes=12))
    assert world.times == ["23 12:00:00", "23 12:05:00", "23 12:10:00"]


def test_a_rate_with_a_start_date_counts_from_it(world: World) -> None:
    world.create("rate(1 hour)", StartDate=(NOON + timedelta(minutes=30)).timestamp())
    world.move_to(NOON + timedelta(hours=2))
    assert world.times == ["23 12:30:00", "23 13:30:00"]


def test_a_schedule_is_not_due_before_its_start_nor_after_its_end(world: World) -> None:
    start, end = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    world.create("cron(0/30 * * * ? *)", StartDate=start.timestamp(), EndDate=end.timestamp())
    world.move_to(NOON + timedelta(days=1))
    assert world.times == ["23 13:00:00", "23 13:30:00", "23 14:00:00"]


def test_a_one_time_schedule_calls_once_and_is_kept(world: World) -> None:
    world.create("at(2026-11-23T12:00:10)")
    world.move_to(NOON + timedelta(days=1))
    assert world.times == ["23 12:00:10"]
    assert "default/s" in world.records


def test_a_schedule_that_is_to_be_deleted_after_completion_is_gone_when_its_last_time_was(world: World) -> None:
    world.create("at(2026-11-23T12:00:10)", ActionAfterCompletion="DELETE")
    world.move_to(NOON + timedelta(seconds=5))
    assert "default/s" in world.records
    world.move_to(NOON + timedelta(seconds=11))
    assert world.times == ["23 12:00:10"]
    assert world.records == {}


def test_a_one_time_schedule_of_the_past_never_calls(world: World) -> None:
    world.create("at(2026-11-23T11:59:59)")
    world.move_to(NOON + timedelta(days=1))
    assert world.calls == []


def test_a_disabled_schedule_never_calls(world: World) -> None:
    world.create("rate(1 minute)", State="DISABLED")
    world.move_to(NOON + timedelta(hours=1))
    assert world.calls == []


def test_an_updated_schedule_follows_its_new_expression_only(world: World) -> None:
    world.create("cron(0/10 * * * ? *)")
    world.move_to(NOON + timedelta(minutes=11))
    world.create("cron(15 * * * ? *)")
    world.move_to(NOON + timedelta(minutes=59))
    assert world.times == ["23 12:00:00", "23 12:10:00", "23 12:15:00"]


def test_a_schedule_that_is_disabled_or_deleted_calls_no_more(world: World) -> None:
    world.create("rate(1 minute)")
    world.create("rate(1 minute)", State="DISABLED")
    world.move_to(NOON + timedelta(minutes=2))
    world.create("rate(1 minute)")
    world.delete(SCOPE, "default/s")
    world.move_to(NOON + timedelta(minutes=5))
    assert world.calls == []


def test_times_that_passed_while_the_machine_slept_are_one_call(world: World) -> None:
    world.create("cron(0/10 * * * ? *)")
    world.clock.time = (NOON + timedelta(hours=3, minutes=1)).timestamp()
    world.move_to(NOON + timedelta(hours=3, minutes=20))
    assert world.times == ["23 15:01:00", "23 15:10:00", "23 15:20:00"]


def test_a_call_carries_the_context_of_its_schedule(world: World) -> None:
    world.create("cron(30 12 * * ? *)")
    world.move_to(NOON + timedelta(hours=1))
    ((_, context),) = world.calls
    assert context.pop("execution-id")  # type: ignore[attr-defined] # a dict, as the scheduler makes it
    assert context == {
        "schedule-arn": "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s",
        "scheduled-time": "2026-11-23T12:30:00Z",
        "attempt-number": "1",
    }


def test_a_call_that_may_succeed_later_is_tried_again_with_growing_pauses(world: World) -> None:
    world.create("at(2026-11-23T12:00:00)")
    world.fails = [Failed("ThrottlingException", "slower", again=True) for _ in range(3)]
    world.move_to(NOON + timedelta(minutes=1))
    assert world.times == ["23 12:00:00", "23 12:00:01", "23 12:00:03", "23 12:00:07"]
    assert [context["attempt-number"] for _, context in world.calls] == ["1", "2", "3", "4"]
    assert world.counts == ["TargetErrorCount default"] * 3


def test_after_its_last_retry_a_call_becomes_a_dead_letter(world: World) -> None:
    policy = {"RetryPolicy": {"MaximumRetryAttempts": 2}, "DeadLetterConfig": {"Arn": QUEUE}}
    world.create("at(2026-11-23T12:00:00)", Target=policy)
    world.fails = [Failed("InternalServiceException", "broken", again=True) for _ in range(9)]
    world.move_to(NOON + timedelta(hours=1))
    assert len(world.calls) == 3
    (letter,) = world.letters
    assert letter["EXECUTION_ID"] == world.calls[0][1]["execution-id"]
    assert {name: value for name, value in letter.items() if name != "EXECUTION_ID"} == {
        "ERROR_CODE": "InternalServiceException",
        "ERROR_MESSAGE": "broken",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": "2",
        "SCHEDULED_TIME": "2026-11-23T12:00:00Z",
        "SCHEDULE_ARN": "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s",
        "TARGET_ARN": START_RUN,
    }
    assert world.counts[-1] == "InvocationDroppedCount default"


def test_a_call_is_not_tried_when_it_has_become_too_old(world: World) -> None:
    policy = {"RetryPolicy": {"MaximumEventAgeInSeconds": 60}, "DeadLetterConfig": {"Arn": QUEUE}}
    world.create("at(2026-11-23T12:00:00)", Target=policy)
    world.fails = [Failed("InternalServiceException", "broken", again=True) for _ in range(99)]
    world.move_to(NOON + timedelta(hours=1))
    assert world.times[-1] == "23 12:00:31"
    assert [letter["EXHAUSTED_RETRY_CONDITION"] for letter in world.letters] == ["MaximumEventAgeInSeconds"]


def test_a_call_that_cannot_succeed_is_given_up_at_once(world: World) -> None:
    world.create("at(2026-11-23T12:00:00)", Target={"DeadLetterConfig": {"Arn": QUEUE}})
    world.fails = [Failed("EntityNotFoundException", "no such workflow", again=False)]
    world.move_to(NOON + timedelta(hours=1))
    assert len(world.calls) == 1
    (letter,) = world.letters
    assert (letter["ERROR_CODE"], letter["RETRY_ATTEMPTS"]) == ("EntityNotFoundException", "0")
    assert "EXHAUSTED_RETRY_CONDITION" not in letter


def test_a_failed_call_does_not_end_its_schedule(world: World) -> None:
    world.create("cron(0/10 * * * ? *)")
    world.fails = [Failed("EntityNotFoundException", "not yet", again=False)]
    world.move_to(NOON + timedelta(minutes=20))
    assert world.times == ["23 12:00:00", "23 12:10:00", "23 12:20:00"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, None),
        ({"ScheduleExpression": "cron(0 6 * * * *)"}, "Invalid Schedule Expression"),
        ({"ScheduleExpressionTimezone": "Berlin"}, "'Berlin' is no time zone"),
        ({"Target": {"Arn": "arn:aws:scheduler:::aws-sdk:glue:getTables"}}, "is a read-only action"),
        ({"Target": {"Arn": "arn:aws:scheduler:::aws-sdk:glue:startRun"}}, "which glue has not"),
        ({"Target": {"Arn": "arn:aws:scheduler:::aws-sdk:glu:startRun"}}, "which there is not"),
        ({"Target": {"Arn": "arn:aws:scheduler:::aws-sdk:glue"}}, "is not in the form"),
        ({"Target": {"Arn": "arn:aws:ecs:us-east-1:000000000000:cluster/c"}}, "is no target on this machine"),
        ({"Target": {"Arn": START_RUN, "Input": "{}"}}, 'Missing required parameter in input: "Name"'),
        ({"Target": {"Arn": START_RUN, "Input": '{"name": "w"}'}}, 'Unknown parameter in input: "name"'),
        ({"Target": {"Arn": START_RUN, "Input": "w"}}, "Expecting value"),
        ({"Target": {"Arn": START_RUN, "RoleArn": "arn:aws:iam::000000000000:role/other"}}, "assume the role"),
        ({"Target": {"Arn": "arn:aws:sqs:us-east-1:000000000000:q"}}, None),
        ({"Target": {"Arn": "arn:aws:scheduler:::aws-sdk:glue:startCrawler", "Input": '{"Name": "c"}'}}, None),
    ],
)
def test_a_schedule_that_could_never_work_is_refused(world: World, change: dict[str, Any], said: str | None) -> None:
    target = {"Arn": START_RUN, "RoleArn": ROLE, "Input": '{"Name": "w"}', **change.pop("Target", {})}
    request = {"ScheduleExpression": "cron(0 6 * * ? *)", "Target": target, **change}
    reason = world.scheduler.refusal("s", request)
    if said is None:
        assert reason is None
    else:
        assert reason is not None
        assert said in reason
