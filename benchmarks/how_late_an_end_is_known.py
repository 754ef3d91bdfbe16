"""How long after a run's end the runner knows of it, and how often it asked: the waiting itself, on a clock of its own.

500 runs in AWS, their lengths from 20 seconds to 2 hours evenly over the logarithm; jitter as in use. A look takes the
time that is given below. Nothing here is measured time: the same seed gives the same numbers on every machine.
"""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from runner.pace import AWS
from runner.wait import Watch, wait_for

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import WorkflowRunTypeDef

NAME: Final = "how_late_an_end_is_known"
RUNS: Final = 500
SHORTEST: Final = 20.0
LONGEST: Final = 7200.0
LOOK_SECONDS: Final = 0.2
SEED: Final = 2013

# At most this share of the run's length, or these seconds where that is more, at the 95th percentile.
LATE_SHARE: Final = 0.10
LATE_SECONDS: Final = 2.0
HALF_AN_HOUR: Final = 1800.0
CALLS_IN_HALF_AN_HOUR: Final = 70


@dataclass(frozen=True)
class Known:
    """One run: its length, how late its end was known, both in seconds, and the GetWorkflowRun calls until then."""

    length: float
    late: float
    calls: int

    @property
    def allowed(self) -> float:
        """How late it may be."""
        return max(LATE_SHARE * self.length, LATE_SECONDS)


@dataclass(frozen=True)
class Lateness:
    """All runs, and those of half an hour."""

    runs: tuple[Known, ...]
    half_hours: tuple[Known, ...]

    @property
    def share_at_95(self) -> float:
        """95th percentile of the delay as a share of what is allowed."""
        shares = sorted(run.late / run.allowed for run in self.runs)
        return shares[math.ceil(0.95 * len(shares)) - 1]

    @property
    def most_calls(self) -> int:
        """The most calls of a run of half an hour."""
        return max(run.calls for run in self.half_hours)

    @property
    def kept(self) -> bool:
        """Whether both limits are kept."""
        return self.share_at_95 <= 1 and self.most_calls <= CALLS_IN_HALF_AN_HOUR

    def as_json(self) -> dict[str, Any]:
        """All that is known, as JSON types."""
        return {
            "name": NAME,
            "runs": [[run.length, run.late, run.calls] for run in self.runs],
            "delay_at_95_of_allowed": self.share_at_95,
            "most_calls_in_half_an_hour": self.most_calls,
            "kept": self.kept,
        }

    def as_table(self) -> str:
        """The same for people, by length."""
        lines = [
            f"{NAME}: {len(self.runs)} runs of {SHORTEST:.0f} s to {LONGEST / 3600:.0f} h, seed {SEED}",
            f"pace: a look each {AWS.share:.0%} of the run's age, within {AWS.floor:g} and {AWS.ceiling:g} s",
            "",
            f"{'length':>14}  {'runs':>4}  {'late, median':>12}  {'late, worst':>11}  {'of length':>9}  {'calls':>5}",
        ]
        edges = (SHORTEST, 60.0, 300.0, 1200.0, LONGEST)
        for low, high in pairwise(edges):
            runs = sorted((run for run in self.runs if low <= run.length < high), key=lambda run: run.late)
            worst = max(run.late / run.length for run in runs)
            lines.append(
                f"{low:>5.0f} to {high:>4.0f} s  {len(runs):>4}  {runs[len(runs) // 2].late:>10.1f} s  "
                f"{runs[-1].late:>9.1f} s  {worst:>9.1%}  {max(run.calls for run in runs):>5}"
            )
        verdict = "kept" if self.kept else "EXCEEDED"
        lines += [
            "",
            f"late at the 95th percentile: {self.share_at_95:.2f} of what is allowed "
            f"({LATE_SHARE:.0%} of the length, {LATE_SECONDS:g} s at least)",
            f"calls in half an hour: at most {self.most_calls}, allowed {CALLS_IN_HALF_AN_HOUR}",
            f"limits: {verdict}",
        ]
        return "\n".join(lines)

    def write(self, folder: Path) -> Path:
        """Write the JSON as `<name>.json` below `folder`; return the file."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{NAME}.json"
        file.write_text(json.dumps(self.as_json(), indent=2) + "\n", encoding="utf-8")
        return file


def benchmark(rounds: int) -> Lateness:
    """Run it; more `rounds` would change nothing."""
    chance = random.Random(SEED)
    lengths = [SHORTEST * (LONGEST / SHORTEST) ** chance.random() for _ in range(RUNS)]
    known = tuple(waiting_for(length, chance) for length in lengths)
    return Lateness(known, tuple(waiting_for(HALF_AN_HOUR, chance) for _ in range(RUNS)))


def waiting_for(length: float, chance: random.Random) -> Known:
    """Wait for one run of `length` seconds as run.py does in AWS."""
    now, calls = 0.0, 0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    def look() -> WorkflowRunTypeDef:
        nonlocal now, calls
        calls += 1
        seen: WorkflowRunTypeDef = {"Status": "COMPLETED" if now >= length else "RUNNING"}
        now += LOOK_SECONDS
        return seen

    wait_for(
        [Watch(key="run", look=look, pace=AWS, started=0.0, deadline=math.inf)],
        clock=lambda: now,
        sleep=sleep,
        jitter=chance.random,
        on_look=lambda key, run: None,
        on_problem=lambda key, error: None,
    )
    return Known(length, now - length, calls)
