"""Runners that are killed, interrupted, or two at once, on AWS on this machine: processes, and what they leave."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from local.settings import PROJECT
from tests.integration.aws import wait_for
from tests.integration.between import Call, Moment, between
from tests.integration.lake import Lake
from tests.integration.raw import curated_rows, query
from tests.integration.runners import (
    FOR_EVER,
    NUMBERED_LINES,
    Runner,
    runner,
    runs_of_id,
    script_in_place,
    stop_all,
)
from tests.integration.watching import processes_of

pytestmark = pytest.mark.integration

LINES = 500
NUMBERED = re.compile(r"^(?:planes \| )?(line \d+)$", re.MULTILINE)


def is_claim(call: Call) -> bool:
    return call.method == "PUT" and call.path.endswith(".start")


def is_action(action: str) -> Callable[[Call], bool]:
    return lambda call: call.action == action


# Which call, the how manieth, and whether the runner dies before AWS gets it, or after AWS has answered.
KILLED = {
    "before it claims": (is_claim, 1, False),
    "when its claim lies there": (is_claim, 1, True),
    "before its start": (is_action("StartWorkflowRun"), 1, False),
    "when AWS has started the run": (is_action("StartWorkflowRun"), 1, True),
    "before it notes which run": (is_claim, 2, False),
    "when it has noted which run": (is_claim, 2, True),
    "while it waits": (is_action("GetWorkflowRun"), 1, False),
}


@pytest.fixture(scope="module")
def planes(lake: Lake) -> Lake:
    """The lake with an object for the pipeline of planes."""
    brought = lake.command("-m", "samples", "planes")
    assert brought.returncode == 0, brought.stdout + brought.stderr
    return lake


@pytest.fixture
def run_id(planes: Lake) -> Iterator[str]:
    """A run id of the test's own; afterwards no run of planes goes on."""
    yield f"test-{uuid.uuid4().hex}"
    stop_all(planes, "planes")


# Where a second run is nearest: the rest takes longer than a change should wait for.
KILLED_EACH_TIME = ("before its start", "before it notes which run")


@pytest.mark.parametrize(
    "when", [when if when in KILLED_EACH_TIME else pytest.param(when, marks=pytest.mark.soak) for when in KILLED]
)
def test_a_run_id_starts_one_run_though_its_first_runner_is_killed(planes: Lake, run_id: str, when: str) -> None:
    is_it, nth, after = KILLED[when]
    first: Future[Runner] = Future()
    moment = Moment(is_it, lambda: first.result(60).kill(), nth=nth, after=after)
    with (
        between(planes.settings.endpoint, moment) as endpoint,
        runner(planes, "planes", "--run-id", run_id, endpoint=endpoint) as killed,
    ):
        first.set_result(killed)
        assert moment.reached.wait(60), killed.said

        second = planes.run("planes", "--run-id", run_id, "--no-wait")

    assert second.returncode == 0, second.stdout + second.stderr
    assert len(runs_of_id(planes, "planes", run_id)) == 1


def test_two_runners_with_one_run_id_start_one_run_and_both_report_it(planes: Lake, run_id: str) -> None:
    command = [sys.executable, "run.py", "planes", "--run-id", run_id, "--json"]
    both = [
        subprocess.Popen(
            command, cwd=PROJECT, env=planes.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = [each.communicate(timeout=300) for each in both]

    results = [json.loads(stdout) for stdout, _ in said]
    (run,) = runs_of_id(planes, "planes", run_id)
    assert {result["workflow_run_id"] for result in results} == {run["WorkflowRunId"]}
    assert [result["final_status"] for result in results] == ["SUCCEEDED", "SUCCEEDED"], said
    assert sorted(re.findall(r"planes: (started|joined) in local", "".join(stderr for _, stderr in said))) == [
        "joined",
        "started",
    ]


def test_killing_the_runner_and_attaching_loses_no_line_of_the_log(planes: Lake, run_id: str) -> None:
    with script_in_place(planes, "planes", NUMBERED_LINES.format(lines=LINES)):
        with runner(planes, "planes", "--run-id", run_id) as killed:
            killed.until_it_says("line 20\n")
            killed.kill()
            killed.ended()
        attached = planes.run("attach", "planes", "--run-id", run_id)

    written = [f"line {number}" for number in range(LINES)]
    before = NUMBERED.findall(killed.said)
    assert before == written[: len(before)]
    assert len(before) < LINES
    assert NUMBERED.findall(attached.stdout) == written
    assert NUMBERED.findall(planes.run("logs", "planes", "--run-id", run_id).stdout) == written


def job_run_of(lake: Lake, run_id: str) -> str:
    """The id of the run's job run."""
    (run,) = runs_of_id(lake, "planes", run_id)
    (job_run,) = [
        job_run["Id"]
        for node in run["Graph"]["Nodes"]
        if node["Type"] == "JOB"
        for job_run in node["JobDetails"]["JobRuns"]
    ]
    return str(job_run)


def assert_stopped(lake: Lake, run_id: str, code: int, said: str) -> None:
    job_run = job_run_of(lake, run_id)
    assert code == 4, said
    assert said.rstrip().endswith("final_status: STOPPED")
    assert runs_of_id(lake, "planes", run_id)[0]["Status"] == "STOPPED"
    wait_for(lambda: not processes_of(job_run), seconds=5, what=f"the end of the processes of {job_run}")


def test_ctrl_c_with_stop_ends_the_spark_process(planes: Lake, run_id: str) -> None:
    script = NUMBERED_LINES.format(lines=FOR_EVER)
    with (
        script_in_place(planes, "planes", script),
        runner(planes, "planes", "--run-id", run_id, "--on-interrupt", "stop") as going_on,
    ):
        going_on.until_it_says("line 1\n")
        assert any(process.name() == "java" for process in processes_of(job_run_of(planes, run_id)))
        going_on.interrupt()
        code = going_on.ended()
    assert_stopped(planes, run_id, code, going_on.said)


def test_ctrl_c_on_a_terminal_asks_and_stop_ends_the_spark_process(planes: Lake, run_id: str) -> None:
    script = NUMBERED_LINES.format(lines=FOR_EVER)
    with (
        script_in_place(planes, "planes", script),
        runner(planes, "planes", "--run-id", run_id, terminal=True) as going_on,
    ):
        going_on.until_it_says("line 1\n")
        going_on.type("\x03")
        going_on.until_it_says("[l/s]")
        assert f"python run.py attach planes --run-id {run_id}" in going_on.said
        assert processes_of(job_run_of(planes, run_id))
        going_on.type("s\n")
        code = going_on.ended()
    assert_stopped(planes, run_id, code, re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", going_on.said))


def by_object(lake: Lake) -> dict[str, list[Any]]:
    """Of each raw object: its curated rows, their sums, and the runs that wrote them."""
    sql = """
        SELECT _source_file, count(*), sum(CAST(temp AS DECIMAL(9, 4))), sum(CAST(precip AS DECIMAL(9, 4))),
               list_sort(list(DISTINCT _run_id))
        FROM curated GROUP BY ALL
    """
    return {key: rest for key, *rest in query(sql, curated=curated_rows(lake, "weather"))}


@pytest.mark.soak
def test_a_backfill_of_one_month_replaces_that_month_alone(lake: Lake) -> None:
    brought = lake.command("-m", "samples", "weather")
    assert brought.returncode == 0, brought.stdout + brought.stderr
    first = lake.run_json("weather")
    assert first["final_status"] == "SUCCEEDED", first
    before = by_object(lake)
    june = "raw/weather/2013-06.jsonl"
    *numbers, _ = before[june]
    run_id = f"test-{uuid.uuid4().hex}"

    done = lake.run("backfill", "weather", "--prefix", june, "--yes", "--run-id", run_id)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "weather: 1 object," in done.stderr
    assert by_object(lake) == before | {june: [*numbers, [run_id]]}


def test_the_crawl_and_the_job_run_each_by_itself(planes: Lake, run_id: str) -> None:
    crawl = planes.run_json("planes", "--only", "crawl")
    job = planes.run_json("planes", "--only", "job", "--run-id", run_id)
    assert [
        (each["final_status"], [(node["type"], node["state"]) for node in each["nodes"]]) for each in (crawl, job)
    ] == [
        ("SUCCEEDED", [("CRAWLER", "SUCCEEDED")]),
        ("SUCCEEDED", [("JOB", "SUCCEEDED")]),
    ]
    assert crawl["rows"]["read"] is None
    assert job["rows"]["read"] is not None
    assert runs_of_id(planes, "planes", run_id) == []
