"""Several runs of one workflow at once: what there is no room for waits, and all end."""

import pytest

from tests.integration.aws import Aws
from tests.integration.many_runs import assert_all_succeeded, ended_runs, start_runs

pytestmark = [pytest.mark.integration, pytest.mark.soak]

RUNS = 4


def test_runs_at_once_all_end(aws: Aws) -> None:
    ids = start_runs(aws, "at-once", RUNS)
    first = aws.client("glue").get_workflow_runs(Name="at-once")["Runs"]
    assert [run["Status"] for run in first] == ["RUNNING"] * RUNS

    runs = ended_runs(aws, "at-once", RUNS, seconds=240)

    assert {run["WorkflowRunId"] for run in runs} == set(ids)
    assert_all_succeeded(aws, "at-once", runs)
