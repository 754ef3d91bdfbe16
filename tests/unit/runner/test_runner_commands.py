"""What the commands on runs that are there already print and exit with, with boto3 against a scripted AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from runner.command_backfill import BackfillOptions, backfill_command
from runner.command_doctor import doctor_command
from runner.command_list import history_command, list_command
from runner.command_start import StartOptions
from runner.command_status import attach_command, logs_command, status_command, stop_command
from tests.unit.runner.conftest import RAW_BUCKET, RUN_ID
from tests.unit.runner.fake_time import FakeTime
from tests.unit.runner.scripted_aws import Answer, Fault, ScriptedAws
from tests.unit.runner.workflow_runs import (
    EPOCH,
    JOB_RUN_ID,
    at,
    completed,
    crawl,
    job_run,
    on_the_wire,
    record,
    workflow_run,
)

PutRecord = Callable[[dict[str, Any]], None]
MISSING = Fault("EntityNotFoundException", "no such workflow")


def run_of(
    run: dict[str, Any], run_id: str = RUN_ID, workflow_run_id: str = "wr_1", started: float = 0
) -> dict[str, Any]:
    named = {"WorkflowRunId": workflow_run_id, "WorkflowRunProperties": {"run_id": run_id}, "StartedOn": at(started)}
    return {**run, **named}


@pytest.fixture
def has_runs(aws: ScriptedAws) -> Callable[..., None]:
    """Gives the workflow runs, in any order; each can be looked at by its id."""

    def put(*runs: dict[str, Any]) -> None:
        by_id = {run["WorkflowRunId"]: run for run in runs}
        aws.answers["GetWorkflowRuns"] = [on_the_wire({"Runs": list(runs)})]
        aws.answers["GetWorkflowRun"] = lambda body: on_the_wire({"Run": by_id[body["RunId"]]})

    return put


HasRuns = Callable[..., None]


def status(*pipelines: str, run_id: str | None = None, as_json: bool = False) -> int:
    return status_command(pipelines, "local", run_id=run_id, as_json=as_json, profile=None)


def test_status_shows_the_latest_run(
    has_runs: HasRuns, put_record: PutRecord, capsys: pytest.CaptureFixture[str]
) -> None:
    has_runs(run_of(completed(), "old", "wr_1", started=0), run_of(completed(), "new", "wr_2", started=100))
    put_record(record("new"))
    assert status("flights") == 0
    out = capsys.readouterr().out
    assert "flights: run new, workflow run wr_2" in out
    assert "336,776 read" in out
    assert "it ended as SUCCEEDED" in out


@pytest.mark.parametrize("wanted", ["old", "wr_1"])
def test_status_shows_the_run_that_is_named_by_either_id(
    has_runs: HasRuns, put_record: PutRecord, capsys: pytest.CaptureFixture[str], wanted: str
) -> None:
    has_runs(run_of(completed(), "old", "wr_1", started=0), run_of(completed(), "new", "wr_2", started=100))
    put_record(record("old"))
    assert status("flights", run_id=wanted) == 0
    assert "flights: run old, workflow run wr_1" in capsys.readouterr().out


def test_status_of_a_failed_run_is_told_and_exits_0(has_runs: HasRuns, capsys: pytest.CaptureFixture[str]) -> None:
    has_runs(run_of(completed(crawls=[crawl("FAILED", ErrorMessage="denied")], jobs=None)))
    assert status("flights") == 0
    out = capsys.readouterr().out
    assert "ended as FAILED: denied" in out
    assert "it ended as FAILED" in out


def test_status_of_a_run_that_goes_on_has_no_final_status(
    has_runs: HasRuns, capsys: pytest.CaptureFixture[str]
) -> None:
    has_runs(run_of(workflow_run("RUNNING", crawls=[crawl()], jobs=[job_run("RUNNING")])))
    assert status("flights", as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["run_id"], found["final_status"], found["nodes"][1]["state"]) == (RUN_ID, None, "RUNNING")


def test_unknown_run_is_wrong_use_and_lists_the_latest(has_runs: HasRuns, capsys: pytest.CaptureFixture[str]) -> None:
    has_runs(run_of(completed(), "run-7"))
    assert status("flights", run_id="run-8") == 2
    message = "error: pipeline 'flights' has no run 'run-8' in environment 'local'; its latest: run-7\n"
    assert capsys.readouterr().err == message


def test_pipeline_that_never_ran_is_wrong_use(has_runs: HasRuns, capsys: pytest.CaptureFixture[str]) -> None:
    has_runs()
    assert status("flights") == 2
    assert "pipeline 'flights' has no run yet in environment 'local'" in capsys.readouterr().err


def test_status_that_may_not_be_asked_exits_6_with_a_remedy(
    aws: ScriptedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.answers["GetWorkflowRuns"] = [Fault("AccessDeniedException", "not yours")]
    assert status("flights") == 6
    assert "ask for the permission" in capsys.readouterr().err


def attach(time: FakeTime, **options: Any) -> int:
    given = {"run_id": None, "timeout": None, "as_json": False, "profile": None, "verbose": False, "on_interrupt": None}
    return attach_command("flights", "local", **{**given, **options}, time=time.as_time())


def test_attach_waits_for_a_run_that_goes_on_and_starts_none(
    aws: ScriptedAws, has_runs: HasRuns, put_record: PutRecord, fake_time: FakeTime, capsys: pytest.CaptureFixture[str]
) -> None:
    running = run_of(workflow_run("RUNNING", crawls=[crawl()], jobs=[job_run("RUNNING")]))
    has_runs(running)
    aws.answers["GetWorkflowRun"] = on_the_wire([{"Run": running}, {"Run": running}, {"Run": run_of(completed())}])
    put_record(record(RUN_ID))
    assert attach(fake_time) == 0
    assert capsys.readouterr().out.endswith("final_status: SUCCEEDED\n")
    assert aws.count("StartWorkflowRun") == 0


def test_attach_to_a_run_that_failed_exits_as_start_would(has_runs: HasRuns, fake_time: FakeTime) -> None:
    has_runs(run_of(completed(jobs=[job_run("FAILED", ErrorMessage="no")])))
    assert attach(fake_time) == 1


def test_attach_ends_with_its_time_limit(has_runs: HasRuns, fake_time: FakeTime) -> None:
    has_runs(run_of(workflow_run("RUNNING", crawls=[crawl("RUNNING")])))
    assert attach(fake_time, timeout="10s") == 3


def stop(time: FakeTime, run_id: str | None = None) -> int:
    return stop_command("flights", "local", run_id=run_id, as_json=False, profile=None, time=time.as_time())


def test_stop_waits_until_the_run_is_stopped(aws: ScriptedAws, has_runs: HasRuns, fake_time: FakeTime) -> None:
    running = run_of(workflow_run("RUNNING", crawls=[crawl()], jobs=[job_run("RUNNING")]))
    stopping = run_of(workflow_run("STOPPING", crawls=[crawl()], jobs=[job_run("STOPPING")]))
    stopped = run_of(workflow_run("STOPPED", crawls=[crawl()], jobs=[job_run("STOPPED")]))
    has_runs(running)
    aws.answers["GetWorkflowRun"] = on_the_wire([{"Run": running}, {"Run": stopping}, {"Run": stopped}])
    aws.answers["StopWorkflowRun"] = [{}]
    assert stop(fake_time) == 0
    assert aws.last("StopWorkflowRun") == {"Name": "lake-local-flights", "RunId": "wr_1"}
    assert aws.count("GetWorkflowRun") == 3


def test_stop_of_a_run_that_has_ended_asks_nothing_and_exits_as_it_ended(
    aws: ScriptedAws, has_runs: HasRuns, fake_time: FakeTime, capsys: pytest.CaptureFixture[str]
) -> None:
    has_runs(run_of(completed(jobs=[job_run("TIMEOUT")])))
    assert stop(fake_time) == 3
    assert "run run-1 has ended already" in capsys.readouterr().out
    assert aws.count("StopWorkflowRun") == 0


def test_logs_prints_every_line_of_the_job_and_nothing_else(
    aws: ScriptedAws, has_runs: HasRuns, capsys: pytest.CaptureFixture[str]
) -> None:
    has_runs(run_of(completed()))
    aws.logs = {"/aws-glue/jobs/output": {JOB_RUN_ID: ["a", "b", "c", "d"]}}
    assert logs_command("flights", "local", run_id=None, follow=False, verbose=False, profile=None) == 0
    assert capsys.readouterr().out == "a\nb\nc\nd\n"


def test_followed_logs_go_on_until_the_run_ends(
    aws: ScriptedAws, has_runs: HasRuns, fake_time: FakeTime, capsys: pytest.CaptureFixture[str]
) -> None:
    running = run_of(workflow_run("RUNNING", crawls=[crawl()], jobs=[job_run("RUNNING")]))
    has_runs(running)
    log = ["a"]
    aws.logs = {"/aws-glue/jobs/output": {JOB_RUN_ID: log}}
    looks = on_the_wire([{"Run": running}, {"Run": running}, {"Run": run_of(completed())}])

    def look(_: dict[str, Any]) -> Answer:
        log.append(f"line {len(log)}")
        answer: Answer = looks.pop(0)
        return answer

    aws.answers["GetWorkflowRun"] = look
    time = fake_time.as_time()
    assert logs_command("flights", "local", run_id=None, follow=True, verbose=False, profile=None, time=time) == 0
    assert capsys.readouterr().out == "a\nline 1\nline 2\nline 3\n"


def test_list_shows_every_pipeline_with_its_last_run(
    aws: ScriptedAws, put_record: PutRecord, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = {"lake-local-flights": [run_of(completed(), "old"), run_of(completed(), "new", "wr_2", started=50)]}
    aws.answers["GetWorkflowRuns"] = lambda body: (
        MISSING if body["Name"] == "lake-local-planes" else on_the_wire({"Runs": runs.get(body["Name"], [])})
    )
    by_id = {run["WorkflowRunId"]: run for run in runs["lake-local-flights"]}
    aws.answers["GetWorkflowRun"] = lambda body: on_the_wire({"Run": by_id[body["RunId"]]})
    put_record(record("new"))
    assert list_command("local", as_json=False, profile=None) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines["flights"].split()[1] == "SUCCEEDED"
    assert "336,760" in lines["flights"]
    assert lines["flights"].rstrip().endswith("new")
    assert "not deployed" in lines["planes"]
    assert "never ran" in lines["weather"]


def test_history_shows_the_latest_first_with_rows_and_duration(
    has_runs: HasRuns, put_record: PutRecord, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = run_of(
        completed(jobs=[job_run("FAILED", ErrorMessage="no")], CompletedOn=at(160)), "b", "wr_2", started=100
    )
    has_runs(run_of(completed(), "a", "wr_1", started=0), failed)
    put_record(record("a"))
    assert history_command("flights", "local", limit=20, plot=True, as_json=False, profile=None) == 0
    table, _, plot = capsys.readouterr().out.partition("\n\n")
    rows = [line.split() for line in table.splitlines()[1:]]
    assert [row[0] for row in rows] == ["b", "a"]
    assert rows[0][3:] == ["1", "min", "FAILED"]
    assert rows[1][-3:] == ["336,776", "336,760", "12"]
    assert [line.split()[0] for line in plot.splitlines()[1:]] == ["a", "b"]
    assert "█" * 20 in plot


def test_history_as_json_is_one_object_a_run(
    has_runs: HasRuns, put_record: PutRecord, capsys: pytest.CaptureFixture[str]
) -> None:
    has_runs(*(run_of(completed(), f"run-{number}", f"wr_{number}", started=number) for number in range(5)))
    assert history_command("flights", "local", limit=2, plot=False, as_json=True, profile=None) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [run["run_id"] for run in found] == ["run-4", "run-3"]
    # They left no record, which no success goes without.
    assert [(run["status"], run["rows"]) for run in found] == [("FAILED", None), ("FAILED", None)]


@pytest.fixture
def raw_objects(aws: ScriptedAws) -> ScriptedAws:
    for month in (5, 6, 7):
        for day in (1, 2):
            path = f"{RAW_BUCKET}/raw/flights/month=0{month}/{day}.csv"
            aws.objects[path], aws.written[path] = b"x" * 10, EPOCH + month * 86400
    return aws


def backfill(time: FakeTime, *, no_wait: bool = True, **options: Any) -> int:
    start = StartOptions(pipelines=["flights"], env="local", run_id=RUN_ID, no_wait=no_wait)
    return backfill_command(BackfillOptions(start, **options), time.as_time())


def test_backfill_of_a_prefix_starts_a_run_that_is_asked_for_it(
    raw_objects: ScriptedAws, fake_time: FakeTime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backfill(fake_time, prefix="raw/flights/month=06/", yes=True) == 0
    asked = {"run_id": RUN_ID, "reprocess_prefix": "raw/flights/month=06/"}
    assert raw_objects.last("StartWorkflowRun")["RunProperties"] == asked
    told = "flights: 2 objects, 20 bytes (raw/flights/month=06/1.csv … raw/flights/month=06/2.csv): consumed again"
    assert told in capsys.readouterr().err


def test_backfill_of_a_time_range_counts_what_arrived_in_it(
    raw_objects: ScriptedAws, fake_time: FakeTime, capsys: pytest.CaptureFixture[str]
) -> None:
    begin, end = at(5 * 86400).isoformat(), at(7 * 86400).isoformat()
    assert backfill(fake_time, begin=begin, end=end, yes=True) == 0
    properties = raw_objects.last("StartWorkflowRun")["RunProperties"]
    assert (properties["reprocess_from"], properties["reprocess_to"]) == (begin, end)
    assert "flights: 4 objects, 40 bytes" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["release", "exclude"])
def test_refused_objects_are_released_or_set_aside(raw_objects: ScriptedAws, fake_time: FakeTime, option: str) -> None:
    asked: dict[str, Any] = {option: "raw/flights/month=05/1.csv", "yes": True}
    assert backfill(fake_time, **asked) == 0
    properties = raw_objects.last("StartWorkflowRun")["RunProperties"]
    assert properties == {"run_id": RUN_ID, f"{option}_prefix": "raw/flights/month=05/1.csv"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "what to do is missing: give --prefix, --from, --to (consume again), --release or --exclude"),
        (
            {"release": "raw/flights/", "prefix": "raw/flights/"},
            "--release goes with no other of --prefix, --from, --to, --release, --exclude: "
            "a run does one thing at a time",
        ),
        ({"prefix": "raw/planes/"}, "--prefix 'raw/planes/': allowed are prefixes that begin with raw/flights/"),
        ({"begin": "June"}, "--from 'June': allowed are times like 2013-01-31 or 2013-01-31T06:00Z (UTC)"),
        ({"prefix": "raw/flights/month=11/"}, "there is no such object in the raw bucket; nothing was started"),
    ],
)
def test_backfill_of_what_cannot_be_is_wrong_use(
    raw_objects: ScriptedAws,
    fake_time: FakeTime,
    capsys: pytest.CaptureFixture[str],
    options: dict[str, Any],
    message: str,
) -> None:
    assert backfill(fake_time, **options, yes=True) == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"error: {message}"
    assert raw_objects.count("StartWorkflowRun") == 0


def test_backfill_without_a_terminal_and_without_yes_starts_nothing(
    raw_objects: ScriptedAws, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert backfill(fake_time, prefix="raw/flights/") == 2
    assert raw_objects.count("StartWorkflowRun") == 0


def doctor(aws: ScriptedAws, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = doctor_command("local", as_json=False, profile=None)
    return code, capsys.readouterr().out


def test_doctor_names_stacks_that_are_missing_with_their_remedy(
    aws: ScriptedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = doctor(aws, capsys)
    assert code == 1
    assert "ok   stack lake-local: CREATE_COMPLETE" in out
    assert "BAD  stack lake-local-flights: is not deployed\n     make deploy ENV=local" in out


def test_doctor_names_permissions_that_are_missing(aws: ScriptedAws, capsys: pytest.CaptureFixture[str]) -> None:
    aws.answers["GetCrawler"] = [Fault("AccessDeniedException")]
    _, out = doctor(aws, capsys)
    assert "BAD  glue:GetCrawler: denied for flights, planes, weather" in out
