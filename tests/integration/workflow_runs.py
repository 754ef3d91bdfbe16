"""Workflow runs as tests look at them."""

from typing import Any

from tests.integration.aws import Aws, wait_for

ON_SUCCESS = {"LogicalOperator": "EQUALS", "State": "SUCCEEDED"}


def ended_run(aws: Aws, workflow: str, run_id: str, *, seconds: float = 120) -> Any:
    """The workflow run with its graph, once it has ended."""
    glue = aws.client("glue")

    def look() -> Any:
        run = glue.get_workflow_run(Name=workflow, RunId=run_id, IncludeGraph=True)["Run"]
        return run if run["Status"] not in ("RUNNING", "STOPPING") else None

    return wait_for(look, seconds=seconds, what=f"workflow run {run_id}")


def node(run: Any, kind: str, name: str) -> Any:
    """A node of the run's graph."""
    return next(one for one in run["Graph"]["Nodes"] if (one["Type"], one["Name"]) == (kind, name))
