"""`run.py` in another Python than the project's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lake.config_file import ROOT

# The interpreter that the venv was made of: it has none of the packages.
BASE = os.path.realpath(sys.executable)

# Begins run.py as another version would, in which the code itself cannot be read.
AS_ANOTHER = """
import runpy, sys, types
sys.version_info = {version}
sys.modules["runner"] = sys.modules["runner.cli"] = types.ModuleType("runner")
sys.argv = [{script!r}, "--help"]
runpy.run_path({script!r}, run_name="__main__")
"""


def begun_as(version: tuple[int, int, int], script: Path) -> "subprocess.CompletedProcess[str]":
    code = AS_ANOTHER.format(version=version, script=str(script))
    return subprocess.run([BASE, "-I", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 13, 0)])
def test_an_older_or_newer_python_goes_on_in_the_venv(version: tuple[int, int, int]) -> None:
    helped = begun_as(version, ROOT / "run.py")
    assert helped.returncode == 0, helped.stderr
    assert "Start a pipeline of the lake" in helped.stdout


def test_where_nothing_is_installed_it_says_what_installs_it(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text((ROOT / "run.py").read_text(encoding="utf-8"), encoding="utf-8")
    refused = begun_as((3, 8, 18), script)
    assert refused.returncode == 2
    assert refused.stderr == "error: packages are missing in .venv; to install them: make setup\n"
