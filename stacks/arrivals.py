"""What starts a dataset's job when objects arrive, with no function in between."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_glue as glue
from aws_cdk import aws_s3 as s3
from constructs import Construct

from lake.names import Names
from lake.starting import OnArrival
from stacks.arns import arn
from stacks.service_role import service_role


class Arrivals(Construct):
    """Objects under the dataset's prefix start its job, a batch at a time; off, the rule is there and matches nothing.

    The workflow has no limit of concurrent runs, for Glue drops the events above one: the job's own limit makes later
    runs wait, and one that finds its objects consumed is empty. The crawler is left out: the job lists objects itself.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: Names,
        dataset: str,
        prefix: str,
        on_arrival: OnArrival,
        raw_bucket: s3.IBucket,
        job: glue.IJob,
        on: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        workflow = glue.Workflow(
            self,
            "Resource",
            workflow_name=names.arrivals(dataset),
            description=f"Curates the raw objects of {dataset} as they arrive",
        )
        workflow.add_event_trigger(
            "Arrived",
            name=names.arrived_trigger(dataset),
            description="Starts the job",
            actions=[glue.Action.job(job)],
            event_batching_condition=glue.EventBatchingCondition(
                batch_size=on_arrival.batch_size, batch_window=cdk.Duration.seconds(on_arrival.batch_window)
            ),
        )
        workflow_arn = arn(self, "glue", f"workflow/{names.arrivals(dataset)}")
        role = service_role(
            self,
            "Role",
            service="events",
            description=f"Tells workflow {names.arrivals(dataset)} of objects",
            sid="Notify",
            action="glue:notifyEvent",
            resource=workflow_arn,
        )
        rule = events.CfnRule(
            self,
            "Rule",
            name=names.pipeline(dataset),
            description=f"Objects that arrive for {dataset}",
            event_pattern=_arrivals(raw_bucket, prefix),
            state="ENABLED" if on else "DISABLED",
            targets=[events.CfnRule.TargetProperty(id="Arrivals", arn=workflow_arn, role_arn=role.role_arn)],
        )
        # An event that finds no workflow is lost.
        rule.node.add_dependency(workflow)


def _arrivals(bucket: s3.IBucket, prefix: str) -> dict[str, Any]:
    """The pattern of S3's events of new objects under `prefix`."""
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [bucket.bucket_name]}, "object": {"key": [{"prefix": prefix}]}},
    }
