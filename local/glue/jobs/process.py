"""What the process of a run's script is started with; a Spark job has a JVM besides."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.settings import HOST, client_environment

PACKAGE = Path(__file__).parent


@dataclass(frozen=True)
class ScriptProcess:
    """A Python shell job's process; `py_files` are the archives and modules that the run brought."""

    folder: Path
    endpoint: str
    py_files: list[Path]
    script: Path
    command_line: list[str]

    @property
    def error_file(self) -> Path:
        """Where the script's error is, if it raised."""
        return self.folder / ".error"

    def plan(self) -> dict[str, object]:
        """What `supervisor.py` reads."""
        return {"folder": str(self.folder), "java": self.java(), "python": self.python()}

    def python(self) -> list[str]:
        """The command of the script's process."""
        driver = [sys.executable, str(PACKAGE / "driver.py"), str(self.error_file)]
        return [*driver, str(self.script), *self.command_line]

    def java(self) -> list[str] | None:
        """The command of Spark's JVM; None for a job without Spark."""
        return None

    def environment(self, credentials: Mapping[str, str]) -> dict[str, str]:
        """The environment of the run's processes: this machine's endpoint and the role's credentials, no other keys."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
        return {
            **kept,
            **client_environment(self.endpoint),
            **credentials,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "HOME": str(self.folder),
            "NO_PROXY": HOST,
            "PYTHONPATH": os.pathsep.join(str(path) for path in self.py_files),
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(self.folder / "scratch"),
        }

    def succeeded(self) -> None:
        """Called when the run has succeeded, while its folder is still there."""
