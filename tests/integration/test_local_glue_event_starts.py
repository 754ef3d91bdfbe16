"""Rules with a Glue workflow as their target: an object arrives, and a run starts."""

import json
from typing import Any

import pytest

from tests.integration.aws import ALLOW_ALL, Aws, wait_for
from tests.integration.event_aws import EVENTS_TRUST, arn, metric, of_source, queue, rule

pytestmark = pytest.mark.integration

NOTIFY = "glue:notifyEvent"


def arrivals(name: str) -> dict[str, Any]:
    """The pattern of objects that arrive below `raw/` in the bucket of that name."""
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [name]}, "object": {"key": [{"prefix": "raw/"}]}},
    }


def target_of(aws: Aws, name: str, *, allowed: str = "", trust: dict[str, Any] | None = None) -> dict[str, str]:
    """A workflow as target, with a role that may notify the workflow `allowed`, without it the target itself."""
    resource = arn("glue", f"workflow/{allowed or name}")
    trust = trust or of_source(EVENTS_TRUST, arn("events", f"rule/{name}"))
    role = aws.role(f"{name}-events", {"Effect": "Allow", "Action": NOTIFY, "Resource": resource}, trust=trust)
    return {"Arn": arn("glue", f"workflow/{name}"), "RoleArn": role}


def event_workflow(aws: Aws, name: str, **condition: int) -> None:
    """A workflow that events start; its only job is not there, so that its runs end by themselves."""
    glue = aws.client("glue")
    glue.create_workflow(Name=name)
    batching = {"EventBatchingCondition": condition} if condition else {}
    glue.create_trigger(
        Name=name, Type="EVENT", WorkflowName=name, Actions=[{"JobName": f"{name}-missing"}], **batching
    )


def event_bucket(aws: Aws, name: str) -> None:
    """A bucket that sends its events to EventBridge."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}})


def runs(aws: Aws, name: str) -> Any:
    return aws.client("glue").get_workflow_runs(Name=name)["Runs"]


def started(aws: Aws, name: str) -> Any:
    """The runs of a workflow, once there is one."""
    return wait_for(lambda: runs(aws, name), seconds=20, what=f"a run of {name}")


def event_ids(run: Any) -> list[str]:
    """The ids of the events that started a run."""
    text: str = run["WorkflowRunProperties"]["aws:eventIds"]
    return text.removeprefix("[").removesuffix("]").split(", ")


@pytest.mark.shows("workflow-notify-event", "trigger-event", "workflow-event-ids")
def test_an_object_that_arrives_starts_a_run_that_knows_its_event(aws: Aws) -> None:
    name = "arrivals"
    event_bucket(aws, name)
    event_workflow(aws, name)
    beside = queue(aws, name)
    rule(aws, name, arrivals(name), target_of(aws, name), {"Arn": beside.arn})
    s3 = aws.client("s3")

    s3.put_object(Bucket=name, Key="elsewhere/a.csv", Body=b"1")
    s3.put_object(Bucket=name, Key="raw/a.csv", Body=b"1,2")

    event = beside.event()
    assert event["detail"]["object"]["key"] == "raw/a.csv"
    (run,) = started(aws, name)
    assert event_ids(run) == [event["id"]]


@pytest.mark.shows("trigger-batch-size")
def test_objects_that_arrive_together_start_one_run(aws: Aws) -> None:
    name = "batched-arrivals"
    event_bucket(aws, name)
    event_workflow(aws, name, BatchSize=3, BatchWindow=900)
    beside = queue(aws, name)
    rule(aws, name, arrivals(name), target_of(aws, name), {"Arn": beside.arn})

    for number in range(3):
        aws.client("s3").put_object(Bucket=name, Key=f"raw/{number}.csv", Body=b"1,2")

    events = {beside.event()["id"] for _ in range(3)}
    (run,) = started(aws, name)
    assert set(event_ids(run)) == events
    assert run["StartingEventBatchCondition"]["BatchSize"] == 3


def test_the_events_of_a_finished_run_start_the_next_workflow(aws: Aws) -> None:
    name, glue, s3 = "after-a-run", aws.client("glue"), aws.client("s3")
    event_workflow(aws, name)
    aws.job(name, aws.role(f"{name}-role", ALLOW_ALL), "print(1)")
    s3.delete_object(Bucket=f"{name}-scripts", Key="script.py")
    pattern = {"source": ["aws.glue"], "detail": {"jobName": [name], "state": ["FAILED"]}}
    rule(aws, name, pattern, target_of(aws, name))

    glue.start_job_run(JobName=name)

    assert len(started(aws, name)) == 1


@pytest.mark.shows("iam-notify-event")
@pytest.mark.parametrize(
    ("name", "given", "code", "said"),
    [
        ("may-notify-another", {"allowed": "another"}, "NO_PERMISSIONS", f"not authorized to perform: {NOTIFY}"),
        (
            "role-of-another-service",
            {"trust": json.loads(json.dumps(EVENTS_TRUST).replace("events.", "glue."))},
            "NO_PERMISSIONS",
            "does not name events.amazonaws.com",
        ),
        (
            "role-of-another-rule",
            {"trust": of_source(EVENTS_TRUST, arn("events", "rule/another"))},
            "NO_PERMISSIONS",
            "unable to assume",
        ),
        ("no-such-workflow", {}, "NO_RESOURCE", "no-such-workflow"),
        ("not-started-by-events", {}, "ERROR_FROM_TARGET", "it has no EVENT trigger"),
    ],
)
def test_an_event_that_may_not_start_its_workflow_is_told_and_kept(
    aws: Aws, name: str, given: dict[str, Any], code: str, said: str
) -> None:
    event_bucket(aws, name)
    if name == "not-started-by-events":
        aws.client("glue").create_workflow(Name=name)
    elif name != "no-such-workflow":
        event_workflow(aws, name)
    dead = queue(aws, f"{name}-dead")
    rule(aws, name, arrivals(name), {**target_of(aws, name, **given), "DeadLetterConfig": {"Arn": dead.arn}})

    aws.client("s3").put_object(Bucket=name, Key="raw/a.csv", Body=b"1,2")

    letter = dead.receive()
    attributes = {key: value["StringValue"] for key, value in letter["MessageAttributes"].items()}
    assert attributes["ERROR_CODE"] == code
    assert said in attributes["ERROR_MESSAGE"]
    assert json.loads(letter["Body"])["detail"]["object"]["key"] == "raw/a.csv"
    assert metric(aws, "AWS/Events", "FailedInvocations", {"RuleName": name}) == 1
    if name != "no-such-workflow":
        assert runs(aws, name) == []


def test_a_template_wires_bucket_rule_and_workflow(aws: Aws) -> None:
    name, cloudformation = "wired-by-template", aws.client("cloudformation")
    workflow_arn = {"Fn::Sub": "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:workflow/${Flow}"}
    policy = {
        "PolicyName": "notify",
        "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": NOTIFY, "Resource": workflow_arn}],
        },
    }
    target = {"Id": "flow", "Arn": workflow_arn, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}
    notifications = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    resources = {
        "Bucket": (
            "AWS::S3::Bucket",
            {"BucketName": name, "NotificationConfiguration": notifications},
        ),
        "Flow": ("AWS::Glue::Workflow", {"Name": name}),
        "Start": (
            "AWS::Glue::Trigger",
            {
                "Name": name, "Type": "EVENT", "WorkflowName": {"Ref": "Flow"},
                "Actions": [{"JobName": "missing"}], "EventBatchingCondition": {"BatchSize": 1},
            },
        ),
        "Role": ("AWS::IAM::Role", {"AssumeRolePolicyDocument": EVENTS_TRUST, "Policies": [policy]}),
        "Rule": ("AWS::Events::Rule", {"EventPattern": arrivals(name), "Targets": [target]}),
    }  # fmt: skip
    body = {"Resources": {key: {"Type": kind, "Properties": given} for key, (kind, given) in resources.items()}}
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(body), Capabilities=["CAPABILITY_IAM"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})

    aws.client("s3").put_object(Bucket=name, Key="raw/a.csv", Body=b"1,2")

    (run,) = started(aws, name)
    assert len(event_ids(run)) == 1
