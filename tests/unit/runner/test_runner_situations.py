"""What `python run.py start` prints and exits with, in each situation, with boto3 against a scripted AWS."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.unit.runner.conftest import CURATED_BUCKET, RUN_ID, Ran
from tests.unit.runner.fake_time import FakeTime
from tests.unit.runner.scripted_aws import Dropped, Fault, ScriptedAws
from tests.unit.runner.workflow_runs import (
    JOB_RUN_ID,
    completed,
    crawl,
    job_run,
    on_the_wire,
    record,
    workflow_run,
)

RunStart = Callable[..., Ran]
PutRecord = Callable[[dict[str, Any]], None]
THROTTLED = Fault("ThrottlingException", "Rate exceeded")
AT_LIMIT = Fault("ConcurrentRunsExceededException", "1 run")


def seen(*runs: dict[str, Any] | Fault | Dropped) -> list[Any]:
    """Answers of GetWorkflowRun, in turn."""
    return [on_the_wire({"Run": run}) if isinstance(run, dict) else run for run in runs]


def last_line(text: str) -> str:
    return text.rstrip("\n").rpartition("\n")[2]


@pytest.fixture
def success(aws: ScriptedAws, put_record: PutRecord) -> ScriptedAws:
    aws.answers["GetWorkflowRun"] = seen(
        workflow_run("RUNNING", crawls=[crawl("RUNNING")]),
        workflow_run("RUNNING", crawls=[crawl()], jobs=[job_run("STARTING")]),
        workflow_run("RUNNING", crawls=[crawl()], jobs=[job_run("RUNNING")]),
        completed(),
    )
    put_record(record(RUN_ID))
    return aws


def test_success_ends_with_its_status_and_exit_0(success: ScriptedAws, run_start: RunStart) -> None:
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (0, "final_status: SUCCEEDED")
    assert success.last("GetWorkflowRun") == {"Name": "lake-local-flights", "RunId": "wr_1", "IncludeGraph": True}


def test_what_is_shown_can_be_saved_whole_as_a_picture_that_names_no_server(
    success: ScriptedAws, run_start: RunStart, tmp_path: Path
) -> None:
    file = tmp_path / "run.svg"
    ran = run_start("flights", svg=str(file))
    assert ran.code == 0
    picture = file.read_text()
    assert "336,776" in picture
    assert "SUCCEEDED" in picture
    assert not [line for line in ran.out.splitlines() if line.replace(" ", "\xa0") not in unescape(picture)]
    assert set(re.findall(r"https?://[^/\" ]+", picture)) <= {"http://www.w3.org", "https://www.textualize.io"}


def test_without_a_name_the_default_pipeline_runs(success: ScriptedAws, run_start: RunStart) -> None:
    assert run_start().code == 0
    assert success.last("StartWorkflowRun")["Name"] == "lake-local-flights"


def test_success_shows_every_count_of_rows(success: ScriptedAws, run_start: RunStart) -> None:
    lines = [line.split("rows")[-1].strip() for line in run_start("flights").out.splitlines()]
    assert "336,776 read" in lines
    assert "336,760 curated (336,000 inserted, 700 updated, 60 unchanged)" in lines
    assert "4 superseded" in lines
    assert "12 quarantined" in lines


def test_success_shows_files_and_quarantine_by_reason_with_examples(success: ScriptedAws, run_start: RunStart) -> None:
    out = run_start("flights").out
    assert "365 new, 364 consumed, 31.1 MB" in out
    worst = out.index("10  carrier: is required")
    assert worst < out.index("2  dep_time: not an int")
    assert "for example: 2013,1,1,late,UA\n" in out
    assert 'for example: {"year": "2013", "carrier": ""}\n' in out


def test_each_change_of_a_node_is_one_line_without_a_terminal(success: ScriptedAws, run_start: RunStart) -> None:
    lines = [line for line in run_start("flights").out.splitlines() if line.startswith("flights: ")]
    assert lines == [
        "flights: started in local, run run-1",
        "flights: workflow run wr_1",
        "flights: crawl RUNNING",
        "flights: crawl SUCCEEDED after 11 s",
        "flights: job STARTING",
        "flights: job RUNNING",
        "flights: job SUCCEEDED after 46 s",
    ]


def test_preview_that_fails_is_a_warning_and_the_run_a_success(success: ScriptedAws, run_start: RunStart) -> None:
    success.answers["GetTable"] = [Fault("AccessDeniedException", "no GetTable for you")]
    ran = run_start("flights")
    assert "warning: no preview of lake_local_curated.flights: " in ran.out
    assert "no GetTable for you" in ran.out
    assert ran.code == 0


def test_json_is_one_object_on_stdout_with_the_fields_of_the_interface(
    success: ScriptedAws, run_start: RunStart
) -> None:
    ran = run_start("flights", json=True)
    assert last_line(ran.err) == "final_status: SUCCEEDED"
    assert len(ran.out.splitlines()) == 1
    assert json.loads(ran.out) == {
        "pipeline": "flights",
        "env": "local",
        "run_id": "run-1",
        "workflow_run_id": "wr_1",
        "final_status": "SUCCEEDED",
        "started_at": "2013-01-01T06:00:00Z",
        "ended_at": "2013-01-01T06:01:01Z",
        "nodes": [
            {
                "type": "CRAWLER",
                "name": "lake-local-flights",
                "state": "SUCCEEDED",
                "started_at": "2013-01-01T06:00:01Z",
                "ended_at": "2013-01-01T06:00:12Z",
                "error": None,
            },
            {
                "type": "JOB",
                "name": "lake-local-flights",
                "state": "SUCCEEDED",
                "started_at": "2013-01-01T06:00:14Z",
                "ended_at": "2013-01-01T06:01:00Z",
                "error": None,
            },
        ],
        "rows": {"read": 336776, "curated": 336760, "superseded": 4, "quarantined": 12},
        "files": {"new": 365, "consumed": 364},
        "rules": [],
        "snapshot_id": 4711,
        "cost": {"dpu_hours": pytest.approx(2 / 60), "usd": pytest.approx(2 / 60 * local_price())},
    }


def local_price() -> float:
    from lake.environment import load_environment

    return load_environment("local").price_per_dpu_hour


def test_json_of_a_run_that_never_was_seen_has_nulls(aws: ScriptedAws, run_start: RunStart) -> None:
    aws.answers["StartWorkflowRun"] = [Fault("AccessDeniedException")]
    ran = run_start("flights", json=True)
    found = json.loads(ran.out)
    assert (found["final_status"], found["workflow_run_id"], found["nodes"]) == ("UNREACHABLE", None, [])
    assert set(found["rows"].values()) | set(found["cost"].values()) == {None}


def test_completed_with_a_failed_crawl_is_failed(aws: ScriptedAws, run_start: RunStart) -> None:
    aws.answers["GetWorkflowRun"] = seen(
        completed(crawls=[crawl("FAILED", ErrorMessage="AccessDenied: s3:ListBucket")], jobs=None)
    )
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (1, "final_status: FAILED")
    assert "AccessDenied: s3:ListBucket" in ran.out


def test_failed_job_shows_its_error_and_its_traceback(aws: ScriptedAws, run_start: RunStart) -> None:
    aws.answers["GetWorkflowRun"] = seen(completed(jobs=[job_run("FAILED", ErrorMessage="KeyError: 'carrier'")]))
    aws.logs["/aws-glue/jobs/error"] = {
        f"{JOB_RUN_ID}-driver": ["starting", "Traceback (most recent call last):", '  File "x.py", line 1', "KeyError"]
    }
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (1, "final_status: FAILED")
    assert "job lake-local-flights ended as FAILED: KeyError: 'carrier'" in ran.out
    assert '  Traceback (most recent call last):\n    File "x.py", line 1\n  KeyError\n' in ran.out


def test_log_that_cannot_be_read_is_a_warning(
    aws: ScriptedAws, run_start: RunStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = Fault("AccessDeniedException", "no logs for you")
    monkeypatch.setattr(aws, "_log_streams", lambda body: denied)
    aws.answers["GetWorkflowRun"] = seen(completed(jobs=[job_run("FAILED", ErrorMessage="boom")]))
    ran = run_start("flights")
    assert ran.code == 1
    assert "warning: the job's log could not be read: " in ran.out
    assert "no logs for you" in ran.out


@pytest.mark.parametrize(
    ("run", "code", "status"),
    [
        (completed(jobs=[job_run("STOPPED")]), 4, "STOPPED"),
        (workflow_run("STOPPED", crawls=[crawl()], jobs=[job_run("STOPPED")]), 4, "STOPPED"),
        (completed(jobs=[job_run("TIMEOUT")]), 3, "TIMED_OUT"),
        (completed(jobs=None), 1, "FAILED"),
        (workflow_run("ERROR", ErrorMessage="limit"), 1, "FAILED"),
        (completed(jobs=[job_run("EXPIRED")]), 1, "FAILED"),
        (completed(jobs=[job_run("FAILED", ErrorMessage="REFUSED: 7% quarantined")]), 5, "REFUSED"),
    ],
)
def test_each_bad_end_has_its_status_and_exit_code(
    aws: ScriptedAws, run_start: RunStart, run: dict[str, Any], code: int, status: str
) -> None:
    aws.answers["GetWorkflowRun"] = seen(run)
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (code, f"final_status: {status}")


def test_refused_run_shows_why_and_what_was_quarantined(
    aws: ScriptedAws, run_start: RunStart, put_record: PutRecord
) -> None:
    aws.answers["GetWorkflowRun"] = seen(completed(jobs=[job_run("FAILED", ErrorMessage="exit status 1")]))
    put_record(record(RUN_ID, "refused", reason="7% quarantined, 5% allowed"))
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (5, "final_status: REFUSED")
    assert "flights: 7% quarantined, 5% allowed" in ran.out
    assert "carrier: is required" in ran.out


def test_succeeded_job_without_a_record_is_failed(aws: ScriptedAws, run_start: RunStart) -> None:
    aws.answers["GetWorkflowRun"] = seen(completed())
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (1, "final_status: FAILED")
    assert f"the job left no record at s3://{CURATED_BUCKET}/ops/records/flights/run-1.json" in ran.out


def test_record_that_may_not_be_read_is_unreachable(aws: ScriptedAws, run_start: RunStart) -> None:
    aws.answers["GetWorkflowRun"] = seen(completed())
    aws.objects[f"{CURATED_BUCKET}/ops/records/flights/run-1.json"] = Fault("AccessDenied", "denied", 403)
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (6, "final_status: UNREACHABLE")


def test_unknown_states_are_said_once_and_waited_through(
    aws: ScriptedAws, run_start: RunStart, put_record: PutRecord
) -> None:
    strange = workflow_run("HIBERNATING", crawls=[crawl()], jobs=[job_run("DREAMING")])
    aws.answers["GetWorkflowRun"] = seen(strange, strange, strange, completed())
    put_record(record(RUN_ID))
    ran = run_start("flights")
    assert ran.code == 0
    assert ran.out.count("workflow run state 'HIBERNATING' is not known here; it counts as running") == 1
    assert ran.out.count("job state 'DREAMING' is not known here; it counts as running") == 1


def test_throttling_and_dropped_connections_are_survived(
    aws: ScriptedAws, run_start: RunStart, put_record: PutRecord
) -> None:
    running = workflow_run("RUNNING", crawls=[crawl()])
    aws.answers["GetWorkflowRun"] = seen(THROTTLED, running, Dropped(), THROTTLED, Fault("X", status=503), completed())
    put_record(record(RUN_ID))
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (0, "final_status: SUCCEEDED")
    assert aws.count("GetWorkflowRun") == 6
    assert aws.count("StartWorkflowRun") == 1


def test_throttled_until_the_time_limit_is_unreachable(
    aws: ScriptedAws, run_start: RunStart, fake_time: FakeTime
) -> None:
    fake_time.stretch = 10
    aws.answers["GetWorkflowRun"] = [THROTTLED]
    ran = run_start("flights", timeout="5m")
    assert (ran.code, last_line(ran.out)) == (6, "final_status: UNREACHABLE")
    assert "how the run ended is not known: run-1" in ran.out


@pytest.mark.parametrize("code", ["AccessDeniedException", "ExpiredTokenException", "EntityNotFoundException"])
def test_refused_look_is_not_tried_again(aws: ScriptedAws, run_start: RunStart, code: str) -> None:
    aws.answers["GetWorkflowRun"] = [Fault(code)]
    assert run_start("flights").code == 6
    assert aws.count("GetWorkflowRun") == 1


def test_time_limit_says_that_the_run_goes_on(aws: ScriptedAws, run_start: RunStart, fake_time: FakeTime) -> None:
    aws.answers["GetWorkflowRun"] = seen(workflow_run("RUNNING", crawls=[crawl("RUNNING")]))
    ran = run_start("flights", timeout="90s")
    assert (ran.code, last_line(ran.out)) == (3, "final_status: TIMED_OUT")
    assert "not over after 1 min 30 s; the run goes on: run-1, workflow run wr_1" in ran.out
    assert fake_time.now == 1090


def test_without_a_time_limit_the_waiting_ends_all_the_same(
    aws: ScriptedAws, run_start: RunStart, fake_time: FakeTime
) -> None:
    aws.answers["GetWorkflowRun"] = seen(workflow_run("RUNNING", crawls=[crawl("RUNNING")]))
    fake_time.stretch = 100
    ran = run_start("flights")
    assert ran.code == 3
    assert fake_time.now >= 1000 + 2 * 3600


def test_ctrl_c_says_that_the_run_goes_on(aws: ScriptedAws, run_start: RunStart, fake_time: FakeTime) -> None:
    aws.answers["GetWorkflowRun"] = seen(workflow_run("RUNNING", crawls=[crawl("RUNNING")]))
    fake_time.interrupt_at = 1010
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (130, "final_status: INTERRUPTED")
    assert "interrupted; the run goes on: run-1, workflow run wr_1" in ran.out


def test_no_wait_starts_and_leaves(aws: ScriptedAws, run_start: RunStart) -> None:
    ran = run_start("flights", no_wait=True)
    assert (ran.code, last_line(ran.out)) == (0, "final_status: STARTED")
    assert [action for action, _ in aws.calls] == ["DescribeStacks", "PutObject", "StartWorkflowRun", "PutObject"]


def test_run_id_is_new_where_none_is_given(aws: ScriptedAws, run_start: RunStart) -> None:
    ids = set()
    for _ in range(2):
        run_start("flights", run_id=None, no_wait=True)
        ids.add(aws.last("StartWorkflowRun")["RunProperties"]["run_id"])
    assert len(ids) == 2


def test_pipeline_that_is_not_deployed_is_wrong_use_with_its_remedy(aws: ScriptedAws, run_start: RunStart) -> None:
    aws.answers["StartWorkflowRun"] = [Fault("EntityNotFoundException")]
    ran = run_start("flights")
    assert ran.code == 2
    assert ran.err == (
        "error: pipeline 'flights' is not deployed in environment 'local' (no workflow lake-local-flights); "
        "deploy it: make deploy ENV=local\n"
    )


def test_unknown_pipeline_is_wrong_use_and_lists_the_known(aws: ScriptedAws, run_start: RunStart) -> None:
    from lake.dataset import dataset_names

    ran = run_start("nosuch")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: unknown pipeline 'nosuch'; known: {', '.join(dataset_names())}\n"
    assert aws.calls == []


def test_unknown_environment_is_wrong_use_and_lists_the_known(run_start: RunStart) -> None:
    ran = run_start("flights", env="nosuch")
    assert ran.code == 2
    assert ran.err == "error: unknown environment 'nosuch'; known: dev, local, prod, staging\n"


@pytest.mark.parametrize("options", [{"run_id": "a/b"}, {"timeout": "soon"}])
def test_wrong_option_starts_nothing(aws: ScriptedAws, run_start: RunStart, options: dict[str, str]) -> None:
    assert run_start("flights", **options).code == 2
    assert aws.calls == []


def test_endpoint_off_loopback_is_wrong_use(run_start: RunStart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://example.org:4566")
    ran = run_start("flights")
    assert ran.code == 2
    assert "loopback" in ran.err


def test_local_aws_that_does_not_answer_is_unreachable_at_once(
    run_start: RunStart, monkeypatch: pytest.MonkeyPatch, fake_time: FakeTime, unused_port: int
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{unused_port}")
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (6, "final_status: UNREACHABLE")
    assert "make up" in ran.out
    assert fake_time.slept == []


def test_expired_credentials_are_unreachable_with_the_command_that_renews(
    aws: ScriptedAws, run_start: RunStart
) -> None:
    aws.answers["StartWorkflowRun"] = [Fault("ExpiredTokenException", "expired")]
    ran = run_start("flights", profile="ops")
    assert ran.code == 6
    assert "aws sso login --profile ops" in ran.out


def test_run_starts_when_the_one_before_it_has_ended(success: ScriptedAws, run_start: RunStart) -> None:
    success.answers["StartWorkflowRun"] = [AT_LIMIT, AT_LIMIT, AT_LIMIT, {"RunId": "wr_2"}]
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (0, "final_status: SUCCEEDED")
    assert f"flights: another run goes on in local; run {RUN_ID} starts when that has ended" in ran.out
    assert success.last("GetWorkflowRun")["RunId"] == "wr_2"


def test_run_that_could_not_start_within_its_time_limit_says_so(aws: ScriptedAws, run_start: RunStart) -> None:
    aws.answers["StartWorkflowRun"] = [AT_LIMIT]
    ran = run_start("flights", timeout="20s")
    assert (ran.code, last_line(ran.out)) == (3, "final_status: TIMED_OUT")
    assert "not over after 20 s; not started: the workflow is at its limit of concurrent runs" in ran.out


@pytest.mark.parametrize("options", [{"if_busy": "refuse"}, {"no_wait": True}])
def test_workflow_at_its_limit_is_no_success(aws: ScriptedAws, run_start: RunStart, options: dict[str, Any]) -> None:
    aws.answers["StartWorkflowRun"] = [AT_LIMIT]
    ran = run_start("flights", **options)
    assert (ran.code, last_line(ran.out)) == (1, "final_status: FAILED")
    assert "limit of concurrent runs" in ran.out
    assert aws.count("StartWorkflowRun") == 1


def test_ctrl_c_before_a_queued_run_began_says_that_it_was_not_started(
    aws: ScriptedAws, run_start: RunStart, fake_time: FakeTime
) -> None:
    aws.answers["StartWorkflowRun"] = [AT_LIMIT]
    fake_time.interrupt_at = fake_time.now + 5
    ran = run_start("flights")
    assert (ran.code, last_line(ran.out)) == (130, "final_status: INTERRUPTED")
    assert "interrupted; not started" in ran.out


def test_second_use_of_a_run_id_reports_the_same_run(success: ScriptedAws, run_start: RunStart) -> None:
    first, second = run_start("flights"), run_start("flights")
    assert (first.code, second.code) == (0, 0)
    assert f"flights: joined in local, run {RUN_ID}\nflights: workflow run wr_1\n" in second.out
    assert success.count("StartWorkflowRun") == 1


def test_data_cannot_steer_the_terminal(aws: ScriptedAws, run_start: RunStart, put_record: PutRecord) -> None:
    aws.answers["GetWorkflowRun"] = seen(completed())
    evil = {"reason": "[red]bad\x1b[2J", "rows": 1, "example": "a\x07b"}
    put_record(record(RUN_ID, quarantine=[evil]))
    out = run_start("flights").out
    assert "[red]bad\\x1b[2J" in out
    assert "\x1b[2J" not in out
    assert "\x07" not in out


@pytest.fixture
def two_pipelines(aws: ScriptedAws, put_record: PutRecord, monkeypatch: pytest.MonkeyPatch) -> ScriptedAws:
    """Flights succeeds, weather's job fails."""
    monkeypatch.setattr("runner.command.dataset_names", lambda: ["flights", "weather"])
    aws.answers["GetWorkflow"] = [{"Workflow": {}}]
    aws.answers["StartWorkflowRun"] = lambda body: {"RunId": f"wr_{body['Name']}"}
    ends = {
        "lake-local-flights": completed(),
        "lake-local-weather": completed(jobs=[job_run("FAILED", ErrorMessage="boom")]),
    }
    aws.answers["GetWorkflowRun"] = lambda body: seen(ends[body["Name"]])[0]
    put_record(record(RUN_ID))
    return aws


def test_of_several_pipelines_the_gravest_decides(two_pipelines: ScriptedAws, run_start: RunStart) -> None:
    ran = run_start("flights", "weather", timeout="5m", json=True)
    assert (ran.code, last_line(ran.err)) == (1, "final_status: FAILED")
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [(one["pipeline"], one["final_status"]) for one in found] == [
        ("flights", "SUCCEEDED"),
        ("weather", "FAILED"),
    ]


def test_of_several_pipelines_none_starts_where_one_is_not_deployed(
    two_pipelines: ScriptedAws, run_start: RunStart
) -> None:
    two_pipelines.answers["GetWorkflow"] = [{"Workflow": {}}, Fault("EntityNotFoundException")]
    ran = run_start("flights", "weather", timeout="5m")
    assert ran.code == 2
    assert "pipeline 'weather' is not deployed" in ran.err
    assert two_pipelines.count("StartWorkflowRun") == 0


def test_same_pipeline_twice_is_started_once(success: ScriptedAws, run_start: RunStart) -> None:
    assert run_start("flights", "flights").code == 0
    assert success.count("StartWorkflowRun") == 1


def test_interrupt_while_the_second_is_started_reports_every_pipeline(
    two_pipelines: ScriptedAws, run_start: RunStart, fake_time: FakeTime
) -> None:
    def start(body: dict[str, Any]) -> Any:
        return {"RunId": "wr_1"} if body["Name"].endswith("flights") else THROTTLED

    two_pipelines.answers["StartWorkflowRun"] = start
    fake_time.interrupt_at = 1000.1
    ran = run_start("flights", "weather", timeout="5m", json=True)
    assert (ran.code, last_line(ran.err)) == (130, "final_status: INTERRUPTED")
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [(one["pipeline"], one["workflow_run_id"], one["final_status"]) for one in found] == [
        ("flights", "wr_1", "INTERRUPTED"),
        ("weather", None, "INTERRUPTED"),
    ]
