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
    assert refused.stderr == (
        "error: unknown sample 'flihgts'; known: flights, planes, weather; did you mean 'flights'?\n"
    )


def test_an_unknown_environment_is_refused_with_the_known_ones() -> None:
    refused = samples("flights", "--env", "nosuch")
    assert refused.returncode == 2
    assert "unknown environment 'nosuch'; known: dev, local, prod, staging" in refused.stderr


def test_where_aws_is_not_up_it_says_how_to_start_it() -> None:
    failed = samples("flights")
    assert failed.returncode == 1
    assert "AWS on this machine does not answer; start it: make up\n" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_written_to_a_folder_it_needs_no_aws(tmp_path: Path) -> None:
    assert samples("flights", "--to", str(tmp_path)).stdout == f"flights: 365 objects below {tmp_path}\n"
    assert len(list(tmp_path.glob("month=*/2013-*.csv"))) == 365


def test_with_no_name_it_brings_all_each_below_a_folder_of_its_name(tmp_path: Path) -> None:
    assert samples("--to", str(tmp_path)).stdout.splitlines() == [
        f"flights: 365 objects below {tmp_path}/flights",
        f"planes: 1 object below {tmp_path}/planes",
        f"weather: 12 objects below {tmp_path}/weather",
    ]
    assert {path.name for path in tmp_path.glob("*/*") if path.is_file()} >= {"planes.parquet", "2013-12.jsonl"}


def test_list_says_what_there_is() -> None:
    listed = samples("list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["flights", "planes", "weather"]


def test_own_files_that_are_wrong_are_refused_before_aws_is_asked(tmp_path: Path) -> None:
    refused = samples("put", "flights", str(tmp_path / "nosuch.csv"))
    assert refused.returncode == 2
    assert refused.stderr == f"error: {tmp_path}/nosuch.csv: there is no such file\n"


def test_own_files_of_an_unknown_dataset_are_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a")
    refused = samples("put", "flihgts", str(tmp_path / "a.csv"))
    assert refused.returncode == 2
    assert refused.stderr.startswith("error: unknown dataset 'flihgts'; known: flights")
