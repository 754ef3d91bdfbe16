"""The dashboard of one pipeline."""

from __future__ import annotations

import json
from typing import Any

from constructs import Construct

from lake.dataset import Dataset
from lake.dpus import WORKER_DPUS
from lake.names import Names
from stacks.arns import arn, place_of
from stacks.cfn import resource

WIDTH = 12
HEIGHT = 6
Metric = list[Any]


def dashboard(
    scope: Construct, construct_id: str, *, names: Names, dataset: Dataset, price_per_dpu_hour: float
) -> None:
    """Add the dashboard: rows, quarantine, time, bytes, published runs, and where they are known cost and age."""
    namespace = names.metrics(dataset.name)
    region = place_of(scope).region

    def metric(name: str, **options: Any) -> Metric:
        return [namespace, name, {"stat": "Sum", **options}]

    graphs: dict[str, list[Metric]] = {
        "Rows": [metric("RowsRead"), metric("RowsCurated"), metric("RowsQuarantined")],
        "Quarantined, share of the rows read": [
            metric("RowsRead", id="read", visible=False),
            metric("RowsQuarantined", id="quarantined", visible=False),
            [{"expression": "IF(read > 0, quarantined / read, 0)", "label": "share"}],
        ],
        "Duration of runs, seconds": [metric("Duration", stat="Maximum")],
        "Bytes read": [metric("BytesRead")],
        "Runs that published": [metric("RunsPublished")],
    }
    dpus = WORKER_DPUS.get(dataset.workers.type)
    if dpus and price_per_dpu_hour:
        price = dpus * dataset.workers.count * price_per_dpu_hour / 3600
        # By the script's own time: Glue bills its start as well, and a minute at least.
        graphs["Cost, about, USD"] = [
            metric("Duration", id="seconds", visible=False),
            [{"expression": f"seconds * {price:.8f}", "label": "USD"}],
        ]
    widgets = [
        {
            "type": "metric",
            "width": WIDTH,
            "height": HEIGHT,
            "properties": {"title": title, "region": region, "view": "timeSeries", "period": 3600, "metrics": metrics},
        }
        for title, metrics in graphs.items()
    ]
    if dataset.max_age is not None:
        alarm = arn(scope, "cloudwatch", f"alarm:{names.silence_alarm(dataset.name)}")
        properties = {"title": f"Published in the last {dataset.max_age}", "alarms": [alarm]}
        widgets.append({"type": "alarm", "width": WIDTH, "height": HEIGHT, "properties": properties})
    resource(
        scope,
        construct_id,
        "AWS::CloudWatch::Dashboard",
        {"DashboardName": names.pipeline(dataset.name), "DashboardBody": json.dumps({"widgets": widgets})},
    )
