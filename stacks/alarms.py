"""Who is told, and of what: runs and crawls that end badly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from lake.names import Names
from stacks.arns import arn, place_of
from stacks.cfn import resource

# A refused run is FAILED to Glue, with a message that says so after what Glue may put before it.
REFUSED: Final = "*REFUSED:*"
JOB: Final = {"pipeline": "$.detail.jobName", "run": "$.detail.jobRunId", "message": "$.detail.message"}
CRAWLER: Final = {"pipeline": "$.detail.crawlerName", "message": "$.detail.errorMessage"}

# By rule: the event, what more it must be, and what is said of it. Only failures say 'failed'.
TOLD: Final[dict[str, tuple[str, dict[str, Any], str]]] = {
    "Failed": (
        "Glue Job State Change",
        {"state": ["FAILED"], "message": [{"anything-but": {"wildcard": REFUSED}}]},
        "<pipeline> failed: <message> (job run <run>)",
    ),
    "Refused": (
        "Glue Job State Change",
        {"state": ["FAILED"], "message": [{"wildcard": REFUSED}]},
        "<pipeline> refused its data and published nothing: <message> (job run <run>)",
    ),
    "TimedOut": (
        "Glue Job State Change",
        {"state": ["TIMEOUT"]},
        "<pipeline> ran out of time: <message> (job run <run>)",
    ),
    "Stopped": (
        "Glue Job State Change",
        {"state": ["STOPPED"]},
        "<pipeline> was stopped: <message> (job run <run>)",
    ),
    "CrawlFailed": (
        "Glue Crawler State Change",
        {"state": ["Failed"]},
        "the crawl of <pipeline> failed: <message>",
    ),
}


class Alarms(Construct):
    """One event is enough for a message: each rule sends it to one encrypted topic, and from there to the addresses."""

    def __init__(
        self, scope: Construct, construct_id: str, *, names: Names, key: kms.Key, addresses: Sequence[str]
    ) -> None:
        super().__init__(scope, construct_id)
        topic = arn(self, "sns", names.alarm_topic)
        created = resource(
            self, "Topic", "AWS::SNS::Topic", {"TopicName": names.alarm_topic, "KmsMasterKeyId": key.key_arn}
        )
        policy = resource(
            self,
            "TopicPolicy",
            "AWS::SNS::TopicPolicy",
            {"Topics": [topic], "PolicyDocument": self._topic_policy(names, topic)},
        )
        policy.node.add_dependency(created)
        for number, address in enumerate(addresses):
            subscription = {"TopicArn": topic, "Protocol": "email", "Endpoint": address}
            resource(self, f"Email{number}", "AWS::SNS::Subscription", subscription).node.add_dependency(created)
        for rule_id, (event, detail, said) in TOLD.items():
            of_a_job = event.startswith("Glue Job")
            name = "jobName" if of_a_job else "crawlerName"
            events.CfnRule(
                self,
                rule_id,
                name=f"{names.alarm_topic}-{rule_id}",
                description=f"Tells of runs and crawls: {rule_id}",
                event_pattern={
                    "source": ["aws.glue"],
                    "detail-type": [event],
                    "detail": {name: [{"prefix": names.owned}], **detail},
                },
                targets=[
                    events.CfnRule.TargetProperty(
                        id="Topic",
                        arn=topic,
                        input_transformer=events.CfnRule.InputTransformerProperty(
                            input_paths_map=JOB if of_a_job else CRAWLER, input_template=f'"{said}"'
                        ),
                    )
                ],
            ).node.add_dependency(policy)
        key.add_to_resource_policy(self._statement_for_key())

    def _topic_policy(self, names: Names, topic: str) -> dict[str, Any]:
        """EventBridge's rules and CloudWatch's alarms of this environment publish, and nothing comes in without TLS."""
        sources = {
            "events.amazonaws.com": arn(self, "events", f"rule/{names.owned}*"),
            "cloudwatch.amazonaws.com": arn(self, "cloudwatch", f"alarm:{names.owned}*"),
        }
        account = place_of(self).account
        allowed = [
            {
                "Sid": f"Publish{number}",
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "sns:Publish",
                "Resource": topic,
                "Condition": {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": source}},
            }
            for number, (service, source) in enumerate(sources.items())
        ]
        over_tls = {
            "Sid": "OnlyOverTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": topic,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        return {"Version": "2012-10-17", "Statement": [*allowed, over_tls]}

    def _statement_for_key(self) -> iam.PolicyStatement:
        """Who publishes to an encrypted topic uses its key ('Enable compatibility', SNS guide), for this account."""
        return iam.PolicyStatement(
            sid="PublishAlarms",
            principals=[
                iam.ServicePrincipal("events.amazonaws.com"),
                iam.ServicePrincipal("cloudwatch.amazonaws.com"),
            ],
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=["*"],
            conditions={"StringEquals": {"aws:SourceAccount": place_of(self).account}},
        )
