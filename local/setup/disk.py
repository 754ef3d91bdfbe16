"""Whether the disk has room: asked before the set-up, and when a step has failed. Standard library only."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from local.setup.errors import SetupError
from local.setup.paths import Paths

MB = 10**6

# What a complete set-up takes, measured with `du` on Linux: .venv 1,820 MB, .lake 570 MB, node_modules 30 MB.
PACKAGES = 1_900 * MB
JARS = 250 * MB
# A run's own: Spark's scratch space, its archive of classes, logs.
RUN = 350 * MB
# Less than this free is what a step calls a full disk.
FULL = 20 * MB


def require_space(paths: Paths) -> None:
    """Raise SetupError where the project's disk has not the room for what is still missing."""
    needed = RUN
    needed += 0 if (paths.venv / ".lake-stamp").exists() else PACKAGES
    needed += 0 if paths.spark_home.exists() else JARS
    free = free_bytes(paths.root)
    if free < needed:
        raise SetupError(
            f"{free / 1000 / MB:.1f} GB are free on the disk of {paths.root}; about {needed / 1000 / MB:.1f} GB are "
            "needed. Free some space, or put the project's folder on another disk; then run it again."
        )


def full_disk_hint(folder: Path) -> str:
    """Return what to say after a failure where a disk that the command writes to is full; else an empty string."""
    for place in (folder, Path(tempfile.gettempdir())):
        if free_bytes(place) < FULL:
            return f"The disk of {place} is full: free some space, then run it again."
    return ""


def free_bytes(folder: Path) -> int:
    """Return what is free on the disk of the folder, which need not be there yet."""
    place = folder.absolute()
    while not os.path.lexists(place):
        place = place.parent
    return shutil.disk_usage(place).free
