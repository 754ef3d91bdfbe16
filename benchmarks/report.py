"""What a benchmark found: a table to read, and the same as JSON in .lake/benchmarks/."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

Unit = Literal["wall", "cpu"]
UNITS: tuple[Unit, ...] = get_args(Unit)


class Findings(Protocol):
    """What every benchmark returns."""

    @property
    def kept(self) -> bool:
        """Whether no limit is exceeded."""

    def as_table(self) -> str:
        """All of it, for people."""

    def write(self, folder: Path) -> Path:
        """Write the JSON as `<name>.json` below `folder`; return the file."""


@dataclass(frozen=True)
class Sample:
    """One run: wall-clock seconds, and CPU seconds of all its processes and of what served it."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Report:
    """Both sides' samples; ratios are those of the medians, the first side's to the second's."""

    name: str
    names: tuple[str, str]
    settings: tuple[str, str]
    samples: tuple[Sequence[Sample], Sequence[Sample]]
    agreed: str
    versions: Mapping[str, str]
    machine: str
    limit: float | None = None

    def values(self, side: int, unit: Unit) -> list[float]:
        """A side's seconds, in the order they were measured."""
        return [getattr(sample, unit) for sample in self.samples[side]]

    def ratio(self, unit: Unit) -> float:
        """How many times the second side's median the first side's is."""
        return statistics.median(self.values(0, unit)) / statistics.median(self.values(1, unit))

    @property
    def kept(self) -> bool:
        """Whether no ratio is above the limit."""
        return self.limit is None or all(self.ratio(unit) <= self.limit for unit in UNITS)

    def as_json(self) -> dict[str, Any]:
        """All that is known, as JSON types; seconds are unrounded."""
        sides = [
            {
                "name": self.names[side],
                "settings": self.settings[side],
                **{
                    f"{unit}_seconds": {
                        "median": statistics.median(self.values(side, unit)),
                        "spread": spread(self.values(side, unit)),
                        "runs": self.values(side, unit),
                    }
                    for unit in UNITS
                },
            }
            for side in (0, 1)
        ]
        return {
            "name": self.name,
            "agreed": self.agreed,
            "machine": self.machine,
            "versions": dict(self.versions),
            "sides": sides,
            "ratio": {unit: self.ratio(unit) for unit in UNITS},
            "limit": self.limit,
            "kept": self.kept,
        }

    def as_table(self) -> str:
        """The same for people: medians, spreads and ratios."""
        width = max(len(name) for name in (*self.names, "ratio"))
        lines = [f"{self.name}: {self.agreed}", f"{self.machine}; " + listed(self.versions)]
        lines += [f"{name}: {settings}" for name, settings in zip(self.names, self.settings, strict=True)]
        lines += ["", f"{'':<{width}}  {'wall median':>11}  {'spread':>6}  {'CPU median':>11}  {'spread':>6}"]
        for side, name in enumerate(self.names):
            cells = [
                f"{statistics.median(values):>9.2f} s  {spread(values):>6.0%}"
                for values in (self.values(side, unit) for unit in UNITS)
            ]
            lines.append(f"{name:<{width}}  {'  '.join(cells)}")
        ratios = "  ".join(f"{self.ratio(unit):>11.2f}  {'':>6}" for unit in UNITS)
        lines.append(f"{'ratio':<{width}}  {ratios}".rstrip())
        if self.limit is not None:
            lines.append(f"limit {self.limit:g}: {'kept' if self.kept else 'EXCEEDED'}")
        return "\n".join(lines)

    def write(self, folder: Path) -> Path:
        """Write the JSON as `<name>.json` below `folder`; return the file."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.name}.json"
        file.write_text(json.dumps(self.as_json(), indent=2) + "\n", encoding="utf-8")
        return file


def spread(values: Sequence[float]) -> float:
    """How far the values lie apart: the largest less the smallest, as a share of the median."""
    return (max(values) - min(values)) / statistics.median(values)


def listed(versions: Mapping[str, str]) -> str:
    """The versions in one line."""
    return ", ".join(f"{package} {number}" for package, number in versions.items())


def versions(*packages: str) -> dict[str, str]:
    """The versions of installed packages."""
    return {package: version(package) for package in packages}
