#!/usr/bin/env python3
"""Starts a pipeline of the lake, waits for its end, reports it, and exits with its outcome."""

import os
import sys
from pathlib import Path
from typing import NoReturn

VENV = Path(__file__).resolve().parent / ".venv"


def go_on_in_the_venv() -> NoReturn:
    """Become the same command on the Python that has the packages; exit 2 where they are not installed."""
    python = VENV / "bin" / "python"
    if Path(sys.prefix) == VENV or not python.exists():
        print("error: packages are missing in .venv; to install them: make setup", file=sys.stderr)
        raise SystemExit(2)
    os.execv(python, [str(python), *sys.argv])


if sys.version_info[:2] != (3, 11):  # another Python may stumble over the code itself
    go_on_in_the_venv()

try:
    from runner.cli import main
except ModuleNotFoundError:
    go_on_in_the_venv()

if __name__ == "__main__":
    main()
