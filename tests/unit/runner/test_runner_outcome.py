from __future__ import annotations

from itertools import permutations

import pytest

from runner.outcome import EXIT_CODES, GRAVEST_FIRST, WRONG_USE, FinalStatus, gravest


def test_each_final_status_has_its_exit_code() -> None:
    assert {status.name: code for status, code in EXIT_CODES.items()} == {
        "SUCCEEDED": 0,
        "STARTED": 0,
        "FAILED": 1,
        "TIMED_OUT": 3,
        "STOPPED": 4,
        "REFUSED": 5,
        "UNREACHABLE": 6,
        "INTERRUPTED": 130,
    }


def test_wrong_use_shares_its_exit_code_with_no_final_status() -> None:
    assert WRONG_USE == 2
    assert WRONG_USE not in EXIT_CODES.values()


def test_every_final_status_has_its_gravity() -> None:
    assert sorted(status.name for status in GRAVEST_FIRST) == sorted(status.name for status in FinalStatus)


@pytest.mark.parametrize(
    ("statuses", "speaks"),
    [
        (("SUCCEEDED", "FAILED", "UNREACHABLE"), "FAILED"),
        (("SUCCEEDED", "TIMED_OUT", "REFUSED"), "REFUSED"),
        (("SUCCEEDED", "STARTED", "UNREACHABLE"), "UNREACHABLE"),
        (("FAILED", "INTERRUPTED", "STOPPED"), "INTERRUPTED"),
        (("SUCCEEDED", "SUCCEEDED", "SUCCEEDED"), "SUCCEEDED"),
    ],
)
def test_gravest_status_speaks_for_all_in_any_order(statuses: tuple[str, ...], speaks: str) -> None:
    for order in permutations(statuses):
        assert gravest(FinalStatus(name) for name in order).name == speaks
