"""What CreateJob takes, refuses, and fills in."""

from typing import Any

import pytest

from local.glue.errors import InvalidInput, Unsupported
from local.glue.jobs.definition import Job

SPARK = {"Name": "glueetl", "ScriptLocation": "s3://b/s.py"}
SHELL = {"Name": "pythonshell", "ScriptLocation": "s3://b/s.py", "PythonVersion": "3.9"}


def job(**members: Any) -> Job:
    return Job("j", {"Name": "j", "Role": "r", "Command": SPARK, **members})


def described(**members: Any) -> dict[str, Any]:
    return job(**members).describe()


@pytest.mark.shows("job-timeout-default", "job-glue-version")
def test_a_spark_job_that_says_nothing_of_its_size_has_glues_defaults() -> None:
    found = described()
    assert (found["WorkerType"], found["NumberOfWorkers"], found["MaxCapacity"]) == ("G.1X", 10, 10.0)
    assert (found["GlueVersion"], found["Timeout"], found["MaxRetries"]) == ("5.1", 480, 0)
    assert found["ExecutionProperty"] == {"MaxConcurrentRuns": 1}
    assert (found["ExecutionClass"], found["JobRunQueuingEnabled"], found["JobMode"]) == ("STANDARD", False, "SCRIPT")


@pytest.mark.shows("job-capacity")
@pytest.mark.parametrize(
    ("worker_type", "dpus"), [("G.1X", 3), ("G.2X", 6), ("G.8X", 24), ("G.12X", 36), ("G.16X", 48), ("R.4X", 12)]
)
def test_the_capacity_is_the_workers_dpus(worker_type: str, dpus: float) -> None:
    assert described(WorkerType=worker_type, NumberOfWorkers=3)["MaxCapacity"] == dpus


@pytest.mark.shows("job-timeout-default")
@pytest.mark.parametrize(("version", "minutes"), [("3.0", 2880), ("4.0", 2880), ("5.0", 480), ("5.1", 480)])
def test_the_default_timeout_follows_the_glue_version(version: str, minutes: int) -> None:
    assert described(Command=SHELL, GlueVersion=version)["Timeout"] == minutes


def test_a_python_shell_job_has_a_sixteenth_of_a_dpu_and_no_workers() -> None:
    found = described(Command=SHELL)
    assert found["MaxCapacity"] == 0.0625
    assert "WorkerType" not in found
    assert "NumberOfWorkers" not in found
    assert described(Command=SHELL, MaxCapacity=1.0)["MaxCapacity"] == 1.0


@pytest.mark.shows("job-max-capacity", "job-flex-workers", "job-retries-range", "job-timeout-range")
@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"MaxCapacity": 2.0}, "give WorkerType and NumberOfWorkers"),
        ({"WorkerType": "G.025X", "NumberOfWorkers": 2}, "for streaming jobs"),
        ({"WorkerType": "Standard", "NumberOfWorkers": 2}, "ended with Glue 1.0"),
        ({"WorkerType": "Z.2X", "NumberOfWorkers": 2}, "for Ray jobs"),
        ({"WorkerType": "G.3X", "NumberOfWorkers": 2}, r"only G\.1X, G\.2X"),
        ({"NumberOfWorkers": 0}, "NumberOfWorkers must be at least 1"),
        ({"ExecutionClass": "FLEX", "WorkerType": "G.4X"}, r"FLEX takes WorkerType G\.1X or G\.2X"),
        ({"Command": SHELL, "ExecutionClass": "FLEX"}, "FLEX is for jobs whose Command.Name is glueetl"),
        ({"Command": SHELL, "MaxCapacity": 0.5}, r"0\.0625 or 1, not 0\.5"),
        ({"Command": SHELL, "WorkerType": "G.1X"}, "WorkerType is not for Python shell jobs"),
        ({"MaxRetries": 11}, "MaxRetries must be from 0 to 10"),
        ({"Timeout": 10_081}, "Timeout must be from 1 to 10080"),
        ({"ExecutionProperty": {"MaxConcurrentRuns": 0}}, "MaxConcurrentRuns must be at least 1"),
        ({"Command": {"Name": "glueetl", "ScriptLocation": "/s.py"}}, "s3://BUCKET/KEY"),
        ({"Command": {"Name": "glueetl", "ScriptLocation": "s3://b/folder/"}}, "s3://BUCKET/KEY"),
    ],
)
def test_a_definition_that_glue_refuses_is_refused_with_what_is_allowed(members: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        job(**members)


@pytest.mark.parametrize("version", ["2", "3.6", "3.13"])
def test_a_python_shell_of_another_python_is_refused_by_name(version: str) -> None:
    with pytest.raises(Unsupported, match=f"PythonVersion {version} of a pythonshell job"):
        job(Command={**SHELL, "PythonVersion": version})


@pytest.mark.shows("job-update-resets")
def test_an_update_resets_what_it_leaves_out() -> None:
    changed = job(Timeout=5, MaxRetries=3, DefaultArguments={"--a": "1"}, Description="before", WorkerType="G.2X")
    changed.replace({"Role": "r2", "Command": SPARK, "MaxRetries": 1})
    found = changed.describe()
    assert (found["Role"], found["MaxRetries"], found["Timeout"]) == ("r2", 1, 480)
    assert (found["WorkerType"], found["MaxCapacity"]) == ("G.1X", 10.0)
    assert {"DefaultArguments", "Description"}.isdisjoint(found)


def test_a_refused_update_changes_nothing() -> None:
    kept = job(Timeout=5)
    with pytest.raises(InvalidInput):
        kept.replace({"Role": "r2", "Command": SPARK, "MaxRetries": 11})
    assert (kept.describe()["Role"], kept.describe()["Timeout"]) == ("r", 5)
