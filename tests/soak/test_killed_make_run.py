"""`make run` with one of its processes killed by SIGKILL: nothing is left behind, and running again works."""

import os
import signal
import subprocess
from collections.abc import Iterator

import psutil
import pytest

from local.settings import DEFAULT_STATE_DIR, PROJECT, Settings
from tests.integration.aws import wait_for
from tests.integration.conftest import free_port

pytestmark = pytest.mark.soak

SECONDS_A_JVM_MAY_STAY = 60
SECONDS_TO_THE_JOB = 180


@pytest.fixture
def settings() -> Iterator[Settings]:
    """Where `make run` starts its emulator: a free port, with the project's own folders."""
    settings = Settings(port=free_port(), state_dir=DEFAULT_STATE_DIR)
    yield settings
    make("down", settings).wait()


def make(target: str, settings: Settings) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        ["make", target],
        cwd=PROJECT,
        env={**os.environ, "AWS_ENDPOINT_URL": settings.endpoint},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def jvms(settings: Settings) -> list[psutil.Process]:
    """The JVMs of this emulator's job runs."""
    found = []
    for one in psutil.process_iter(["name", "cmdline", "status"]):
        mine = any(str(settings.runs_dir) in part for part in one.info["cmdline"] or ())
        if one.info["name"] == "java" and mine and one.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(one)
    return found


def victim(name: str, started: "subprocess.Popen[str]", settings: Settings) -> int:
    """The process id of make, of the emulator or of the runner."""
    if name == "make":
        return started.pid
    if name == "emulator":
        return int(settings.pid_file.read_text())
    children = psutil.Process(started.pid).children(recursive=True)
    return next(int(one.pid) for one in children if "run.py" in one.cmdline())


@pytest.mark.parametrize("name", ["make", "emulator", "runner"])
def test_killed_in_the_middle_of_a_job_it_leaves_no_jvm_and_runs_again(name: str, settings: Settings) -> None:
    started = make("run", settings)
    wait_for(lambda: jvms(settings), seconds=SECONDS_TO_THE_JOB, what="the job's JVM")

    os.kill(victim(name, started, settings), signal.SIGKILL)

    wait_for(lambda: not jvms(settings), seconds=SECONDS_A_JVM_MAY_STAY, what=f"the end of the JVM without {name}")
    started.communicate()
    assert make("down", settings).wait() == 0
    again = make("run", settings)
    output, _ = again.communicate()
    assert again.returncode == 0, output
    assert output.rstrip().endswith("final_status: SUCCEEDED")
