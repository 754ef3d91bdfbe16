from __future__ import annotations

import pytest

from runner.duration import in_words, parse_duration
from runner.errors import WrongUse


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("45m", 2700), ("2h", 7200), ("1h30m", 5400), ("1h0m5s", 3605)]
)
def test_durations_with_units_are_understood(text: str, seconds: float) -> None:
    assert parse_duration("--timeout", text) == seconds


@pytest.mark.parametrize("text", ["", "45", "m", "-5m", "1.5h", "30m1h", "0s", "5 m", "forever"])
def test_anything_else_is_wrong_use(text: str) -> None:
    with pytest.raises(WrongUse, match="--timeout"):
        parse_duration("--timeout", text)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1, "0.0 s"), (4.25, "4.2 s"), (37.4, "37 s"), (59.7, "1 min"), (725, "12 min 5 s"), (5400, "1 h 30 min")],
)
def test_seconds_are_said_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
