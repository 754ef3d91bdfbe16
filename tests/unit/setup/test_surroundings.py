"""Surroundings that do not fit: no network, a second `make run`, an endpoint elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lake.lock import hold
from local.setup.bootstrap import is_bootstrapped
from local.setup.errors import SetupError
from local.setup.install import only_one_run
from local.setup.packages import OFFLINE
from local.setup.paths import PROJECT, Paths
from local.setup.process import run

CLOSED_PORT = "http://127.0.0.1:9"  # the discard port: nothing listens there


def test_without_a_network_the_failed_step_asks_for_one_and_says_that_running_again_continues(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
    environ = {**os.environ, "PIP_INDEX_URL": CLOSED_PORT, "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}
    with pytest.raises(SetupError) as failed:
        run([*pip, "six==1.17.0"], cwd=tmp_path, hint=OFFLINE, env=environ, quiet=True)
    assert "Is there a network? Run it again: it continues with what is missing." in str(failed.value)


def test_a_second_make_run_says_whom_it_waits_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with only_one_run(Paths(tmp_path)):
        second = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys; from pathlib import Path; from local.setup.install import only_one_run; "
                "from local.setup.paths import Paths; lock = only_one_run(Paths(Path(sys.argv[1]))); print('its turn')",
                str(tmp_path),
            ],
            cwd=PROJECT.root,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert second.stdout is not None
        expected = f"▸ Another 'make run' is at work in this folder (process {os.getpid()}): waiting for it\n"
        assert second.stdout.readline() == expected
        assert second.poll() is None
    assert second.communicate()[0] == "its turn\n"


def test_a_set_up_inside_a_run_does_not_wait_for_that_run(tmp_path: Path) -> None:
    said: list[str] = []
    with only_one_run(Paths(tmp_path)), hold(Paths(tmp_path).lake / "setup.lock", waiting=said.append):
        assert said == []


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [
        (CLOSED_PORT, "AWS of environment 'local' was not reached: "),
        ("https://glue.example.com", "AWS_ENDPOINT_URL: 'https://glue.example.com' is not on loopback"),
    ],
)
def test_where_aws_cannot_be_asked_the_set_up_says_why(
    endpoint: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(SetupError) as failed:
        is_bootstrapped("local")
    assert told in str(failed.value)
