"""Python packages: the venv holds the pinned ones, checked against their hashes. Standard library only."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from local.setup.errors import SetupError
from local.setup.paths import Paths
from local.setup.process import run
from local.setup.report import step
from local.setup.stamp import Stamp, digest

INSTALLER = "uv"
OFFLINE = "Is there a network? Run it again: it continues with what is missing."


def install_packages(paths: Paths) -> bool:
    """Make the venv hold the pinned packages and no other but pip; return whether anything was missing."""
    stamp = Stamp(paths.venv / ".lake-stamp")
    wanted = digest([paths.requirements, paths.build_requirements])
    sound = os.access(paths.python, os.X_OK)  # false for a link to a Python that is gone
    if sound and stamp.matches(wanted):
        return False
    with step("Python packages", f"installing those of {paths.requirements.name} into {paths.venv.name}"):
        unfinished = paths.venv / ".lake-unfinished"
        if unfinished.exists() or not sound:
            _make_venv(paths, unfinished)
        unfinished.touch()
        stamp.remove()
        _install_installer(paths)
        _synchronize(paths)
        unfinished.unlink()
        stamp.write(wanted)
    return True


def requirement_of(package: str, requirements: str) -> str:
    """Return the lines that pin `package` in a compiled requirements file: its version and its hashes.

    Raises SetupError where the file does not pin it.
    """
    found = re.search(rf"^{re.escape(package)}==(?:.*\\\n)*.*", requirements, flags=re.MULTILINE | re.IGNORECASE)
    if found is None:
        raise SetupError(f"the requirements do not pin {package}. Run 'make lock'.")
    return found.group() + "\n"


def _make_venv(paths: Paths, unfinished: Path) -> None:
    shutil.rmtree(paths.venv, ignore_errors=True)
    paths.venv.mkdir(parents=True)
    unfinished.touch()
    run(
        [sys.executable, "-m", "venv", paths.venv],
        cwd=paths.root,
        hint="This Python lacks venv or ensurepip; on Debian and Ubuntu: apt install python3.11-venv.",
    )


def _install_installer(paths: Paths) -> None:
    pinned = paths.venv / "installer.txt"
    pins = requirement_of(INSTALLER, paths.requirements.read_text(encoding="utf-8"))
    pinned.write_text(pins, encoding="utf-8")
    pip = [paths.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "--requirement", pinned], cwd=paths.root, hint=OFFLINE)


def _synchronize(paths: Paths) -> None:
    sync = [paths.venv / "bin" / INSTALLER, "pip", "sync", "--quiet", "--python", paths.python]
    pins = ["--require-hashes", "--build-constraints", paths.build_requirements, paths.requirements]
    run([*sync, *pins], cwd=paths.root, hint=OFFLINE)
