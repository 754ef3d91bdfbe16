"""Glue's events on EventBridge's default bus, by rules to queues, topics and functions."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.settings import ACCOUNT, REGION
from tests.integration.aws import ALLOW_ALL, Aws, wait_for
from tests.integration.event_aws import EVENTS_TRUST, arn, lets_in, metric, queue, rule

pytestmark = pytest.mark.integration

HANDLER = """
import json, os, urllib.request
def handler(event, context):
    import boto3
    sqs = boto3.client("sqs", endpoint_url=os.environ["AWS_ENDPOINT_URL"], region_name="us-east-1")
    sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps(event))
"""


def failed_run(aws: Aws, name: str) -> str:
    """A run of a job that fails before Spark starts, as its script is not there; its id."""
    glue, s3 = aws.client("glue"), aws.client("s3")
    aws.job(name, aws.role(f"{name}-role", ALLOW_ALL), "print(1)")
    s3.delete_object(Bucket=f"{name}-scripts", Key="script.py")
    run_id: str = glue.start_job_run(JobName=name)["JobRunId"]
    return run_id


def crawled(aws: Aws, name: str, *, body: bytes = b"id,city\n1,Oslo\n2,Rome\n") -> None:
    """A crawl, which has started."""
    glue, s3 = aws.client("glue"), aws.client("s3")
    s3.create_bucket(Bucket=f"{name}-raw")
    s3.put_object(Bucket=f"{name}-raw", Key="raw/cities/a.csv", Body=body)
    glue.create_database(DatabaseInput={"Name": name})
    glue.create_crawler(
        Name=name, Role=aws.role(f"{name}-role", ALLOW_ALL), DatabaseName=name,
        Targets={"S3Targets": [{"Path": f"s3://{name}-raw/raw/cities/"}]},
    )  # fmt: skip
    glue.start_crawler(Name=name)


def of_crawler(name: str) -> dict[str, Any]:
    return {
        "source": ["aws.glue"],
        "detail-type": ["Glue Crawler State Change"],
        "detail": {"crawlerName": [name]},
    }


@pytest.mark.shows("job-event")
def test_a_failed_run_reaches_a_queue_as_aws_tells_it(aws: Aws) -> None:
    name, ends = "told-failure", queue(aws, "told-failure")
    pattern = {"source": ["aws.glue"], "detail-type": ["Glue Job State Change"], "detail": {"state": ["FAILED"]}}
    rule(aws, name, {**pattern, "detail": {"jobName": [name], "state": ["FAILED"]}}, {"Arn": ends.arn})
    rule(aws, f"{name}-other", {**pattern, "detail": {"jobName": [name], "state": ["SUCCEEDED"]}}, {"Arn": ends.arn})

    run_id = failed_run(aws, name)

    event = ends.event()
    run = aws.client("glue").get_job_run(JobName=name, RunId=run_id)["JobRun"]
    assert event.pop("id")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event.pop("time"))
    assert event == {
        "version": "0",
        "detail-type": "Glue Job State Change",
        "source": "aws.glue",
        "account": ACCOUNT,
        "region": REGION,
        "resources": [],
        "detail": {
            "jobName": name,
            "severity": "ERROR",
            "state": "FAILED",
            "jobRunId": run_id,
            "message": run["ErrorMessage"],
        },
    }
    assert ends.is_empty()


@pytest.mark.shows("crawl-event-started", "crawl-event-ended")
def test_a_crawl_is_told_at_its_start_and_its_end_in_strings(aws: Aws) -> None:
    name, told = "told-crawl", queue(aws, "told-crawl")
    rule(aws, name, of_crawler(name), {"Arn": told.arn})

    crawled(aws, name)

    started, ended = told.event()["detail"], told.event()["detail"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", started.pop("startTime"))
    assert started == {"accountId": ACCOUNT, "crawlerName": name, "state": "Started", "message": "Crawler Started"}
    assert re.fullmatch(r"\d+", ended.pop("runningTime (sec)"))
    assert ended.pop("cloudWatchLogLink").endswith(f"group=/aws-glue/crawlers;stream={name}")
    assert ended.pop("completionDate") > "2026"
    assert ended == {
        "accountId": ACCOUNT,
        "crawlerName": name,
        "state": "Succeeded",
        "message": "Crawler Succeeded",
        "warningMessage": "N/A",
        "tablesCreated": "1",
        "tablesUpdated": "0",
        "tablesDeleted": "0",
        "partitionsCreated": "0",
        "partitionsUpdated": "0",
        "partitionsDeleted": "0",
    }


@pytest.mark.shows("crawl-event-ended")
def test_a_failed_crawl_says_why(aws: Aws) -> None:
    name, told = "told-failed-crawl", queue(aws, "told-failed-crawl")
    pattern = of_crawler(name)
    rule(aws, name, {**pattern, "detail": {"crawlerName": [name], "state": ["Failed"]}}, {"Arn": told.arn})

    crawled(aws, name, body=b"\x00\x01\x02\xff" * 300)

    detail = told.event()["detail"]
    last = aws.client("glue").get_crawler(Name=name)["Crawler"]["LastCrawl"]
    assert (detail["state"], detail["message"]) == ("Failed", "Crawler Failed")
    assert detail["errorMessage"] == last["ErrorMessage"]


def test_events_reach_a_topic_and_its_subscribers(aws: Aws) -> None:
    name, sns = "told-topic", aws.client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=lets_in("events.amazonaws.com", "sns:Publish", topic)
    )
    behind = queue(aws, name, of="sns.amazonaws.com")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=behind.arn)
    rule(aws, name, {**of_crawler(name), "detail": {"crawlerName": [name], "state": ["Started"]}}, {"Arn": topic})

    crawled(aws, name)

    assert json.loads(behind.event()["Message"])["detail"]["crawlerName"] == name


def test_events_reach_a_function_that_runs_here(aws: Aws) -> None:
    name, functions = "told-function", aws.client("lambda")
    ran = queue(aws, name)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("index.py", HANDLER)
    function = functions.create_function(
        FunctionName=name, Runtime="python3.11", Handler="index.handler", Timeout=30,
        Role=aws.role(f"{name}-fn", {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}),
        Code={"ZipFile": archive.getvalue()}, Environment={"Variables": {"QUEUE": ran.url}},
    )["FunctionArn"]  # fmt: skip
    functions.add_permission(
        FunctionName=name, StatementId="events", Action="lambda:InvokeFunction", Principal="events.amazonaws.com",
        SourceArn=arn("events", f"rule/{name}"),
    )  # fmt: skip
    rule(aws, name, {**of_crawler(name), "detail": {"crawlerName": [name], "state": ["Started"]}}, {"Arn": function})

    crawled(aws, name)

    assert ran.event(seconds=60)["detail"]["crawlerName"] == name


def test_a_queue_that_does_not_let_eventbridge_in_gets_nothing_and_the_failure_is_told(aws: Aws) -> None:
    name = "not-let-in"
    closed, dead, open_ = queue(aws, name, of=None), queue(aws, f"{name}-dead"), queue(aws, f"{name}-open")
    rule(
        aws, name, {**of_crawler(name), "detail": {"crawlerName": [name], "state": ["Started"]}},
        {"Arn": closed.arn, "DeadLetterConfig": {"Arn": dead.arn}}, {"Arn": open_.arn},
    )  # fmt: skip

    crawled(aws, name)

    delivered, letter = open_.event(), dead.receive()
    assert json.loads(letter["Body"]) == delivered
    attributes = {key: value["StringValue"] for key, value in letter["MessageAttributes"].items()}
    assert attributes["ERROR_CODE"] == "NO_PERMISSIONS"
    assert attributes["RULE_ARN"] == arn("events", f"rule/{name}")
    assert attributes["TARGET_ARN"] == closed.arn
    assert metric(aws, "AWS/Events", "FailedInvocations", {"RuleName": name}) == 1
    assert closed.is_empty()


def test_an_event_of_ones_own_for_a_queue_that_is_gone_or_elsewhere_becomes_a_dead_letter(aws: Aws) -> None:
    name, events = "gone", aws.client("events")
    dead, kept = queue(aws, f"{name}-dead"), queue(aws, f"{name}-kept")
    letters = {"DeadLetterConfig": {"Arn": dead.arn}}
    elsewhere = kept.arn.replace(REGION, "eu-central-1")
    rule(
        aws, name, {"source": [name]}, {"Arn": arn("sqs", "there-is-none"), **letters}, {"Arn": kept.arn},
        {"Arn": elsewhere, **letters},
    )  # fmt: skip

    answer = events.put_events(Entries=[{"Source": name, "DetailType": "x", "Detail": "{}"}])

    assert answer["FailedEntryCount"] == 0
    assert kept.event()["id"] == answer["Entries"][0]["EventId"]
    attributes = [dead.receive()["MessageAttributes"] for _ in range(2)]
    assert {one["ERROR_CODE"]["StringValue"] for one in attributes} == {"NO_RESOURCE"}
    assert {one["TARGET_ARN"]["StringValue"] for one in attributes} == {arn("sqs", "there-is-none"), elsewhere}


def test_a_queue_is_reached_by_the_role_of_its_target(aws: Aws) -> None:
    name = "let-in-by-role"
    closed = queue(aws, name, of=None)
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": closed.arn}
    role = aws.role(f"{name}-events", send, trust=EVENTS_TRUST)
    rule(aws, name, of_crawler(name), {"Arn": closed.arn, "RoleArn": role})

    crawled(aws, name)

    assert closed.event()["detail"]["state"] == "Started"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ({"Arn": arn("kinesis", "stream/s")}, "kinesis is no target on this machine"),
        ({"Arn": arn("logs", "log-group:/aws/events/x")}, "logs is no target on this machine"),
        ({"Arn": arn("glue", "job/j"), "RoleArn": "arn:aws:iam::000000000000:role/r"}, "only a workflow is a target"),
        ({"Arn": arn("glue", "workflow/w")}, "RoleArn is required"),
        ({"Arn": arn("events", "api-destination/elsewhere/1")}, "only a bus is a target"),
    ],
)
def test_a_target_that_cannot_be_reached_here_is_refused(aws: Aws, target: dict[str, str], said: str) -> None:
    events = aws.client("events")
    events.put_rule(Name="unreachable", EventPattern=json.dumps({"source": ["aws.glue"]}))
    with pytest.raises(ClientError, match="ValidationException") as refusal:
        events.put_targets(Rule="unreachable", Targets=[{"Id": "t", **target}])
    assert said in str(refusal.value)
    properties = {"EventPattern": {"source": ["aws.glue"]}, "Targets": [{"Id": "t", **target}]}
    assert said in creation_failure(aws, re.sub(r"\W+", "-", target["Arn"]), properties)


def test_a_template_with_a_wrong_pattern_fails_and_says_why(aws: Aws) -> None:
    assert "Event pattern is not valid" in creation_failure(
        aws, "wrong-pattern", {"EventPattern": {"source": "aws.s3"}}
    )


def creation_failure(aws: Aws, stack: str, rule_properties: dict[str, Any]) -> str:
    """Why a stack with this rule could not be created."""
    cloudformation = aws.client("cloudformation")
    body = {"Resources": {"Rule": {"Type": "AWS::Events::Rule", "Properties": rule_properties}}}
    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(body))

    def look() -> str:
        events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
        failures = [e["ResourceStatusReason"] for e in events if e["ResourceStatus"] == "CREATE_FAILED"]
        return failures[0] if failures else ""

    return str(wait_for(look, seconds=30, what=f"the failure of {stack}"))


@pytest.mark.shows("job-event")
def test_a_run_that_succeeds_and_one_that_is_stopped_are_told(aws: Aws) -> None:
    name, ends, glue = "told-ends", queue(aws, "told-ends"), aws.client("glue")
    rule(aws, name, {"detail-type": ["Glue Job State Change"], "detail": {"jobName": [name]}}, {"Arn": ends.arn})
    aws.job(name, aws.role(f"{name}-role", ALLOW_ALL), "import sys, time; time.sleep(600 * ('--WAIT' in sys.argv))")

    run_id = glue.start_job_run(JobName=name)["JobRunId"]
    detail = ends.event(seconds=60)["detail"]
    assert (detail["jobRunId"], detail["state"], detail["severity"]) == (run_id, "SUCCEEDED", "INFO")

    run_id = glue.start_job_run(JobName=name, Arguments={"--WAIT": "yes"})["JobRunId"]
    glue.batch_stop_job_run(JobName=name, JobRunIds=[run_id])
    detail = ends.event(seconds=60)["detail"]
    assert (detail["jobRunId"], detail["state"], detail["severity"]) == (run_id, "STOPPED", "INFO")
