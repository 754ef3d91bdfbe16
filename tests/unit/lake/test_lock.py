"""The lock between commands, held by other processes as `make run` and the CDK hold it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lake.config_file import ROOT
from lake.lock import hold

# Holds the lock until its standard input closes; with a second argument as the program that takes its place.
HOLDER = """
import os, sys
from pathlib import Path
from lake.lock import hold
become = len(sys.argv) > 2
lock = hold(Path(sys.argv[1]), waiting=lambda holder: None, kept_by_exec=become)
wait = "print('held', flush=True); import sys; sys.stdin.read()"
if become:
    os.execv(sys.executable, [sys.executable, "-c", wait])
exec(wait)
"""


def holder(lock: Path, *more: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock), *more],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_free_lock_is_held_without_a_word(tmp_path: Path) -> None:
    said: list[str] = []
    with hold(tmp_path / "new" / "lock", waiting=said.append):
        assert said == []
    with hold(tmp_path / "new" / "lock", waiting=said.append):
        assert said == []


@pytest.mark.parametrize("more", [[], ["become"]], ids=["program", "program that took its place"])
def test_who_holds_it_is_said_and_waited_for(tmp_path: Path, more: list[str]) -> None:
    other = holder(tmp_path / "lock", *more)
    said: list[str] = []

    def waiting(who: str) -> None:
        said.append(who)
        other.communicate("")  # only now does the other end

    with hold(tmp_path / "lock", waiting=waiting):
        assert said == [f"process {other.pid}"]
        assert other.returncode == 0


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    other = holder(tmp_path / "lock")
    other.kill()
    other.communicate()
    said: list[str] = []
    with hold(tmp_path / "lock", waiting=said.append):
        assert said == []
