"""Times two sides in the order A B B A, so that a machine that grows slower or faster favours neither."""

import json
import platform
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.report import Report, Sample

ORDER = (0, 1, 1, 0)


@dataclass(frozen=True)
class Side:
    """One side: its name, the command, what is done before each run and is not timed, and its settings to print.

    `call` is called instead of a command: it returns what it printed, and its seconds. `ended_at` finds the time at
    which a command had its result in what it printed, where that is not its end (seconds since the epoch).
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    settings: str
    prepare: Callable[[], None] = lambda: None
    call: Callable[[], tuple[str, float]] | None = None
    ended_at: Callable[[str], float] | None = None


@dataclass(frozen=True)
class Comparison:
    """Two sides whose results are the same, and how many times the first may take of the second.

    `check` gets what both printed on stdout; it returns what they agree on, in words, and raises RuntimeError where
    they differ. `served_by` is a process that works for both besides their own: the emulator.
    """

    name: str
    sides: tuple[Side, Side]
    check: Callable[[str, str], str]
    versions: Mapping[str, str]
    limit: float | None = None
    served_by: int | None = None


def compare(comparison: Comparison, *, rounds: int, folder: Path) -> Report:
    """Run each side once and check that both gave the same; then time them A B B A, as often as `rounds`.

    The first runs are not counted: they fill caches. Raises RuntimeError where a side fails, or they differ.
    """
    warm = [_run(side, folder, comparison.served_by) for side in comparison.sides]
    agreed = comparison.check(warm[0].output, warm[1].output)
    print(f"{comparison.name}: both sides gave the same: {agreed}", flush=True)
    samples: tuple[list[Sample], list[Sample]] = ([], [])
    for number in range(rounds):
        for turn in ORDER:
            sample = _run(comparison.sides[turn], folder, comparison.served_by).sample
            samples[turn].append(sample)
            shown = f"{sample.wall:.2f} s wall, {sample.cpu:.2f} s CPU"
            print(f"  round {number + 1}: {comparison.sides[turn].name}: {shown}", flush=True)
    return Report(
        name=comparison.name,
        names=(comparison.sides[0].name, comparison.sides[1].name),
        settings=(comparison.sides[0].settings, comparison.sides[1].settings),
        samples=samples,
        agreed=agreed,
        versions=comparison.versions,
        machine=machine(),
        limit=comparison.limit,
    )


@dataclass(frozen=True)
class _Run:
    sample: Sample
    output: str


def _run(side: Side, folder: Path, served_by: int | None) -> _Run:
    """Run a side once. Raises RuntimeError with what it printed where it fails."""
    side.prepare()
    server = None if served_by is None else psutil.Process(served_by)
    served, own = _cpu(server), _own_cpu()
    output, wall = _command(side, folder) if side.call is None else side.call()
    return _Run(Sample(wall, _own_cpu() - own + _cpu(server) - served), output)


def _command(side: Side, folder: Path) -> tuple[str, float]:
    """What a side's command printed, and how long it took to its end, or to its result."""
    started_at, start = time.time(), time.monotonic()
    done = subprocess.run(
        side.command, cwd=folder, env=dict(side.environment), capture_output=True, text=True, check=False
    )
    wall = time.monotonic() - start
    if done.returncode != 0:
        raise RuntimeError(f"{side.name} failed:\n{done.stdout}{done.stderr}")
    return done.stdout, wall if side.ended_at is None else side.ended_at(done.stdout) - started_at


def _own_cpu() -> float:
    """CPU seconds of this process, of those that it has waited for, and of all that they have waited for."""
    times = psutil.Process().cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _cpu(process: psutil.Process | None) -> float:
    """CPU seconds of a process, of its descendants that have ended, and of those that have not."""
    if process is None:
        return 0.0
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def machine() -> str:
    """What it was measured on."""
    return f"{psutil.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def load(text: str) -> dict[str, Any]:
    """Return the JSON object that a side printed last."""
    return dict(json.loads(text.splitlines()[-1]))
