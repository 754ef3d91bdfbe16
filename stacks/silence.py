"""What tells that a dataset has gone without a run that published."""

from __future__ import annotations

from constructs import Construct

from lake.max_age import hours_of
from lake.names import Names
from stacks.arns import arn
from stacks.cfn import resource


def silence_alarm(scope: Construct, construct_id: str, *, names: Names, dataset: str, max_age: str, on: bool) -> None:
    """Add the alarm: it tells, once, when no run has published for `max_age`; no word from the job counts as silence.

    Off where nothing starts by itself: there, silence is what is expected.
    """
    hours = hours_of(max_age)
    resource(
        scope,
        construct_id,
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": names.silence_alarm(dataset),
            "AlarmDescription": f"{names.pipeline(dataset)}: no run has published for {max_age}",
            "Namespace": names.metrics(dataset),
            "MetricName": "RunsPublished",
            "Statistic": "Sum",
            "Period": 3600,
            "EvaluationPeriods": hours,
            "DatapointsToAlarm": hours,
            "ComparisonOperator": "LessThanThreshold",
            "Threshold": 1,
            "TreatMissingData": "breaching",
            "ActionsEnabled": on,
            "AlarmActions": [arn(scope, "sns", names.alarm_topic)],
        },
    )
