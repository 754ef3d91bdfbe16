"""From an installed project to a finished pipeline run on this machine. Runs on the venv's Python."""

from __future__ import annotations

import os
import time
from typing import NoReturn

import psutil

from local.setup.bootstrap import is_bootstrapped
from local.setup.paths import Paths
from local.setup.process import run
from local.setup.report import say, step

ENVIRONMENT = "local"


def start(paths: Paths) -> None:
    """Have AWS running on this machine, ready for the CDK. Raises SetupError where a step fails."""
    with step("AWS on this machine", "starting it, unless it runs"):
        run([paths.python, "-m", "local", "up"], cwd=paths.root, hint="Its log lies in .lake/emulator.")
    if not is_bootstrapped(ENVIRONMENT):
        with step("CDK bootstrap", "creating what the CDK deploys with"):
            _cdk(paths, "bootstrap")


def first_run(paths: Paths) -> NoReturn:
    """Deploy, bring samples, then become `run.py`, whose exit code and signals are then this process's."""
    with step("Stacks", "deploying those that changed"):
        _cdk(paths, "deploy")
    with step("Sample data", "bringing it into the raw bucket"):
        command = [paths.python, "-m", "samples", "--env", ENVIRONMENT]
        run(command, cwd=paths.root, hint="Run it again: it continues with what is missing.")
    # The process began as the machine's Python and has been replaced in place: its age is all that was done.
    age = time.time() - psutil.Process().create_time()
    say(f"▸ Pipeline: python run.py (all before it took {age:.0f} s)")
    os.chdir(paths.root)
    os.execv(paths.python, [str(paths.python), "run.py", "--env", ENVIRONMENT])


def _cdk(paths: Paths, command: str) -> None:
    run(
        [paths.python, "-m", "lake.cdk_cli", command, "--env", ENVIRONMENT],
        cwd=paths.root,
        hint="What went wrong stands above; the emulator's log lies in .lake/emulator.",
        quiet=True,  # hundreds of lines; `make deploy` shows them
    )
