"""`python -m samples`: what it refuses, and what it says."""

import os
import subprocess
import sys
from pathlib import Path

from local.setup.paths import PROJECT

CLOSED_PORT = "http://127.0.0.1:9"  # the discard port: nothing listens there


def samples(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "samples", *arguments],
        cwd=PROJECT.root,
        env={**os.environ, "AWS_ENDPOINT_URL": CLOSED_PORT, "AWS_MAX_ATTEMPTS": "1"},
        capture_output=True,
        text=True,
    )


def test_an_account_is_refused_without_yes() -> None:
    refused = samples("flights", "--env", "dev")
    assert refused.returncode == 2
    assert refused.stderr == "error: environment 'dev' is an AWS account: sample data goes there only with --yes\n"


def test_an_unknown_sample_is_refused_with_the_known_ones() -> None:
    refused = samples("flihgts")
    assert refused.returncode == 2
    assert refused.stderr == "error: unknown sample 'flihgts'; known: flights; did you mean 'flights'?\n"


def test_an_unknown_environment_is_refused_with_the_known_ones() -> None:
    refused = samples("flights", "--env", "nosuch")
    assert refused.returncode == 2
    assert "unknown environment 'nosuch'; known: dev, local, prod, staging" in refused.stderr


def test_where_aws_is_not_up_it_says_how_to_start_it() -> None:
    failed = samples("flights")
    assert failed.returncode == 1
    assert "make up" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_written_to_a_folder_it_needs_no_aws(tmp_path: Path) -> None:
    assert samples("flights", "--to", str(tmp_path)).stdout == f"365 objects of flights below {tmp_path}\n"
    assert len(list(tmp_path.glob("month=*/2013-*.csv"))) == 365
