"""Queues, rules and schedules as the tests of events use them."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from local.settings import ACCOUNT, REGION
from tests.integration.aws import Aws, wait_for

EVENTS_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
SCHEDULER_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def of_source(trust: dict[str, Any], source_arn: str) -> dict[str, Any]:
    """A trust policy that holds for this account and source only, as the CDK's roles have it."""
    (statement,) = trust["Statement"]
    condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": source_arn}}
    return {**trust, "Statement": [{**statement, "Condition": condition}]}


def lets_in(service: str, action: str, resource: str) -> str:
    """A policy of a resource that lets an AWS service do one action."""
    allow = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


@dataclass(frozen=True)
class Queue:
    """A queue of SQS."""

    aws: Aws
    url: str
    arn: str

    def receive(self, *, seconds: float = 20) -> Any:
        """Its next message, taken out of it."""
        sqs = self.aws.client("sqs")

        def look() -> Any:
            return sqs.receive_message(QueueUrl=self.url, MessageAttributeNames=["All"]).get("Messages")

        (message,) = wait_for(look, seconds=seconds, what=f"a message in {self.arn}")
        sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return message

    def event(self, *, seconds: float = 20) -> Any:
        """Its next message, which is an event."""
        return json.loads(self.receive(seconds=seconds)["Body"])

    def is_empty(self) -> bool:
        """Whether it has no message now."""
        return "Messages" not in self.aws.client("sqs").receive_message(QueueUrl=self.url)


def queue(aws: Aws, name: str, *, of: str | None = "events.amazonaws.com") -> Queue:
    """A queue, into which the AWS service `of` may put messages."""
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    if of is not None:
        policy = lets_in(of, "sqs:SendMessage", arn)
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return Queue(aws, url, arn)


def rule(aws: Aws, name: str, pattern: dict[str, Any], *targets: dict[str, Any]) -> None:
    """A rule of the default bus with these targets."""
    events = aws.client("events")
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": uuid.uuid4().hex, **target} for target in targets])


def arn(service: str, resource: str) -> str:
    """An ARN in the emulator's account and region."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def metric(aws: Aws, namespace: str, name: str, dimensions: dict[str, str]) -> float:
    """The sum of a metric of the last hour."""
    import datetime

    now = datetime.datetime.now(datetime.UTC)
    answer = aws.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=now - datetime.timedelta(hours=1),
        EndTime=now + datetime.timedelta(hours=1),
        Period=7200,
        Statistics=["Sum"],
    )
    return float(sum(point["Sum"] for point in answer["Datapoints"]))
