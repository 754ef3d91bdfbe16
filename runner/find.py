"""Finding a run among those of its workflow: by its run id, by AWS's, or the latest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from lake.names import RUN_ID_PROPERTY, Names
from runner.aws import Aws
from runner.errors import AwsError, Trouble, WrongUse, asking

if TYPE_CHECKING:
    from mypy_boto3_glue.client import GlueClient
    from mypy_boto3_glue.type_defs import WorkflowRunTypeDef

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_SHOWN: Final = 5
_A_PAGE: Final = 1000


def runs_of(aws: Aws, pipeline: str) -> list[WorkflowRunTypeDef]:
    """Return the runs that AWS still knows (90 days), the latest first, without their graphs: see `look_at`.

    Raises WrongUse where the pipeline is not deployed, AwsError where AWS cannot be asked.
    """
    workflow = Names(aws.environment.name).pipeline(pipeline)
    try:
        with asking(f"list the runs of workflow {workflow}"):
            found = list(workflow_runs(aws.glue, workflow))
    except AwsError as error:
        if error.trouble is Trouble.MISSING:
            raise not_deployed(aws.environment.name, pipeline) from error
        raise
    return sorted(found, key=lambda run: run.get("StartedOn") or _NEVER, reverse=True)


def find_run(aws: Aws, pipeline: str, run_id: str | None = None) -> WorkflowRunTypeDef:
    """Return one run with its graph: that of `run_id` (the run's, or AWS's `wr_…`), else the latest.

    Raises WrongUse where there is none, naming the latest, and AwsError where AWS cannot be asked.
    """
    runs = runs_of(aws, pipeline)
    wanted = [run for run in runs if run_id is None or run_id in (run_id_of(run), run.get("WorkflowRunId"))]
    if not wanted:
        known = ", ".join(run_id_of(run) for run in runs[:_SHOWN])
        which = f"run '{run_id}'" if run_id else "run yet"
        raise WrongUse(
            f"pipeline '{pipeline}' has no {which} in environment '{aws.environment.name}'"
            + (f"; its latest: {known}" if known else "")
        )
    return look_at(aws.glue, wanted[0].get("Name", ""), wanted[0].get("WorkflowRunId", ""))


def look_at(glue: GlueClient, workflow: str, workflow_run_id: str) -> WorkflowRunTypeDef:
    """Return one run as it is now, with its graph. One call; raises AwsError."""
    with asking(f"look at run {workflow_run_id} of workflow {workflow}"):
        return glue.get_workflow_run(Name=workflow, RunId=workflow_run_id, IncludeGraph=True)["Run"]


def run_id_of(run: WorkflowRunTypeDef) -> str:
    """Return the id of a run: what the job takes, else AWS's own."""
    return run.get("WorkflowRunProperties", {}).get(RUN_ID_PROPERTY) or run.get("WorkflowRunId", "")


def not_deployed(env: str, pipeline: str) -> WrongUse:
    """Return the error for a pipeline that is not there."""
    return WrongUse(
        f"pipeline '{pipeline}' is not deployed in environment '{env}' "
        f"(no workflow {Names(env).pipeline(pipeline)}); deploy it: make deploy ENV={env}"
    )


def workflow_runs(glue: GlueClient, workflow: str) -> Iterator[WorkflowRunTypeDef]:
    """Yield every run of a workflow, page by page, in AWS's order; raises what botocore raises."""
    token = ""
    while True:
        page = (
            glue.get_workflow_runs(Name=workflow, MaxResults=_A_PAGE, NextToken=token)
            if token
            else glue.get_workflow_runs(Name=workflow, MaxResults=_A_PAGE)
        )
        yield from page.get("Runs", [])
        token = page.get("NextToken", "")
        if not token:
            return
