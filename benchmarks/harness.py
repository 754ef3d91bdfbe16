"""Times two sides in the order A B B A, so that a machine that grows slower or faster favours neither."""

import json
import platform
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.report import Report, Sample

ORDER = (0, 1, 1, 0)


@dataclass(frozen=True)
class Side:
    """One side: its name, the command, what is done before each run and is not timed, and its settings to print."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    settings: str
    prepare: Callable[[], None] = lambda: None


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
    served, own, start = _cpu(server), _cpu_of_children(), time.monotonic()
    done = subprocess.run(
        side.command, cwd=folder, env=dict(side.environment), capture_output=True, text=True, check=False
    )
    wall = time.monotonic() - start
    if done.returncode != 0:
        raise RuntimeError(f"{side.name} failed:\n{done.stdout}{done.stderr}")
    return _Run(Sample(wall, _cpu_of_children() - own + _cpu(server) - served), done.stdout)


def _cpu_of_children() -> float:
    """CPU seconds of the processes that this one has waited for, with all those that they have waited for."""
    times = psutil.Process().cpu_times()
    return float(times.children_user + times.children_system)


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


def load(text: str) -> dict[str, list[str]]:
    """Return the JSON object that a side printed last."""
    return dict(json.loads(text.splitlines()[-1]))
