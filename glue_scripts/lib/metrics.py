"""The numbers of a run as CloudWatch metrics, from which the dataset's alarm and dashboard are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from lib.record import Record

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricDatumTypeDef

# A run does not wait long for it: where CloudWatch cannot be reached, the numbers are in the record all the same.
_PATIENCE = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 2})


@contextmanager
def published_metrics(record: Record) -> Iterator[None]:
    """Publish the record's numbers when the run ends, however it ends. Where that fails the run does not."""
    try:
        yield
    finally:
        try:
            cloudwatch = boto3.client("cloudwatch", config=_PATIENCE)
            cloudwatch.put_metric_data(Namespace=namespace(record), MetricData=metrics(record))
        except Exception as error:
            print(f"the run's metrics could not be published: {error}", flush=True)


def namespace(record: Record) -> str:
    """Return the one namespace that the job's role may write: the pipeline's name."""
    return f"lake-{record.job.env}-{record.job.dataset.name.replace('_', '-')}"


def metrics(record: Record) -> list[MetricDatumTypeDef]:
    """Return the run's numbers. The repetition of a published run publishes nothing."""
    ended = record.ended_at or record.started_at
    counts = record.counts
    published = record.outcome == "published" and not record.repeated
    return [
        {"MetricName": "RunsPublished", "Value": float(published), "Unit": "Count"},
        {"MetricName": "Duration", "Value": (ended - record.started_at).total_seconds(), "Unit": "Seconds"},
        {"MetricName": "RowsRead", "Value": float(counts.read), "Unit": "Count"},
        {"MetricName": "RowsCurated", "Value": float(counts.curated if published else 0), "Unit": "Count"},
        {"MetricName": "RowsQuarantined", "Value": float(counts.quarantined), "Unit": "Count"},
        {"MetricName": "BytesRead", "Value": float(record.bytes), "Unit": "Bytes"},
    ]
