"""The Makefile: what it offers and how it says so."""

import os
import re
import subprocess

import pytest

from local.setup.paths import PROJECT

TEXT = (PROJECT.root / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^\.PHONY: (.*)$", TEXT, flags=re.MULTILINE)[0].split()


def make(*arguments: str) -> str:
    """Return what make prints; fails when make does. Settings of a make around these tests do not reach it."""
    environ = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=PROJECT.root, env=environ, capture_output=True, text=True, check=True).stdout


def test_help_is_the_default_and_names_every_target() -> None:
    shown = make()
    assert shown == make("help")
    assert [target for target in TARGETS if f"make {target} " not in shown] == []


@pytest.mark.parametrize("target", ["run", "test", "up", "down", "deploy", "diff", "synth", "check", "clean"])
def test_target_exists(target: str) -> None:
    assert make("--dry-run", target)


def test_an_environment_in_an_account_starts_nothing_on_this_machine() -> None:
    assert "local.setup up" in make("--dry-run", "deploy")
    commands = make("--dry-run", "deploy", "ENV=dev")
    assert "local.setup up" not in commands
    assert "lake.cdk_cli deploy --env dev" in commands


def test_ci_runs_the_tests_as_a_developer_does() -> None:
    script = PROJECT.root / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"


def test_a_python_that_is_not_there_is_named_with_the_way_to_name_another() -> None:
    command = ["make", "--no-print-directory", "PYTHON=/nowhere/python3.11", "setup"]
    refused = subprocess.run(command, cwd=PROJECT.root, capture_output=True, text=True)
    assert refused.returncode == 2
    assert refused.stderr.startswith("error: /nowhere/python3.11 is not there. Install Python 3.11, or name it: ")
