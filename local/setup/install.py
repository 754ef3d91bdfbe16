"""The set-up as a whole: its steps in order. Two at once on one project folder wait for each other."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from local.setup.packages import install_packages
from local.setup.paths import Paths
from local.setup.report import say


@contextmanager
def only_one(paths: Paths) -> Iterator[None]:
    """Hold the set-up's lock; the system lets go of it when this process dies."""
    paths.lake.mkdir(parents=True, exist_ok=True)
    with (paths.lake / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("▸ Another set-up is at work in this folder: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install_python(paths: Paths) -> None:
    """Bring the Python packages. Standard library only: it runs on the machine's Python."""
    with only_one(paths):
        install_packages(paths)


def install_rest(paths: Paths) -> None:
    """Bring what is not Python; it runs on the venv's Python, whose packages it needs."""
    from local.setup.installed import pyspark_folder
    from local.setup.ivy import fetch_jars
    from local.setup.node import install_node_modules
    from local.setup.spark_home import build_spark_home

    with only_one(paths):
        install_node_modules(paths)
        fetch_jars(paths)
        build_spark_home(paths, pyspark_folder())
    say("✓ Set-up: complete")


def runs_in_venv(paths: Paths, prefix: str) -> bool:
    """Whether a Python with this `sys.prefix` is the project's own."""
    return os.path.realpath(prefix) == os.path.realpath(paths.venv)
