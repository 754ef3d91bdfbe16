"""A pipeline that starts by itself, where its environment has schedules on: by the clock, and when objects arrive."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from lake.config import Config, load_config
from lake.dataset import Dataset
from lake.names import Names
from lake.starting import OnArrival
from local import process
from local.settings import Settings
from tests.integration.aws import wait_for
from tests.integration.conftest import free_port
from tests.integration.lake import Lake
from tests.integration.raw import curated_rows
from tests.unit.stacks.synthesis import synthesize

pytestmark = [pytest.mark.integration, pytest.mark.soak]

NAMES = Names("local")
TRIPS = Dataset.model_validate(
    {
        "name": "trips",
        "source": {"prefix": "raw/trips/", "format": "csv", "options": {"header": True}},
        "columns": [{"name": "id", "type": "bigint", "required": True}, {"name": "city", "type": "string"}],
        "key": ["id"],
        "schedule": "rate(1 minute)",
        "on_arrival": OnArrival(batch_size=1),
    }
)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """Environment `local` with schedules on and one dataset, deployed."""
    folder = tmp_path_factory.mktemp("starting")
    local = load_config("local").environment
    environment = local.model_copy(update={"schedules": True, "default_pipeline": TRIPS.name})
    synthesize(Config(environment=environment, datasets=(TRIPS,)), folder / "cdk.out")
    settings = Settings(port=free_port(), state_dir=folder / "emulator")
    process.start(settings)
    deployed = Lake(settings, folder / "cdk.out")
    deployed.cdk("bootstrap", "--app", str(deployed.output))
    deployed.cdk("deploy", "--app", str(deployed.output))
    yield deployed
    process.stop(settings)


def runs(lake: Lake, workflow: str) -> list[Any]:
    found = lake.aws.client("glue").get_workflow_runs(Name=workflow, IncludeGraph=True)["Runs"]
    return sorted(found, key=lambda run: run["StartedOn"])


def over(lake: Lake, workflow: str, *, more_than: int = 0) -> list[Any]:
    """The runs of a workflow, once there are more than so many and all have ended."""

    def look() -> list[Any] | None:
        found = runs(lake, workflow)
        going_on = [run for run in found if run["Status"] in ("RUNNING", "STOPPING")]
        return found if len(found) > more_than and not going_on else None

    found: list[Any] = wait_for(look, seconds=240, what=f"the end of the runs of {workflow}")
    return found


def job_states(run: Any) -> list[str]:
    return [
        job_run["JobRunState"]
        for node in run["Graph"]["Nodes"]
        if node["Type"] == "JOB"
        for job_run in node.get("JobDetails", {}).get("JobRuns", [])
    ]


def rows(lake: Lake) -> list[dict[str, Any]]:
    return sorted(curated_rows(lake, "trips").select(["id", "city"]).to_pylist(), key=lambda row: row["id"])


def test_a_schedule_that_is_due_and_an_object_that_arrives_each_start_a_run_by_themselves(lake: Lake) -> None:
    pipeline, arrivals = NAMES.pipeline("trips"), NAMES.arrivals("trips")
    lake.put_raw("raw/trips/a.csv", "id,city\n1,Paris\n")

    there = datetime.now(UTC)

    # What was due before the object was there found nothing to crawl.
    def started_since_and_succeeded() -> Any:
        since = (run for run in runs(lake, pipeline) if run["StartedOn"] > there)
        return next((run for run in since if job_states(run) == ["SUCCEEDED"]), None)

    due = wait_for(started_since_and_succeeded, seconds=300, what=f"a run of {pipeline} with a job that succeeded")
    assert {node["Type"] for node in due["Graph"]["Nodes"]} >= {"CRAWLER", "JOB"}
    lake.aws.client("scheduler").delete_schedule(Name=pipeline)
    over(lake, pipeline)
    before = len(over(lake, arrivals))
    assert rows(lake) == [{"id": 1, "city": "Paris"}]

    lake.put_raw("raw/elsewhere/b.csv", "id,city\n3,Rome\n")
    lake.put_raw("raw/trips/b.csv", "id,city\n2,Lyon\n")

    after = over(lake, arrivals, more_than=before)
    assert len(after) == before + 1
    assert job_states(after[-1]) == ["SUCCEEDED"]
    assert rows(lake) == [{"id": 1, "city": "Paris"}, {"id": 2, "city": "Lyon"}]
    key = NAMES.record_key("trips", after[-1]["WorkflowRunId"])
    record = json.loads(lake.aws.client("s3").get_object(Bucket=lake.curated_bucket, Key=key)["Body"].read())
    assert (record["outcome"], record["files"]["consumed"]) == ("published", 1)
