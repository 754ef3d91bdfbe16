"""Workflow runs of local Glue that are resumed, and workflows that are got many at a time."""

import pytest

from tests.integration.aws import ALLOW_ALL, Aws
from tests.integration.workflow_runs import ON_SUCCESS, ended_run, node

pytestmark = pytest.mark.integration


def test_a_run_that_only_partly_ran_is_resumed_from_the_node_that_failed(aws: Aws) -> None:
    name, glue = "resumed", aws.client("glue")
    role = aws.role(f"{name}-role", ALLOW_ALL)
    aws.job(f"{name}-a", role, "print('once')")
    aws.job(f"{name}-b", role, "raise ValueError('not yet repaired')")
    aws.job(f"{name}-c", role, "print('last')")
    glue.create_workflow(Name=name, DefaultRunProperties={"day": "monday"})
    glue.create_trigger(Name=f"{name}-1", Type="ON_DEMAND", WorkflowName=name, Actions=[{"JobName": f"{name}-a"}])
    for number, (before, after) in enumerate((("a", "b"), ("b", "c")), start=2):
        glue.create_trigger(
            Name=f"{name}-{number}", Type="CONDITIONAL", WorkflowName=name, StartOnCreation=True,
            Predicate={"Conditions": [{**ON_SUCCESS, "JobName": f"{name}-{before}"}]},
            Actions=[{"JobName": f"{name}-{after}"}],
        )  # fmt: skip
    failed = ended_run(aws, name, glue.start_workflow_run(Name=name)["RunId"])
    assert (failed["Status"], failed["Statistics"]["FailedActions"]) == ("COMPLETED", 1)
    aws.client("s3").put_object(Bucket=f"{name}-b-scripts", Key="script.py", Body=b"print('repaired')")

    answer = glue.resume_workflow_run(
        Name=name, RunId=failed["WorkflowRunId"], NodeIds=[node(failed, "JOB", f"{name}-b")["UniqueId"]]
    )

    assert answer["NodeIds"] == [node(failed, "JOB", f"{name}-b")["UniqueId"]]
    run = ended_run(aws, name, answer["RunId"])
    assert run["Status"] == "COMPLETED"
    assert run["PreviousRunId"] == failed["WorkflowRunId"]
    assert run["WorkflowRunProperties"] == {"day": "monday"}
    assert run["Statistics"]["SucceededActions"] == run["Statistics"]["TotalActions"] == 3
    assert node(run, "JOB", f"{name}-a") == node(failed, "JOB", f"{name}-a")
    assert len(glue.get_job_runs(JobName=f"{name}-a")["JobRuns"]) == 1
    with pytest.raises(glue.exceptions.InvalidInputException, match="was not started"):
        glue.resume_workflow_run(
            Name=name, RunId=failed["WorkflowRunId"], NodeIds=[node(failed, "JOB", f"{name}-c")["UniqueId"]]
        )


def test_workflows_are_listed_and_got_many_at_a_time(aws: Aws) -> None:
    glue = aws.client("glue")
    for name in ("listed-1", "listed-2"):
        glue.create_workflow(Name=name, Description=name)
    pages = [glue.list_workflows(MaxResults=1)]
    while "NextToken" in pages[-1]:
        pages.append(glue.list_workflows(MaxResults=1, NextToken=pages[-1]["NextToken"]))
    names = [name for page in pages for name in page["Workflows"]]
    assert {"listed-1", "listed-2"} <= set(names)
    assert len(names) == len(set(names)) == len(pages)
    answer = glue.batch_get_workflows(Names=["listed-2", "listed-3"], IncludeGraph=True)
    assert [one["Description"] for one in answer["Workflows"]] == ["listed-2"]
    assert answer["Workflows"][0]["Graph"] == {"Nodes": [], "Edges": []}
    assert answer["MissingWorkflows"] == ["listed-3"]
