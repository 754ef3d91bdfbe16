"""What goes wrong is told: each alarm is caused, and what reaches the topic is read from a queue that it tells too."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lake.names import Names
from tests.integration.event_aws import Queue, arn, metric, queue
from tests.integration.lake import Lake

pytestmark = [pytest.mark.integration, pytest.mark.soak]

NAMES = Names("local")
PIPELINE = NAMES.pipeline("flights")
# No departure time in any row, where more than half must have one.
REFUSED = (
    "year,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,flight,tailnum,origin,"
    "dest,air_time,distance,hour,minute,time_hour\n"
    "2012,1,NA,515,2,830,819,11,UA,1545,N14228,EWR,IAH,227,1400,5,15,2012-02-01T10:00:00Z\n"
)


@pytest.fixture(scope="module")
def told(lake: Lake) -> Iterator[Queue]:
    """A queue that is told what the topic is told."""
    sns, topic = lake.aws.client("sns"), arn("sns", NAMES.alarm_topic)
    beside = queue(lake.aws, "told", of="sns.amazonaws.com")
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=beside.arn, ReturnSubscriptionArn=True)
    yield beside
    sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])


def message(told: Queue) -> str:
    body: dict[str, Any] = json.loads(told.receive(seconds=60)["Body"])
    return str(body["Message"])


def test_a_failed_run_is_told_with_its_reason(lake: Lake, told: Queue) -> None:
    run = lake.aws.client("glue").start_job_run(JobName=PIPELINE, Arguments={"--DATASET": "another"})["JobRunId"]

    assert lake.aws.job_run(PIPELINE, run)["JobRunState"] == "FAILED"

    said = message(told)
    assert said.startswith(f'"{PIPELINE} failed: ') or said.startswith(f"{PIPELINE} failed: ")
    assert "not 'another'" in said
    assert run in said


def test_a_stopped_run_is_told_and_is_not_called_a_failure(lake: Lake, told: Queue) -> None:
    glue = lake.aws.client("glue")
    run = glue.start_job_run(JobName=PIPELINE)["JobRunId"]
    lake.aws.job_run(PIPELINE, run, until=lambda state: state == "RUNNING")

    glue.batch_stop_job_run(JobName=PIPELINE, JobRunIds=[run])

    assert lake.aws.job_run(PIPELINE, run)["JobRunState"] == "STOPPED"
    said = message(told)
    assert f"{PIPELINE} was stopped" in said
    assert "failed" not in said.lower()


def test_a_refused_run_is_told_is_not_called_a_failure_and_ends_no_silence(lake: Lake, told: Queue) -> None:
    key = "raw/flights/month=02/refused.csv"
    lake.put_raw(key, REFUSED)

    try:
        result = lake.run_json("flights")
    finally:
        lake.aws.client("s3").delete_object(Bucket=lake.raw_bucket, Key=key)

    assert result["final_status"] == "REFUSED"
    said = message(told)
    assert f"{PIPELINE} refused its data and published nothing" in said
    assert f"{PIPELINE} failed" not in said  # Glue's own words, which follow, name a 'Failed Line Number'
    # The job publishes by its own role, and only into its own namespace.
    namespace = NAMES.metrics("flights")
    assert metric(lake.aws, namespace, "RowsRead", {}) >= 1
    assert metric(lake.aws, namespace, "RunsPublished", {}) == 0
