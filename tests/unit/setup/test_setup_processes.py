"""Processes of the set-up: what fails is said, and none is left behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from local.setup.errors import SetupError
from local.setup.paths import PROJECT
from local.setup.process import run

# A stand-in for make starts the set-up, which runs a long command.
STAND_IN = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
SET_UP = """
import sys
from pathlib import Path
from local.setup.process import Terminated, end_with_parent, run
end_with_parent()
try:
    run([sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(60)"], cwd=Path("."), hint="")
except Terminated:
    sys.exit(143)
"""


def test_failed_command_is_named_with_its_exit_code_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as raised:
        run([sys.executable, "-c", "raise SystemExit(3)"], cwd=tmp_path, hint="Do this.")
    assert "ended with exit code 3. Do this." in str(raised.value)


def test_quiet_command_shows_its_output_only_when_it_fails(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run([sys.executable, "-c", "print('chatter')"], cwd=tmp_path, hint="", quiet=True)
    assert capfd.readouterr() == ("", "")
    with pytest.raises(SetupError):
        run([sys.executable, "-c", "print('why'); exit(1)"], cwd=tmp_path, hint="", quiet=True)
    assert capfd.readouterr().err == "why\n"


def test_set_up_and_what_it_runs_end_when_make_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STAND_IN, SET_UP],
        cwd=PROJECT.root,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(PROJECT.root)},
    ) as make:
        assert make.stdout is not None
        assert make.stdout.readline() == b"ready\n"
        family = psutil.Process(make.pid).children(recursive=True)
        assert len(family) == 2
        make.kill()
        _, alive = psutil.wait_procs(family, timeout=20)
        for process in alive:
            process.kill()
        assert alive == []


def test_terminated_set_up_ends_what_it_runs() -> None:
    with subprocess.Popen([sys.executable, "-c", SET_UP], cwd=PROJECT.root, stdout=subprocess.PIPE) as set_up:
        assert set_up.stdout is not None
        assert set_up.stdout.readline() == b"ready\n"
        (child,) = psutil.Process(set_up.pid).children()
        started = time.monotonic()
        set_up.terminate()
        assert set_up.wait(20) == 143
        assert not child.is_running()
        assert time.monotonic() - started < 10
