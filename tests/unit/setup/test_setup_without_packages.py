"""Set-up begins on a machine that has nothing but Python 3.11."""

import subprocess
import sys

import pytest

from local.setup.__main__ import main
from local.setup.paths import PROJECT

NO_PACKAGES = "-S"  # without the site module there is no site-packages folder


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=PROJECT.root, capture_output=True, text=True)


def test_it_needs_no_installed_package_to_begin() -> None:
    loaded = python(NO_PACKAGES, "-c", "import local.setup.__main__, local.setup.packages")
    assert (loaded.returncode, loaded.stderr) == (0, "")


def test_the_same_python_would_not_find_packages() -> None:
    assert "No module named 'pydantic'" in python(NO_PACKAGES, "-c", "import pydantic").stderr


@pytest.mark.parametrize("version", [(3, 9, 18), (3, 12, 1)])
def test_another_python_is_refused_with_the_way_to_name_the_right_one(version: tuple[int, int, int]) -> None:
    refused = python("-c", f"import sys; sys.version_info = {version}; import local.setup")
    assert refused.returncode == 1
    assert "this project needs Python 3.11" in refused.stderr
    assert f"this is Python {'.'.join(map(str, version))}" in refused.stderr
    assert "make PYTHON=/path/to/python3.11" in refused.stderr


@pytest.mark.parametrize("arguments", [[], ["nosuch"], ["install", "run"]])
def test_wrong_use_exits_2_and_lists_the_commands(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "install" in capsys.readouterr().err
