"""Each final status and its exit code, in a situation that a user can come into, on AWS on this machine."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator

import pytest

from runner.outcome import EXIT_CODES, FinalStatus
from tests.integration.conftest import free_port
from tests.integration.lake import Lake
from tests.integration.runners import runner, runs_of_id, script_in_place, stop_all

pytestmark = pytest.mark.integration

# A rule of the weather wants every hour's visibility between -1 and 11 miles.
TOO_CLEAR = {
    "origin": "EWR", "year": 2012, "month": 1, "day": 1, "hour": 1, "temp": 39.02, "dewp": 26.06, "humid": 59.37,
    "wind_dir": 270, "wind_speed": 10.357, "wind_gust": None, "precip": 0.0, "pressure": 1012.0, "visib": 99.0,
    "time_hour": "2012-01-01T06:00:00Z",
}  # fmt: skip

Ended = tuple[int, str]
"""Exit code and what was said."""


def goes_well(lake: Lake, run_id: str) -> Ended:
    return ended(lake, "planes", "--run-id", run_id)


def is_not_waited_for(lake: Lake, run_id: str) -> Ended:
    return ended(lake, "planes", "--run-id", run_id, "--no-wait")


def has_a_script_that_raises(lake: Lake, run_id: str) -> Ended:
    with script_in_place(lake, "planes", "raise LookupError('the hangar is closed')"):
        return ended(lake, "planes", "--run-id", run_id)


def breaks_a_rule_of_its_dataset(lake: Lake, run_id: str) -> Ended:
    key = f"raw/weather/{run_id}.jsonl"
    lake.put_raw(key, json.dumps(TOO_CLEAR) + "\n")
    try:
        return ended(lake, "weather", "--run-id", run_id)
    finally:
        # What was refused would be tried again by every later run.
        lake.aws.client("s3").delete_object(Bucket=lake.raw_bucket, Key=key)


def is_stopped_by_someone(lake: Lake, run_id: str) -> Ended:
    with runner(lake, "planes", "--run-id", run_id) as waiting:
        waiting.until_it_says("crawl ")
        stopped = lake.run("stop", "planes", "--run-id", run_id)
        assert stopped.returncode == 0, stopped.stdout + stopped.stderr
        return waiting.ended(), waiting.said


def takes_longer_than_one_waits(lake: Lake, run_id: str) -> Ended:
    code, said = ended(lake, "planes", "--run-id", run_id, "--timeout", "1s")
    assert f"the run goes on: {run_id}" in said
    assert runs_of_id(lake, "planes", run_id)[0]["Status"] == "RUNNING"
    return code, said


def is_asked_of_aws_that_is_not_there(lake: Lake, run_id: str) -> Ended:
    with runner(lake, "planes", "--run-id", run_id, endpoint=f"http://127.0.0.1:{free_port()}") as nowhere:
        return nowhere.ended(), nowhere.said


def is_left_with_ctrl_c(lake: Lake, run_id: str) -> Ended:
    with runner(lake, "planes", "--run-id", run_id) as waiting:
        waiting.until_it_says("crawl ")
        waiting.interrupt()
        code = waiting.ended()
    assert runs_of_id(lake, "planes", run_id)[0]["Status"] == "RUNNING"
    return code, waiting.said


def ended(lake: Lake, *arguments: str) -> Ended:
    done = lake.run(*arguments)
    return done.returncode, done.stderr + done.stdout


A_RUN_THAT: dict[FinalStatus, Callable[[Lake, str], Ended]] = {
    FinalStatus.SUCCEEDED: goes_well,
    FinalStatus.STARTED: is_not_waited_for,
    FinalStatus.FAILED: has_a_script_that_raises,
    FinalStatus.REFUSED: breaks_a_rule_of_its_dataset,
    FinalStatus.STOPPED: is_stopped_by_someone,
    FinalStatus.TIMED_OUT: takes_longer_than_one_waits,
    FinalStatus.UNREACHABLE: is_asked_of_aws_that_is_not_there,
    FinalStatus.INTERRUPTED: is_left_with_ctrl_c,
}


@pytest.fixture(scope="module")
def brought(lake: Lake) -> Lake:
    """The lake with the sample of planes."""
    done = lake.command("-m", "samples", "planes")
    assert done.returncode == 0, done.stdout + done.stderr
    return lake


@pytest.fixture
def run_id(brought: Lake) -> Iterator[str]:
    """A run id of the test's own; afterwards no run of planes goes on."""
    yield f"test-{uuid.uuid4().hex}"
    stop_all(brought, "planes")


@pytest.mark.parametrize("status", FinalStatus, ids=lambda status: str(status.value))
def test_each_final_status_comes_of_a_real_run_and_has_its_exit_code(
    brought: Lake, run_id: str, status: FinalStatus
) -> None:
    code, said = A_RUN_THAT[status](brought, run_id)
    assert said.rstrip().endswith(f"final_status: {status.value}"), said
    assert code == EXIT_CODES[status]
