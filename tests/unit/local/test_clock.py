import threading
import time

import pytest

from local.glue.clock import SystemClock

SECONDS = 10


def test_calls_are_made_in_the_order_of_their_times_and_not_before() -> None:
    clock, done = SystemClock(), threading.Event()
    seen: list[tuple[str, float]] = []
    start = clock.now()
    for name, after in (("last", 0.2), ("first", 0.05), ("middle", 0.1)):
        clock.at(start + after, lambda name=name: seen.append((name, clock.now())))  # type: ignore[misc] # its default
    clock.at(start + 0.3, done.set)

    assert done.wait(SECONDS)
    assert [name for name, _ in seen] == ["first", "middle", "last"]
    assert [when >= start + after for (_, when), after in zip(seen, (0.05, 0.1, 0.2), strict=True)] == [True] * 3


def test_a_time_that_has_passed_rings_at_once() -> None:
    rung = threading.Event()
    SystemClock().at(time.time() - 100, rung.set)
    assert rung.wait(SECONDS)


def test_a_call_that_raises_leaves_the_others_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    clock, done = SystemClock(), threading.Event()

    def broken() -> None:
        raise ValueError("this one is broken")

    clock.at(clock.now(), broken)
    clock.at(clock.now() + 0.05, done.set)
    assert done.wait(SECONDS)
    assert "this one is broken" in capsys.readouterr().err
