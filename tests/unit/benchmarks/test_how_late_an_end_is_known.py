from __future__ import annotations

import random

from benchmarks.how_late_an_end_is_known import benchmark, waiting_for


def test_ends_are_known_in_time_with_few_calls() -> None:
    found = benchmark(1)
    assert len(found.runs) == 500
    assert found.kept, found.as_table()


def test_lateness_is_counted_from_the_end_of_the_run() -> None:
    known = waiting_for(100.0, random.Random(1))
    assert 0 <= known.late <= 11
    assert known.calls > 20
