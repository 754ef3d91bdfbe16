"""Times two sides in the order A B B A, so that a machine that grows slower or faster favours neither."""

import json
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Sample:
    """One run: wall-clock seconds, and CPU seconds of the command's processes and the emulator's."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Side:
    """One side: its name, the command, what is done before each run and is not timed, and its settings to print."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    prepare: Callable[[], None]
    settings: str


def time_once(side: Side, *, folder: Path, emulator: int) -> Sample:
    """Run a side once. Raises RuntimeError with what it printed where it fails."""
    side.prepare()
    served = psutil.Process(emulator)
    before, start = _cpu(served), time.monotonic()
    process = psutil.Popen(
        side.command,
        cwd=folder,
        env=dict(side.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    own = psutil.Process().cpu_times()
    output, _ = process.communicate()
    wall = time.monotonic() - start
    ended = psutil.Process().cpu_times()
    if process.returncode != 0:
        raise RuntimeError(f"{side.name} failed:\n{output}")
    used = ended.children_user + ended.children_system - own.children_user - own.children_system
    return Sample(wall=wall, cpu=used + _cpu(served) - before)


def _cpu(process: psutil.Process) -> float:
    """CPU seconds of a process and of its descendants that have ended."""
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def compare(
    a: Side, b: Side, *, rounds: int, folder: Path, emulator: int, check: Callable[[], str]
) -> dict[str, object]:
    """Time both sides A B B A as often as `rounds`; `check` runs once both have run, raises where they differ.

    Prints a table, and returns the same as JSON types.
    """
    samples: dict[str, list[Sample]] = {a.name: [], b.name: []}
    agreed = ""
    for number in range(rounds):
        for side in (a, b, b, a):
            sample = time_once(side, folder=folder, emulator=emulator)
            samples[side.name].append(sample)
            print(f"  round {number + 1}: {side.name}: {sample.wall:.1f} s wall, {sample.cpu:.1f} s CPU", flush=True)
            if not agreed and all(samples.values()):
                agreed = check()
    return _report(a, b, samples, agreed)


def _report(a: Side, b: Side, samples: Mapping[str, list[Sample]], agreed: str) -> dict[str, object]:
    figures: dict[str, object] = {"results": agreed, "machine": _machine()}
    print(f"\nboth sides gave the same: {agreed}")
    for side in (a, b):
        print(f"{side.name}: {side.settings}")
    print(f"machine: {_machine()}\n")
    for unit in ("wall", "cpu"):
        medians = []
        for side in (a, b):
            values = sorted(getattr(sample, unit) for sample in samples[side.name])
            medians.append(statistics.median(values))
            figures[f"{side.name} {unit} s"] = values
            print(f"{side.name:<24} {unit:<5} median {medians[-1]:6.1f} s   from {values[0]:.1f} to {values[-1]:.1f}")
        figures[f"{unit} ratio"] = round(medians[0] / medians[1], 2)
        print(f"{'ratio':<24} {unit:<5} {medians[0] / medians[1]:.2f}\n")
    print(json.dumps(figures))
    return figures


def _machine() -> str:
    return f"{psutil.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def versions(*packages: str) -> str:
    """The versions of installed packages, to be printed."""
    return ", ".join(f"{package} {version(package)}" for package in packages)
