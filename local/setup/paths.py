"""Where set-up puts things: all under the project's folder. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """The folders and files of one project folder `root`."""

    root: Path

    @property
    def lake(self) -> Path:
        """All state of this machine's lake that is neither a Python nor a Node package."""
        return self.root / ".lake"

    @property
    def venv(self) -> Path:
        """The project's own Python environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The Python that everything runs on once it is installed."""
        return self.venv / "bin" / "python"

    @property
    def requirements(self) -> Path:
        """Every Python package, pinned with its hashes."""
        return self.root / "requirements-dev.txt"

    @property
    def build_requirements(self) -> Path:
        """What packages without a wheel are built with, pinned with its hashes."""
        return self.root / "requirements-build.txt"

    @property
    def node_modules(self) -> Path:
        """The CDK's command line."""
        return self.root / "node_modules"

    @property
    def jars(self) -> Path:
        """The pinned Java archives."""
        return self.lake / "jars"

    @property
    def spark_home(self) -> Path:
        """The SPARK_HOME of local jobs."""
        return self.lake / "spark-home"


PROJECT = Paths(Path(__file__).resolve().parents[2])
