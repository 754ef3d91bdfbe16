"""Waiting for runs: one loop over an injected clock, sleep and look; ends with each run or its time limit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from runner.errors import PASSING, AwsError
from runner.judge import has_ended
from runner.pace import Pace

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import WorkflowRunTypeDef


class End(Enum):
    """Why the waiting for a run ended."""

    ENDED = "the run ended"
    TIME_IS_UP = "the time limit came first"
    UNREACHABLE = "AWS could not be asked"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Waited:
    """How the waiting for one run ended: what was last seen of it, and why AWS could not be asked."""

    end: End
    run: WorkflowRunTypeDef | None
    problem: AwsError | None = None


@dataclass(slots=True)
class Watch:
    """One run that is waited for. `look` returns it, None where it could not start yet, or raises AwsError.

    Times are seconds of the clock. `patience`: for how many seconds on end AWS may give no answer before it is given
    up.
    """

    key: str
    look: Callable[[], WorkflowRunTypeDef | None]
    pace: Pace
    started: float
    deadline: float
    patience: float = math.inf
    due: float = 0.0
    failures: int = 0
    seen: WorkflowRunTypeDef | None = None
    problem: AwsError | None = None
    silent_since: float | None = None


def wait_for(
    watches: Sequence[Watch],
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    jitter: Callable[[], float],
    on_look: Callable[[str, WorkflowRunTypeDef], None],
    on_problem: Callable[[str, AwsError], None],
) -> Mapping[str, Waited]:
    """Look at every run, each at its pace, until all have ended or reached their time limit.

    Throttling and lost connections are tried again, as long as the watch's patience and time limit allow; what is
    denied or missing ends the waiting for that run at once. KeyboardInterrupt ends it for all that still go on, as
    INTERRUPTED.
    """
    waited: dict[str, Waited] = {}
    pending = list(watches)
    try:
        while pending:
            watch = min(pending, key=lambda candidate: candidate.due)
            if (pause := min(watch.due, watch.deadline) - clock()) > 0:
                sleep(pause)
            end = _look_once(watch, clock, jitter, on_look, on_problem)
            if end is not None:
                waited[watch.key] = Waited(end, watch.seen, watch.problem)
                pending.remove(watch)
    except KeyboardInterrupt:
        for watch in pending:
            waited[watch.key] = Waited(End.INTERRUPTED, watch.seen)
    return waited


def _look_once(
    watch: Watch,
    clock: Callable[[], float],
    jitter: Callable[[], float],
    on_look: Callable[[str, WorkflowRunTypeDef], None],
    on_problem: Callable[[str, AwsError], None],
) -> End | None:
    """Look at the run once, the last time when its time limit is reached; return the end or None to go on."""
    try:
        watch.seen = watch.look()
    except AwsError as error:
        watch.problem = error
        watch.silent_since = clock() if watch.silent_since is None else watch.silent_since
        given_up = clock() >= min(watch.deadline, watch.silent_since + watch.patience)
        if error.trouble not in PASSING or given_up:
            return End.UNREACHABLE
        watch.failures += 1
        on_problem(watch.key, error)
        watch.due = clock() + watch.pace.backoff(watch.failures, jitter())
        return None
    watch.failures, watch.problem, watch.silent_since = 0, None, None
    if watch.seen is not None:
        on_look(watch.key, watch.seen)
        if has_ended(watch.seen):
            return End.ENDED
    if clock() >= watch.deadline:
        return End.TIME_IS_UP
    watch.due = clock() + watch.pace.delay(clock() - watch.started, jitter())
    return None
