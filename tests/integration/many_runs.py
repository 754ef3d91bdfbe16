"""Many runs of one workflow at once: each counts with Spark, then waits its turn for a job that runs once at a time."""

from itertools import pairwise
from typing import Any

from tests.integration.aws import ALLOW_ALL, Aws, wait_for
from tests.integration.workflow_runs import ON_SUCCESS

COUNT = """
from pyspark.sql import SparkSession
print("rows:", SparkSession.builder.getOrCreate().range(1000).repartition(4).count())
"""


def start_runs(aws: Aws, name: str, number: int) -> list[str]:
    """Create workflow `name` and start it `number` times; the ids of the runs."""
    glue, role = aws.client("glue"), aws.role(f"{name}-role", ALLOW_ALL)
    aws.job(f"{name}-count", role, COUNT, ExecutionProperty={"MaxConcurrentRuns": number})
    aws.job(f"{name}-turn", role, "print('my turn')", JobRunQueuingEnabled=True)
    glue.create_workflow(Name=name)
    glue.create_trigger(
        Name=f"{name}-start", Type="ON_DEMAND", WorkflowName=name, Actions=[{"JobName": f"{name}-count"}]
    )
    glue.create_trigger(
        Name=f"{name}-then", Type="CONDITIONAL", WorkflowName=name, Actions=[{"JobName": f"{name}-turn"}],
        Predicate={"Conditions": [{**ON_SUCCESS, "JobName": f"{name}-count"}]}, StartOnCreation=True,
    )  # fmt: skip
    return [glue.start_workflow_run(Name=name)["RunId"] for _ in range(number)]


def ended_runs(aws: Aws, name: str, number: int, *, seconds: float) -> Any:
    """The runs of the workflow with their graphs, once none is live."""
    glue = aws.client("glue")

    def look() -> Any:
        runs = glue.get_workflow_runs(Name=name, IncludeGraph=True)["Runs"]
        return runs if len(runs) == number and all(run["Status"] != "RUNNING" for run in runs) else None

    return wait_for(look, seconds=seconds, what=f"{number} runs of {name}")


def assert_all_succeeded(aws: Aws, name: str, runs: Any) -> None:
    """Each run is COMPLETED with both of its jobs; the second one never ran twice at once."""
    assert {run["Status"] for run in runs} == {"COMPLETED"}
    assert [run["Statistics"]["SucceededActions"] for run in runs] == [2] * len(runs)
    for run in runs:
        attempts = {
            node["Name"]: node["JobDetails"]["JobRuns"] for node in run["Graph"]["Nodes"] if "JobDetails" in node
        }
        (count,), (turn,) = attempts[f"{name}-count"], attempts[f"{name}-turn"]
        assert aws.log("/aws-glue/jobs/output", count["Id"]) == ["rows: 1000"]
        assert turn["StartedOn"] >= count["CompletedOn"]
    turns = aws.client("glue").get_job_runs(JobName=f"{name}-turn")["JobRuns"]
    ended = sorted((turn["CompletedOn"], turn["ExecutionTime"]) for turn in turns)
    assert len(ended) == len(runs)
    # ExecutionTime is rounded to a second.
    for (earlier, _), (later, seconds) in pairwise(ended):
        assert (later - earlier).total_seconds() >= seconds - 1
