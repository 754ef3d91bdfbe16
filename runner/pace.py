"""How long to wait before the next look at a run: short while the run is young, longer as it ages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Pace:
    """Bounds in seconds of the time between two looks; between them it is a share of the run's age.

    So an end is known late by at most that share of the run's length, or by `floor` where that is more. `longest` is
    how long to wait at most after a look that failed.
    """

    floor: float
    ceiling: float
    longest: float
    share: float = 0.1

    def delay(self, age: float, jitter: float) -> float:
        """Return the seconds to the next look at a run of `age` seconds; `jitter` in [0, 1) shortens them."""
        return min(max(self.share * age, self.floor), self.ceiling) * (1 - 0.1 * jitter)

    def backoff(self, failures: int, jitter: float) -> float:
        """Return the seconds to wait after `failures` failed looks in a row: doubling, half of it random."""
        return min(self.floor * 2.0 ** min(failures, 16), self.longest) * (0.5 + 0.5 * jitter)


# AWS on this machine has no request limits, and runs are short.
LOCAL: Final = Pace(floor=0.25, ceiling=1.0, longest=1.0)
# 61 looks at a run of half an hour, 107 at one of two hours (benchmarks/how_late_an_end_is_known.py).
AWS: Final = Pace(floor=2.0, ceiling=120.0, longest=30.0)
