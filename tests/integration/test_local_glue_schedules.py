"""EventBridge Scheduler starts what Glue runs, with the schedule's role."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws import ALLOW_ALL, USER_TRUST, Aws, wait_for
from tests.integration.event_aws import SCHEDULER_TRUST, arn, metric, of_source, queue

pytestmark = pytest.mark.integration

START_RUN = "arn:aws:scheduler:::aws-sdk:glue:startWorkflowRun"
OFF = {"Mode": "OFF"}


def soon(seconds: int = 6, zone: str = "UTC") -> str:
    """A one-time expression a moment ahead, on the clock of a time zone."""
    return f"at({(datetime.now(ZoneInfo(zone)) + timedelta(seconds=seconds)).strftime('%Y-%m-%dT%H:%M:%S')})"


def workflow(aws: Aws, name: str) -> None:
    """A workflow whose only job is not there, so that its runs end by themselves."""
    glue = aws.client("glue")
    glue.create_workflow(Name=name)
    glue.create_trigger(Name=name, Type="ON_DEMAND", WorkflowName=name, Actions=[{"JobName": f"{name}-missing"}])


def may_start(aws: Aws, name: str, *statements: dict[str, Any], group: str = "default") -> str:
    """A role for the schedules of one group, which may start the one workflow."""
    start = {"Effect": "Allow", "Action": "glue:StartWorkflowRun", "Resource": arn("glue", f"workflow/{name}")}
    trust = of_source(SCHEDULER_TRUST, arn("scheduler", f"schedule-group/{group}"))
    return aws.role(f"{name}-scheduler", start, *statements, trust=trust)


def runs(aws: Aws, name: str) -> Any:
    return aws.client("glue").get_workflow_runs(Name=name)["Runs"]


def started(aws: Aws, name: str, *, seconds: float = 20) -> Any:
    """The runs of a workflow, once there is one."""
    return wait_for(lambda: runs(aws, name), seconds=seconds, what=f"a run of {name}")


def test_a_one_time_schedule_starts_a_workflow_run_with_its_input(aws: Aws) -> None:
    name, scheduler = "once", aws.client("scheduler")
    workflow(aws, name)
    properties = {"run_id": "<aws.scheduler.execution-id>", "at": "<aws.scheduler.scheduled-time>"}
    expression = soon()

    scheduler.create_schedule(
        Name=name, ScheduleExpression=expression, FlexibleTimeWindow=OFF, ActionAfterCompletion="DELETE",
        Target={
            "Arn": START_RUN, "RoleArn": may_start(aws, name),
            "Input": json.dumps({"Name": name, "RunProperties": properties}),
        },
    )  # fmt: skip
    assert runs(aws, name) == []

    (run,) = started(aws, name)
    given = run["WorkflowRunProperties"]
    assert f"at({given['at'].removesuffix('Z')})" == expression
    assert len(given["run_id"]) == 36
    assert run["StartedOn"] >= datetime.fromisoformat(given["at"])
    with pytest.raises(scheduler.exceptions.ResourceNotFoundException):
        scheduler.get_schedule(Name=name)


def test_a_rate_starts_its_first_run_at_once_and_a_disabled_schedule_none(aws: Aws) -> None:
    scheduler = aws.client("scheduler")
    for name, state in (("rated", "ENABLED"), ("disabled", "DISABLED")):
        workflow(aws, name)
        scheduler.create_schedule(
            Name=name, ScheduleExpression="rate(1 hour)", FlexibleTimeWindow=OFF, State=state,
            Target={"Arn": START_RUN, "RoleArn": may_start(aws, name), "Input": json.dumps({"Name": name})},
        )  # fmt: skip
    assert len(started(aws, "rated")) == 1
    assert runs(aws, "disabled") == []


def test_a_start_that_the_role_may_not_make_becomes_a_dead_letter(aws: Aws) -> None:
    name, scheduler = "not-allowed", aws.client("scheduler")
    workflow(aws, name)
    dead = queue(aws, f"{name}-dead", of=None)
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": dead.arn}
    role = may_start(aws, "another-workflow", send, group=name)
    scheduler.create_schedule_group(Name=name)

    scheduler.create_schedule(
        Name=name, GroupName=name, ScheduleExpression="rate(1 hour)", FlexibleTimeWindow=OFF,
        Target={
            "Arn": START_RUN, "RoleArn": role, "Input": json.dumps({"Name": name}),
            "DeadLetterConfig": {"Arn": dead.arn},
        },
    )  # fmt: skip

    letter = dead.receive()
    assert json.loads(letter["Body"]) == {"Name": name}
    attributes = {key: value["StringValue"] for key, value in letter["MessageAttributes"].items()}
    assert attributes["ERROR_CODE"] == "AccessDeniedException"
    assert "not authorized to perform: glue:StartWorkflowRun" in attributes["ERROR_MESSAGE"]
    assert attributes["SCHEDULE_ARN"] == arn("scheduler", f"schedule/{name}/{name}")
    assert attributes["RETRY_ATTEMPTS"] == "0"
    assert metric(aws, "AWS/Scheduler", "InvocationDroppedCount", {"ScheduleGroup": name}) == 1
    assert runs(aws, name) == []


def test_a_role_that_scheduler_cannot_assume_is_refused(aws: Aws) -> None:
    of_another_group = may_start(aws, "of-another-group", group="another")
    for role in (
        aws.role("for-glue-only", ALLOW_ALL),
        of_another_group,
        "arn:aws:iam::000000000000:role/there-is-none",
    ):
        with pytest.raises(ClientError, match="must allow AWS EventBridge Scheduler to assume the role"):
            aws.client("scheduler").create_schedule(
                Name="refused", ScheduleExpression="rate(1 hour)", FlexibleTimeWindow=OFF,
                Target={"Arn": START_RUN, "RoleArn": role, "Input": '{"Name": "w"}'},
            )  # fmt: skip


def test_a_schedule_puts_its_input_into_a_queue(aws: Aws) -> None:
    name = "to-a-queue"
    into = queue(aws, name, of=None)
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": into.arn}
    aws.client("scheduler").create_schedule(
        Name=name, ScheduleExpression="rate(1 hour)",
        FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
        Target={"Arn": into.arn, "RoleArn": aws.role(name, send, trust=SCHEDULER_TRUST), "Input": '{"wake": "up"}'},
    )  # fmt: skip
    assert into.event() == {"wake": "up"}


def test_a_schedule_of_a_template_starts_runs_and_follows_its_template(aws: Aws) -> None:
    name, scheduler, cloudformation = "from-template", aws.client("scheduler"), aws.client("cloudformation")
    workflow(aws, name)
    role = may_start(aws, name, group=f"{name}-group")

    def template(expression: str, **members: Any) -> str:
        target = {
            "Arn": START_RUN, "RoleArn": role, "Input": json.dumps({"Name": name}),
            "RetryPolicy": {"MaximumRetryAttempts": "3"},
        }  # fmt: skip
        properties = {
            "Name": name, "GroupName": {"Ref": "Group"}, "ScheduleExpression": expression, "FlexibleTimeWindow": OFF,
            "ScheduleExpressionTimezone": "Europe/Berlin", "Target": target, **members,
        }  # fmt: skip
        return json.dumps(
            {
                "Resources": {
                    "Group": {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Name": f"{name}-group"}},
                    "Schedule": {"Type": "AWS::Scheduler::Schedule", "Properties": properties},
                },
                "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Schedule", "Arn"]}}},
            }
        )

    def change(do: str, done: str, **body: Any) -> None:
        getattr(cloudformation, do)(StackName=name, **body)
        cloudformation.get_waiter(done).wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})

    off = template("cron(0 6 * * ? *)", State="DISABLED", StartDate="2026-01-01T00:00:00Z")
    change("create_stack", "stack_create_complete", TemplateBody=off)

    made = scheduler.get_schedule(Name=name, GroupName=f"{name}-group")
    (output,) = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    assert output["OutputValue"] == made["Arn"] == arn("scheduler", f"schedule/{name}-group/{name}")
    assert (made["State"], made["ScheduleExpressionTimezone"]) == ("DISABLED", "Europe/Berlin")
    assert made["StartDate"] == datetime(2026, 1, 1, tzinfo=UTC)
    assert made["Target"]["RetryPolicy"] == {"MaximumRetryAttempts": 3}

    change("update_stack", "stack_update_complete", TemplateBody=template(soon(zone="Europe/Berlin")))
    assert len(started(aws, name)) == 1
    assert "StartDate" not in scheduler.get_schedule(Name=name, GroupName=f"{name}-group")

    change("delete_stack", "stack_delete_complete")
    assert [one["Name"] for one in scheduler.list_schedules(NamePrefix=name)["Schedules"]] == []


@pytest.mark.parametrize(
    ("kind", "properties", "said"),
    [
        (
            "AWS::Scheduler::Schedule",
            {
                "ScheduleExpression": "cron(0 6 * * * *)",
                "FlexibleTimeWindow": OFF,
                "Target": {"Arn": START_RUN, "RoleArn": "arn:aws:iam::000000000000:role/r", "Input": '{"Name": "w"}'},
            },
            "one of the two, and only one, must be '?'",
        ),
        ("AWS::Scheduler::ScheduleGroup", {"Name": "default"}, "already exists"),
    ],
)
def test_a_template_that_scheduler_refuses_fails_and_says_why(
    aws: Aws, kind: str, properties: dict[str, Any], said: str
) -> None:
    cloudformation, stack = aws.client("cloudformation"), f"refused-{kind.rsplit(':', 1)[-1]}"
    aws.client("scheduler").list_schedule_groups()
    body = json.dumps({"Resources": {"S": {"Type": kind, "Properties": properties}}})
    cloudformation.create_stack(StackName=stack, TemplateBody=body)

    def reason() -> str:
        events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
        return next((e["ResourceStatusReason"] for e in events if e["ResourceStatus"] == "CREATE_FAILED"), "")

    assert said in wait_for(reason, seconds=30, what="the stack's failure")


def test_who_gives_a_schedule_or_a_rule_a_role_must_be_allowed_to_pass_it(aws: Aws) -> None:
    name = "passed-to-events"
    role = may_start(aws, name)
    do = {"Effect": "Allow", "Action": ["scheduler:*", "events:*"], "Resource": "*"}
    to = {"StringEquals": {"iam:PassedToService": ["scheduler.amazonaws.com", "events.amazonaws.com"]}}
    passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": role, "Condition": to}
    target = {"Arn": START_RUN, "RoleArn": role, "Input": json.dumps({"Name": name})}
    schedule = {
        "Name": name, "ScheduleExpression": "cron(0 0 1 1 ? 2099)", "FlexibleTimeWindow": OFF, "Target": target,
    }  # fmt: skip
    aws.client("events").put_rule(Name=name, EventPattern='{"source": ["aws.s3"]}')
    of_rule = {"Rule": name, "Targets": [{"Id": "t", "Arn": arn("glue", f"workflow/{name}"), "RoleArn": role}]}

    without = aws.role(f"{name}-without", do, trust=USER_TRUST)
    refused = f"is not authorized to perform: iam:PassRole on resource: {role}"
    with pytest.raises(ClientError, match=refused):
        aws.client_of(without, "scheduler").create_schedule(**schedule)
    with pytest.raises(ClientError, match=refused):
        aws.client_of(without, "events").put_targets(**of_rule)

    allowed = aws.role(f"{name}-with", do, passing, trust=USER_TRUST)
    assert aws.client_of(allowed, "scheduler").create_schedule(**schedule)["ScheduleArn"]
    assert aws.client_of(allowed, "events").put_targets(**of_rule)["FailedEntryCount"] == 0
