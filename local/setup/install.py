"""The set-up as a whole: its steps in order. Two at once on one project folder wait for each other."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import TextIO

from lake.lock import hold
from local.setup.disk import require_space
from local.setup.packages import install_packages
from local.setup.paths import Paths
from local.setup.report import say


def only_one(paths: Paths) -> AbstractContextManager[TextIO]:
    """Hold the set-up's lock."""
    return hold(
        paths.lake / "setup.lock",
        waiting=lambda holder: say(f"▸ Another set-up is at work in this folder ({holder}): waiting for it"),
    )


def only_one_run(paths: Paths) -> TextIO:
    """Hold the lock of `make run`, on into the program that takes this process's place."""
    return hold(
        paths.lake / "run.lock",
        waiting=lambda holder: say(f"▸ Another 'make run' is at work in this folder ({holder}): waiting for it"),
        kept_by_exec=True,
    )


def install_python(paths: Paths) -> None:
    """Bring the Python packages. Standard library only: it runs on the machine's Python."""
    require_space(paths)
    with only_one(paths):
        install_packages(paths)


def install_rest(paths: Paths) -> None:
    """Bring what is not Python; it runs on the venv's Python, whose packages it needs."""
    from local.setup.installed import pyspark_folder
    from local.setup.ivy import fetch_jars
    from local.setup.node import install_node_modules
    from local.setup.spark_home import build_spark_home

    require_space(paths)
    with only_one(paths):
        install_node_modules(paths)
        fetch_jars(paths)
        build_spark_home(paths, pyspark_folder())
    say("✓ Set-up: complete")


def runs_in_venv(paths: Paths, prefix: str) -> bool:
    """Whether a Python with this `sys.prefix` is the project's own."""
    return os.path.realpath(prefix) == os.path.realpath(paths.venv)
