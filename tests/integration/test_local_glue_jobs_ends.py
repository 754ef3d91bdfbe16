"""How job runs end or wait: each with a real Spark process, and none of it is left."""

import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from local import process
from local.settings import Settings
from tests.integration.aws import ALLOW_ALL, Aws, wait_for
from tests.integration.conftest import free_port
from tests.integration.watching import processes_of

pytestmark = pytest.mark.integration

# Long enough for a call that is sent with credentials that soon expire to arrive in time on a busy machine.
ROLE_SECONDS = 12.0
MINUTE_SECONDS = 12.0

COUNT = """
import boto3, time
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print("counted", spark.range(3).count())
"""
COUNT_AND_WAIT = f"{COUNT}\nwhile True: time.sleep(0.1)\n"
COUNT_AND_FAIL_ONCE = f"""
{COUNT}
s3 = boto3.client("s3")
there = s3.list_objects_v2(Bucket="stubborn-scripts", Prefix="tried")["KeyCount"]
s3.put_object(Bucket="stubborn-scripts", Key=f"tried-{{there}}")
if there < 1:
    raise ValueError("not yet")
"""
OUTLIVE_THE_CREDENTIALS = f"""
{COUNT}
spark.range(3).write.parquet("s3://outliving-scripts/rows")
session = boto3.Session()
first = session.get_credentials().get_frozen_credentials()
old = boto3.client("s3", aws_access_key_id=first.access_key, aws_secret_access_key=first.secret_key,
                   aws_session_token=first.token)
def refused():
    try:
        old.list_objects_v2(Bucket="outliving-scripts")
    except old.exceptions.ClientError:
        return True
while not refused(): time.sleep(0.2)
print("Spark reads", spark.read.parquet("s3://outliving-scripts/rows").count(), "rows")
print("boto3 finds", session.client("s3").list_objects_v2(Bucket="outliving-scripts", Prefix="script")["KeyCount"])
print("another key:", session.get_credentials().get_frozen_credentials().access_key != first.access_key)
"""
ASK_FOR_EVER = f"""
{COUNT}
while True:
    boto3.client("s3").list_objects_v2(Bucket="BUCKET")
    time.sleep(0.2)
"""
NOT_GLUE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """An emulator with short minutes and short-lived credentials."""
    settings = Settings(
        port=free_port(),
        state_dir=tmp_path_factory.mktemp("hurried"),
        role_seconds=ROLE_SECONDS,
        minute_seconds=MINUTE_SECONDS,
    )
    process.start(settings)
    yield Aws(settings.endpoint)
    process.stop(settings)


def counted(aws: Aws, run_id: str) -> bool:
    """Whether the run's Spark has counted, and its JVM is there."""
    try:
        said = aws.log("/aws-glue/jobs/output", run_id)
    except ClientError:
        return False
    return said == ["counted 3"] and "java" in names_of(run_id)


def names_of(run_id: str) -> set[str]:
    """The programs that run for a run."""
    return {one.name() for one in processes_of(run_id)}


@pytest.mark.shows("job-queuing-run-wins", "job-start-limit", "job-stopped", "job-waiting", "job-live-logs")
def test_a_queued_run_starts_its_spark_once_the_run_before_it_was_stopped(hurried: Aws) -> None:
    glue = hurried.client("glue")
    role = hurried.role("busy-job", ALLOW_ALL)
    hurried.job("busy", role, COUNT_AND_WAIT, JobRunQueuingEnabled=True, MaxRetries=1)
    first = glue.start_job_run(JobName="busy", Timeout=1000)["JobRunId"]
    second = glue.start_job_run(JobName="busy", Timeout=1000)["JobRunId"]
    wait_for(lambda: counted(hurried, first), seconds=90, what="the first run's count")
    waiting = glue.get_job_run(JobName="busy", RunId=second)["JobRun"]
    assert (waiting["JobRunState"], names_of(second)) == ("WAITING", set())
    assert waiting["StateDetail"]
    with pytest.raises(glue.exceptions.ConcurrentRunsExceededException):
        glue.start_job_run(JobName="busy", JobRunQueuingEnabled=False)

    glue.batch_stop_job_run(JobName="busy", JobRunIds=[first])

    assert hurried.job_run("busy", first)["JobRunState"] == "STOPPED"
    assert names_of(first) == set()
    wait_for(lambda: counted(hurried, second), seconds=90, what="the second run's count")
    answer = glue.batch_stop_job_run(JobName="busy", JobRunIds=[second, "jr_none"])
    assert [one["JobRunId"] for one in answer["SuccessfulSubmissions"]] == [second]
    assert [(one["JobRunId"], one["ErrorDetail"]["ErrorCode"]) for one in answer["Errors"]] == [
        ("jr_none", "EntityNotFoundException")
    ]
    assert hurried.job_run("busy", second)["JobRunState"] == "STOPPED"
    assert names_of(second) == set()
    # What was stopped is not tried again.
    assert len(glue.get_job_runs(JobName="busy")["JobRuns"]) == 2


@pytest.mark.shows("job-timeout", "job-timeout-not-retried", "job-run-overrides", "job-execution-time")
def test_a_run_past_its_timeout_ends_with_its_spark_and_is_not_tried_again(hurried: Aws) -> None:
    glue = hurried.client("glue")
    hurried.job("slow", hurried.role("slow-job", ALLOW_ALL), COUNT_AND_WAIT, MaxRetries=3, Timeout=1000)
    run_id = glue.start_job_run(JobName="slow", Timeout=1)["JobRunId"]
    wait_for(lambda: "java" in names_of(run_id), seconds=60, what="the run's JVM")

    run = hurried.job_run("slow", run_id)

    assert (run["JobRunState"], run["Timeout"]) == ("TIMEOUT", 1)
    assert MINUTE_SECONDS - 1 <= run["ExecutionTime"] < 4 * MINUTE_SECONDS
    assert names_of(run_id) == set()
    assert [one["Id"] for one in glue.get_job_runs(JobName="slow")["JobRuns"]] == [run_id]


@pytest.mark.shows("job-retries", "job-attempts", "job-runs-order")
def test_a_run_that_fails_is_tried_again_as_often_as_the_job_says(hurried: Aws) -> None:
    hurried.job("stubborn", hurried.role("stubborn-job", ALLOW_ALL), COUNT_AND_FAIL_ONCE, MaxRetries=2)
    glue = hurried.client("glue")
    first = glue.start_job_run(JobName="stubborn", Timeout=1000)["JobRunId"]
    second = f"{first}_attempt_1"

    def attempts() -> list[str]:
        return [run["Id"] for run in glue.get_job_runs(JobName="stubborn")["JobRuns"]]

    wait_for(lambda: second in attempts(), seconds=90, what="the second attempt")
    retry = hurried.job_run("stubborn", second)

    assert hurried.job_run("stubborn", first)["JobRunState"] == "FAILED"
    assert retry["JobRunState"] == "SUCCEEDED", retry
    assert (retry["Attempt"], retry["PreviousRunId"]) == (1, first)
    assert attempts() == [second, first]
    assert names_of(first) == set()


@pytest.mark.shows("iam-credentials-renewed")
def test_a_run_whose_credentials_expire_in_the_middle_renews_them_and_succeeds(hurried: Aws) -> None:
    hurried.job("outliving", hurried.role("outliving-job", ALLOW_ALL), OUTLIVE_THE_CREDENTIALS)
    run_id = hurried.client("glue").start_job_run(JobName="outliving", Timeout=1000)["JobRunId"]

    run = hurried.job_run("outliving", run_id)

    assert run["JobRunState"] == "SUCCEEDED", run
    assert hurried.log("/aws-glue/jobs/output", run_id) == [
        "counted 3", "Spark reads 3 rows", "boto3 finds 1", "another key: True"
    ]  # fmt: skip
    assert names_of(run_id) == set()


@pytest.mark.shows("iam-trust")
def test_a_run_whose_role_does_not_trust_glue_any_more_fails_when_its_credentials_expire(hurried: Aws) -> None:
    role = hurried.role("mistrusting-job", ALLOW_ALL)
    hurried.job("mistrusting", role, ASK_FOR_EVER.replace("BUCKET", "mistrusting-scripts"))
    run_id = hurried.client("glue").start_job_run(JobName="mistrusting", Timeout=1000)["JobRunId"]
    wait_for(lambda: counted(hurried, run_id), seconds=90, what="the run's count")

    hurried.client("iam").update_assume_role_policy(RoleName="mistrusting-job", PolicyDocument=json.dumps(NOT_GLUE))
    run = hurried.job_run("mistrusting", run_id)

    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"].startswith("Error Category: PERMISSION_ERROR; Failed Line Number: ")
    assert f"unable to assume provided role {role}" in run["ErrorMessage"]
    assert names_of(run_id) == set()
