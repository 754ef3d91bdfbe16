"""The CDK's command line: node_modules holds what package-lock.json pins, checked against its hashes."""

from __future__ import annotations

import os

from local.setup.paths import Paths
from local.setup.process import run
from local.setup.report import step
from local.setup.stamp import Stamp, digest


def install_node_modules(paths: Paths) -> bool:
    """Install the pinned Node packages with the venv's npm; return whether anything was missing.

    No package's own install script is run.
    """
    stamp = Stamp(paths.node_modules / ".lake-stamp")
    wanted = digest([paths.root / "package.json", paths.root / "package-lock.json"])
    if stamp.matches(wanted):
        return False
    with step("CDK command line", f"installing that of package-lock.json into {paths.node_modules.name}"):
        tools = paths.venv / "bin"
        run(
            [tools / "npm", "ci", "--ignore-scripts", "--loglevel=error"],  # removes what is there first
            cwd=paths.root,
            env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
            quiet=True,
            hint="Is there a network? Run it again: it continues with what is missing.",
        )
        stamp.write(wanted)
    return True
