"""What a run will be, of its job's definition and of the request that starts it."""

from typing import Any

import pytest

from local.glue.errors import InvalidInput, Unsupported
from local.glue.jobs.capacity import Capacity
from local.glue.jobs.definition import Job
from local.glue.jobs.planning import Origin, plan_retry, plan_run, run_of_no_job
from local.glue.jobs.run import JobRun

SPARK = {"Name": "glueetl", "ScriptLocation": "s3://b/s.py"}


def run(request: dict[str, Any] | None = None, **members: Any) -> JobRun:
    job = Job("j", {"Role": "service-role/r", "Command": SPARK, **members})
    return plan_run(job, {"JobName": "j", **(request or {})}, Origin())


def test_a_run_has_its_jobs_values_where_it_gives_none() -> None:
    found = run(
        Timeout=7,
        WorkerType="G.2X",
        NumberOfWorkers=3,
        SecurityConfiguration="s",
        NotificationProperty={"NotifyDelayAfter": 3},
        ExecutionClass="FLEX",
        JobRunQueuingEnabled=True,
    ).describe()
    assert (found["Timeout"], found["WorkerType"], found["NumberOfWorkers"], found["MaxCapacity"]) == (7, "G.2X", 3, 6)
    assert (found["SecurityConfiguration"], found["NotificationProperty"]) == ("s", {"NotifyDelayAfter": 3})
    assert (found["ExecutionClass"], found["JobRunQueuingEnabled"]) == ("FLEX", True)


@pytest.mark.shows("job-run-overrides")
def test_a_runs_own_values_win_over_its_jobs() -> None:
    own = {
        "Timeout": 9,
        "WorkerType": "G.1X",
        "NumberOfWorkers": 2,
        "SecurityConfiguration": "own",
        "NotificationProperty": {"NotifyDelayAfter": 9},
        "ExecutionClass": "STANDARD",
        "JobRunQueuingEnabled": False,
        "ExecutionRoleSessionPolicy": "{}",
    }
    found = run(
        own,
        Timeout=7,
        WorkerType="G.2X",
        NumberOfWorkers=3,
        SecurityConfiguration="s",
        NotificationProperty={"NotifyDelayAfter": 3},
        ExecutionClass="FLEX",
        JobRunQueuingEnabled=True,
    ).describe()
    assert {member: found[member] for member in own} == own
    assert found["MaxCapacity"] == 2


def test_a_run_may_change_one_of_worker_type_and_number() -> None:
    assert run({"NumberOfWorkers": 5}, WorkerType="G.2X", NumberOfWorkers=3).plan.capacity == Capacity(10, "G.2X", 5)


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        ({"Timeout": 10_081}, "Timeout must be from 1"),
        ({"MaxCapacity": 2.0}, "give WorkerType and NumberOfWorkers"),
        ({"WorkerType": "G.025X", "NumberOfWorkers": 2}, "for streaming jobs"),
        ({"ExecutionClass": "FLEX", "WorkerType": "G.8X", "NumberOfWorkers": 2}, "FLEX takes"),
        ({"Arguments": {"--scriptLocation": "/s.py"}}, "s3://BUCKET/KEY"),
        ({"Arguments": {"--JOB_NAME": "x"}}, "--JOB_NAME is reserved"),
    ],
)
def test_a_run_is_held_to_the_rules_of_its_job(request_: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        run(request_)


def test_the_old_name_of_capacity_is_refused_by_name() -> None:
    with pytest.raises(Unsupported, match="AllocatedCapacity"):
        run({"AllocatedCapacity": 2})


@pytest.mark.shows("job-script-location")
def test_the_scripts_location_can_be_an_argument() -> None:
    assert run({"Arguments": {"--scriptLocation": "s3://b/other.py"}}).plan.script == "s3://b/other.py"


@pytest.mark.shows("job-run-again")
def test_a_retry_of_an_earlier_run_points_to_it_and_has_its_arguments() -> None:
    job = Job("j", {"Role": "r", "Command": SPARK})
    earlier = plan_run(job, {"JobName": "j", "Arguments": {"--a": "1"}}, Origin())
    again = {"JobName": "j", "JobRunId": earlier.id}
    with pytest.raises(InvalidInput, match="STARTING: a run can be retried when it has ended"):
        plan_retry(job, again, Origin(), earlier)
    earlier.move("FAILED")
    retry = plan_retry(job, again, Origin(), earlier)
    assert (retry.previous_run_id, retry.attempt, retry.plan.arguments) == (earlier.id, 0, {"--a": "1"})
    assert retry.id != earlier.id
    assert plan_retry(job, {**again, "Arguments": {"--a": "2"}}, Origin(), earlier).plan.arguments == {"--a": "2"}


@pytest.mark.shows("job-logs-security", "job-log-prefix", "job-log-stream-prefix")
@pytest.mark.parametrize(
    ("members", "arguments", "group", "stream"),
    [
        ({}, {}, "/aws-glue/jobs", None),
        ({"SecurityConfiguration": "s"}, {}, "/aws-glue/jobs/s-role/r", None),
        ({}, {"--custom-logGroup-prefix": "/own"}, "/own", None),
        ({"SecurityConfiguration": "s"}, {"--custom-logGroup-prefix": "/own"}, "/own/s-role/r", None),
        ({}, {"--custom-logStream-prefix": "nightly"}, "/aws-glue/jobs", "nightly-driver"),
        (
            {"Command": {"Name": "pythonshell", "ScriptLocation": "s3://b/s.py", "PythonVersion": "3.9"}},
            {},
            "/aws-glue/python-jobs",
            None,
        ),
    ],
)
def test_log_groups_and_streams_are_named_as_on_aws(
    members: dict[str, Any], arguments: dict[str, str], group: str, stream: str | None
) -> None:
    found = run({"Arguments": arguments}, **members)
    assert found.describe()["LogGroupName"] == group
    assert (found.logs.output, found.logs.error) == (f"{group}/output", f"{group}/error")
    assert found.logs.stream == (stream or found.id)


@pytest.mark.shows("job-attempts", "job-retries")
def test_each_attempt_has_a_stream_of_its_own() -> None:
    first = run(MaxRetries=2)
    first.move("FAILED")
    second = first.next_attempt()
    assert second is not None
    assert second.logs.stream == second.id == f"{first.id}_attempt_1"
    second.move("FAILED")
    third = second.next_attempt()
    assert third is not None
    assert (third.id, third.attempt, third.previous_run_id) == (f"{first.id}_attempt_2", 2, second.id)
    third.move("FAILED")
    assert third.next_attempt() is None


@pytest.mark.shows("job-timeout-not-retried")
@pytest.mark.parametrize("state", ["STOPPED", "TIMEOUT", "SUCCEEDED", "ERROR"])
def test_only_a_failed_run_is_tried_again(state: str) -> None:
    ended = run(MaxRetries=2)
    ended.move(state)
    assert ended.next_attempt() is None


@pytest.mark.shows("job-dpu-seconds", "job-execution-time")
@pytest.mark.parametrize(
    ("request_", "dpu_seconds"),
    [
        ({}, None),
        ({"ExecutionClass": "FLEX"}, 600.0),
        ({"Arguments": {"--enable-auto-scaling": "true"}}, 600.0),
        ({"Arguments": {"--enable-auto-scaling": "false"}}, None),
    ],
)
def test_dpu_seconds_are_those_of_flexible_and_of_scaling_runs(
    request_: dict[str, Any], dpu_seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(request_, WorkerType="G.2X", NumberOfWorkers=3)
    monkeypatch.setattr("local.glue.jobs.run.now", lambda: 1000.0)
    found.move("RUNNING")
    assert "DPUSeconds" not in found.describe()
    monkeypatch.setattr("local.glue.jobs.run.now", lambda: 1100.0)
    found.move("SUCCEEDED")
    assert found.describe()["ExecutionTime"] == 100
    assert found.describe().get("DPUSeconds") == dpu_seconds


def test_a_run_of_a_job_that_is_not_there_still_says_what_was_to_start_it() -> None:
    found = run_of_no_job({"JobName": "gone"}, Origin(trigger="t", workflow="w", workflow_run_id="wr_1"))
    found.move("ERROR", error="Job with name: gone not found.")
    described = found.describe()
    assert (described["JobName"], described["TriggerName"], described["JobRunState"]) == ("gone", "t", "ERROR")
