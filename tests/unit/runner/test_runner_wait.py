from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from runner.errors import AwsError, Trouble
from runner.pace import AWS, LOCAL, Pace
from runner.wait import End, Waited, Watch, wait_for
from tests.unit.runner.fake_time import FakeTime
from tests.unit.runner.workflow_runs import completed, crawl, job_run, workflow_run

RUNNING = workflow_run("RUNNING", crawls=[crawl()], jobs=[job_run("RUNNING")])


def ends_at(time: FakeTime, at: float, looks: list[float]) -> Callable[[], Any]:
    def look() -> Any:
        looks.append(time.now)
        return completed() if time.now >= at else RUNNING

    return look


def fails_with(trouble: Trouble) -> Callable[[], Any]:
    def look() -> Any:
        raise AwsError(trouble, "look", trouble.value)

    return look


def wait(time: FakeTime, *watches: Watch) -> dict[str, Waited]:
    return dict(
        wait_for(
            watches,
            clock=time.clock,
            sleep=time.sleep,
            jitter=lambda: 0.0,
            on_look=lambda key, run: None,
            on_problem=lambda key, error: None,
        )
    )


def watch(time: FakeTime, look: Callable[[], Any], *, key: str = "a", limit: float = 3600, pace: Pace = AWS) -> Watch:
    return Watch(key=key, look=look, pace=pace, started=time.now, deadline=time.now + limit)


@pytest.mark.parametrize("length", [20, 90, 300, 1800, 7200])
def test_end_is_known_within_a_tenth_of_the_length(fake_time: FakeTime, length: float) -> None:
    looks: list[float] = []
    waited = wait(fake_time, watch(fake_time, ends_at(fake_time, 1000 + length, looks), limit=9000))
    assert waited["a"].end is End.ENDED
    assert 0 <= looks[-1] - (1000 + length) <= 0.1 * length


@pytest.mark.parametrize("pace", [LOCAL, AWS])
def test_delay_never_exceeds_its_bounds(pace: Pace) -> None:
    for age in (0, 0.1, 5, 60, 600, 1e6):
        for jitter in (0.0, 0.999):
            delay = pace.delay(age, jitter)
            assert 0.9 * pace.floor <= delay <= pace.ceiling
            assert delay <= max(0.1 * age, pace.floor)


def test_local_runs_are_looked_at_at_least_every_second(fake_time: FakeTime) -> None:
    wait(fake_time, watch(fake_time, ends_at(fake_time, 1060, []), pace=LOCAL))
    assert max(fake_time.slept) <= 1.0


def test_backoff_grows_up_to_the_ceiling_and_no_further() -> None:
    delays = [AWS.backoff(failures, 0.999) for failures in range(1, 40)]
    assert delays == sorted(delays)
    assert delays[-1] <= AWS.longest


def test_time_limit_ends_the_waiting_with_a_last_look(fake_time: FakeTime) -> None:
    looks: list[float] = []
    waited = wait(fake_time, watch(fake_time, ends_at(fake_time, 1e9, looks), limit=100))
    assert waited["a"] == Waited(End.TIME_IS_UP, RUNNING)  # type: ignore[arg-type]  # a plain dictionary
    assert looks[-1] == 1100


def test_run_that_ends_just_before_the_time_limit_has_ended(fake_time: FakeTime) -> None:
    waited = wait(fake_time, watch(fake_time, ends_at(fake_time, 1099.9, []), limit=100))
    assert waited["a"].end is End.ENDED


@pytest.mark.parametrize("trouble", [Trouble.THROTTLED, Trouble.NOT_SENT, Trouble.TRANSIENT])
def test_lost_network_and_throttling_are_survived(fake_time: FakeTime, trouble: Trouble) -> None:
    failing = fails_with(trouble)

    def look() -> Any:
        return failing() if fake_time.now < 1200 else completed()

    assert wait(fake_time, watch(fake_time, look))["a"].end is End.ENDED


def test_network_lost_for_longer_than_the_patience_is_unreachable(fake_time: FakeTime) -> None:
    impatient = watch(fake_time, fails_with(Trouble.TRANSIENT), limit=3600, pace=LOCAL)
    impatient.patience = 15
    assert wait(fake_time, impatient)["a"].end is End.UNREACHABLE
    assert 15 <= sum(fake_time.slept) < 30


def test_network_lost_to_the_end_is_unreachable_at_the_time_limit(fake_time: FakeTime) -> None:
    waited = wait(fake_time, watch(fake_time, fails_with(Trouble.NOT_SENT), limit=100))
    assert waited["a"].end is End.UNREACHABLE
    assert fake_time.now == 1100


@pytest.mark.parametrize("trouble", [Trouble.DENIED, Trouble.MISSING, Trouble.CREDENTIALS, Trouble.OTHER])
def test_what_will_not_pass_is_not_tried_again(fake_time: FakeTime, trouble: Trouble) -> None:
    waited = wait(fake_time, watch(fake_time, fails_with(trouble)))
    assert waited["a"].end is End.UNREACHABLE
    assert fake_time.slept == []


def test_unknown_state_is_waited_for_until_its_end(fake_time: FakeTime) -> None:
    states = ["HIBERNATING", "HIBERNATING", "RUNNING", "COMPLETED"]

    def look() -> Any:
        return completed(Status=states.pop(0) if len(states) > 1 else states[0])

    assert wait(fake_time, watch(fake_time, look))["a"].end is End.ENDED
    assert states == ["COMPLETED"]


def test_one_run_does_not_hold_up_another(fake_time: FakeTime) -> None:
    short: list[float] = []
    waited = wait(
        fake_time,
        watch(fake_time, ends_at(fake_time, 5000, []), key="long", limit=9000),
        watch(fake_time, ends_at(fake_time, 1020, short), key="short"),
    )
    assert {key: one.end for key, one in waited.items()} == {"long": End.ENDED, "short": End.ENDED}
    assert short[-1] <= 1023


def test_interrupt_ends_the_waiting_for_all_that_go_on(fake_time: FakeTime) -> None:
    fake_time.interrupt_at = 1100
    waited = wait(
        fake_time,
        watch(fake_time, ends_at(fake_time, 1010, []), key="over"),
        watch(fake_time, ends_at(fake_time, 1e9, []), key="going"),
    )
    assert {key: one.end for key, one in waited.items()} == {"over": End.ENDED, "going": End.INTERRUPTED}
