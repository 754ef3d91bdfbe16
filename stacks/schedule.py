"""What starts a pipeline by the clock."""

from __future__ import annotations

import json

from constructs import Construct

from lake.dataset import Dataset
from lake.names import Names
from stacks.arns import arn, place_of
from stacks.cfn import resource
from stacks.service_role import service_role


class PipelineSchedule(Construct):
    """Starts the dataset's workflow when its `schedule` is due, and nothing else; off, it is there and starts nothing.

    EventBridge Scheduler and not a SCHEDULED trigger: a workflow has one start trigger, and ours is started by hand.
    """

    def __init__(self, scope: Construct, construct_id: str, *, names: Names, dataset: Dataset, on: bool) -> None:
        super().__init__(scope, construct_id)
        pipeline = names.pipeline(dataset.name)
        role = service_role(
            self,
            "Role",
            service="scheduler",
            description=f"Starts pipeline {dataset.name}",
            sid="Start",
            action="glue:StartWorkflowRun",
            resource=arn(self, "glue", f"workflow/{pipeline}"),
        )
        resource(
            self,
            "Resource",
            "AWS::Scheduler::Schedule",
            {
                "Name": pipeline,
                "Description": f"Starts pipeline {dataset.name}",
                "ScheduleExpression": dataset.schedule,
                "ScheduleExpressionTimezone": dataset.schedule_timezone,
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "State": "ENABLED" if on else "DISABLED",
                "Target": {
                    "Arn": f"arn:{place_of(self).partition}:scheduler:::aws-sdk:glue:startWorkflowRun",
                    "RoleArn": role.role_arn,
                    "Input": json.dumps({"Name": pipeline}),
                },
            },
        )
