"""Triggers of local Glue through its API: their definitions and states, and chains outside workflows."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws import ALLOW_ALL, USER_TRUST, Aws, wait_for

pytestmark = pytest.mark.integration

PRINT_DAY = """
import sys
print(sys.argv[sys.argv.index("--day") + 1])
"""


def succeeded(job: str) -> dict[str, Any]:
    return {"Conditions": [{"LogicalOperator": "EQUALS", "JobName": job, "State": "SUCCEEDED"}]}


def runs_of(aws: Aws, job: str) -> Any:
    return aws.client("glue").get_job_runs(JobName=job)["JobRuns"]


def ended_runs_of(aws: Aws, job: str) -> Any:
    """The runs of a job, once there is one and all have ended."""

    def look() -> Any:
        runs = runs_of(aws, job)
        return runs if runs and all("CompletedOn" in run for run in runs) else None

    return wait_for(look, seconds=120, what=f"runs of {job}")


@pytest.mark.shows(
    "trigger-chain",
    "trigger-conditional",
    "trigger-action-arguments",
    "trigger-on-demand-alone",
    "trigger-on-demand-created",
    "trigger-start-on-creation",
)
def test_a_chain_outside_workflows_starts_on_demand_and_a_job_started_by_hand_wakes_nobody(aws: Aws) -> None:
    name, glue = "standalone", aws.client("glue")
    role = aws.role(f"{name}-role", ALLOW_ALL)
    aws.job(f"{name}-a", role, PRINT_DAY, DefaultArguments={"--day": "sunday"})
    aws.job(f"{name}-b", role, "print('second')")
    action = {"JobName": f"{name}-a", "Arguments": {"--day": "monday"}, "Timeout": 7}
    glue.create_trigger(Name=f"{name}-now", Type="ON_DEMAND", Actions=[action])
    glue.create_trigger(
        Name=f"{name}-then", Type="CONDITIONAL", StartOnCreation=True,
        Predicate=succeeded(f"{name}-a"), Actions=[{"JobName": f"{name}-b"}],
    )  # fmt: skip

    by_hand = glue.start_job_run(JobName=f"{name}-a")["JobRunId"]
    assert aws.job_run(f"{name}-a", by_hand)["JobRunState"] == "SUCCEEDED"
    glue.start_trigger(Name=f"{name}-now")
    (second,) = ended_runs_of(aws, f"{name}-b")

    triggered, earlier = runs_of(aws, f"{name}-a")
    assert earlier["Id"] == by_hand
    assert (triggered["TriggerName"], triggered["Timeout"]) == (f"{name}-now", 7)
    assert triggered["Arguments"] == {"--day": "monday"}
    assert aws.log("/aws-glue/jobs/output", triggered["Id"]) == ["monday"]
    assert (second["JobRunState"], second["TriggerName"]) == ("SUCCEEDED", f"{name}-then")
    assert second["StartedOn"] >= triggered["CompletedOn"] > earlier["CompletedOn"]
    assert glue.get_trigger(Name=f"{name}-now")["Trigger"]["State"] == "CREATED"


@pytest.mark.shows("trigger-schedule-interval")
def test_triggers_are_created_found_changed_and_deleted(aws: Aws) -> None:
    glue = aws.client("glue")
    glue.create_workflow(Name="found")
    actions = [{"JobName": "found-job", "NotificationProperty": {"NotifyDelayAfter": 5}}]
    glue.create_trigger(
        Name="found-event", Type="EVENT", WorkflowName="found", Actions=actions, Tags={"team": "found"},
        EventBatchingCondition={"BatchSize": 3},
    )  # fmt: skip
    glue.create_trigger(
        Name="found-daily", Type="SCHEDULED", Schedule="cron(15 12 * * ? *)", Actions=actions, StartOnCreation=True
    )

    assert glue.list_triggers(Tags={"team": "found"})["TriggerNames"] == ["found-event"]
    listed = glue.list_triggers(DependentJobName="found-job")["TriggerNames"]
    assert listed == ["found-event", "found-daily"]
    got = glue.batch_get_triggers(TriggerNames=[*listed, "nobody"])
    assert got["TriggersNotFound"] == ["nobody"]
    event, daily = got["Triggers"]
    assert event["Actions"] == actions
    assert event["EventBatchingCondition"] == {"BatchSize": 3}
    assert (event["State"], daily["State"], daily["Schedule"]) == ("CREATED", "ACTIVATED", "cron(15 12 * * ? *)")

    update = {"Schedule": "cron(0 6 ? * MON-FRI *)", "Actions": actions, "Description": "weekdays"}
    updated = glue.update_trigger(Name="found-daily", TriggerUpdate=update)["Trigger"]
    assert updated == glue.get_trigger(Name="found-daily")["Trigger"]
    assert updated["Description"] == "weekdays"
    glue.stop_trigger(Name="found-daily")
    assert glue.get_trigger(Name="found-daily")["Trigger"]["State"] == "DEACTIVATED"
    with pytest.raises(glue.exceptions.InvalidInputException, match="more often than every 5 minutes"):
        glue.update_trigger(Name="found-daily", TriggerUpdate={**update, "Schedule": "cron(0/2 * * * ? *)"})
    for trigger in listed:
        glue.delete_trigger(Name=trigger)
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_trigger(Name="found-daily")


@pytest.mark.shows("trigger-cloudformation")
def test_cloudformation_creates_and_changes_scheduled_and_event_triggers(aws: Aws) -> None:
    cloudformation, glue = aws.client("cloudformation"), aws.client("glue")

    def template(hour: int, size: int) -> str:
        actions = [{"JobName": "cfn-job", "Timeout": 5, "Arguments": {"--day": "monday"}}]
        resources = {
            "Flow": {"Type": "AWS::Glue::Workflow", "Properties": {"Name": "cfn-triggers"}},
            "Daily": {
                "Type": "AWS::Glue::Trigger",
                "Properties": {
                    "Name": "cfn-daily", "Type": "SCHEDULED", "Schedule": f"cron(0 {hour} * * ? *)",
                    "StartOnCreation": True, "Actions": actions,
                },
            },
            "Arrivals": {
                "Type": "AWS::Glue::Trigger",
                "Properties": {
                    "Name": "cfn-arrivals", "Type": "EVENT", "WorkflowName": {"Ref": "Flow"}, "Actions": actions,
                    "EventBatchingCondition": {"BatchSize": size, "BatchWindow": "60"},
                },
            },
        }  # fmt: skip
        return json.dumps({"Resources": resources})

    cloudformation.create_stack(StackName="cfn-triggers", TemplateBody=template(6, 10))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="cfn-triggers", WaiterConfig={"Delay": 1})
    cloudformation.update_stack(StackName="cfn-triggers", TemplateBody=template(7, 20))
    cloudformation.get_waiter("stack_update_complete").wait(StackName="cfn-triggers", WaiterConfig={"Delay": 1})

    daily = glue.get_trigger(Name="cfn-daily")["Trigger"]
    assert (daily["State"], daily["Schedule"]) == ("ACTIVATED", "cron(0 7 * * ? *)")
    assert daily["Actions"] == [{"JobName": "cfn-job", "Timeout": 5, "Arguments": {"--day": "monday"}}]
    arrivals = glue.get_trigger(Name="cfn-arrivals")["Trigger"]
    assert arrivals["EventBatchingCondition"] == {"BatchSize": 20, "BatchWindow": 60}
    cloudformation.delete_stack(StackName="cfn-triggers")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName="cfn-triggers", WaiterConfig={"Delay": 1})
    assert glue.batch_get_triggers(TriggerNames=["cfn-daily", "cfn-arrivals"])["Triggers"] == []


@pytest.mark.shows("iam-workflow", "iam-trigger")
def test_batch_calls_and_resuming_need_each_thing_that_they_name(aws: Aws) -> None:
    glue = aws.client("glue")
    glue.create_workflow(Name="batched")
    glue.create_trigger(Name="batched", Type="ON_DEMAND", Actions=[{"JobName": "j"}])
    arn = "arn:aws:glue:us-east-1:000000000000"
    allowed = {"Effect": "Allow", "Action": "glue:*", "Resource": [f"{arn}:workflow/batched", f"{arn}:trigger/batched"]}
    mine = aws.client_of(aws.role("only-batched", allowed, trust=USER_TRUST), "glue")

    assert len(mine.batch_get_triggers(TriggerNames=["batched"])["Triggers"]) == 1
    assert len(mine.batch_get_workflows(Names=["batched"])["Workflows"]) == 1
    with pytest.raises(mine.exceptions.EntityNotFoundException):
        mine.resume_workflow_run(Name="batched", RunId="wr_none", NodeIds=["wnode_none"])
    refused: list[Callable[[], Any]] = [
        lambda: mine.batch_get_triggers(TriggerNames=["batched", "theirs"]),
        lambda: mine.batch_get_workflows(Names=["batched", "theirs"]),
        lambda: mine.resume_workflow_run(Name="theirs", RunId="wr_none", NodeIds=["wnode_none"]),
    ]
    for call in refused:
        with pytest.raises(ClientError, match="AccessDenied"):
            call()
