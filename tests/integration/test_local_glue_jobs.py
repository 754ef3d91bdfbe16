"""Job runs of local Glue, with real Spark processes."""

import os
import signal

import pytest
from botocore.exceptions import ClientError

from local.settings import Settings
from tests.integration.aws import ALLOW_ALL, Aws, wait_for
from tests.integration.watching import processes_of

pytestmark = pytest.mark.integration

ICEBERG = " --conf ".join(
    (
        "spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.glue_catalog=org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.glue_catalog.warehouse=s3://plain-data/warehouse/",
        "spark.sql.catalog.glue_catalog.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog",
        "spark.sql.catalog.glue_catalog.io-impl=org.apache.iceberg.aws.s3.S3FileIO",
    )
)
WRITE_A_TABLE = """
import sys
from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession

given = getResolvedOptions(sys.argv, ["JOB_NAME", "RUN_ID"])
spark = SparkSession.builder.getOrCreate()
rows = spark.read.csv("s3://plain-data/in/", header=True, schema="a int, b string")
rows.writeTo("glue_catalog.plain.copied").tableProperty("location", "s3://plain-data/copied").create()
print("copied", spark.table("glue_catalog.plain.copied").count(), "rows in", given["RUN_ID"])
"""
RAISE = "raise ValueError('no such carrier: ZZ')"
SLEEP = """
from pyspark.sql import SparkSession
import time
SparkSession.builder.getOrCreate()
print("sleeping")
time.sleep(600)
"""


@pytest.mark.shows("job-succeeded", "job-iceberg", "job-conf", "job-logs", "job-log-stream", "job-resolved-options")
def test_a_job_runs_its_script_with_spark_and_iceberg_and_logs_with_its_role(aws: Aws) -> None:
    role = aws.role("plain-job", ALLOW_ALL)
    s3, glue = aws.client("s3"), aws.client("glue")
    s3.create_bucket(Bucket="plain-data")
    s3.put_object(Bucket="plain-data", Key="in/one.csv", Body=b"a,b\n1,x\n2,y\n")
    glue.create_database(DatabaseInput={"Name": "plain"})
    aws.job("plain", role, WRITE_A_TABLE, DefaultArguments={"--datalake-formats": "iceberg", "--conf": ICEBERG})
    run_id = glue.start_job_run(JobName="plain", Arguments={"--RUN_ID": "r1"})["JobRunId"]

    run = aws.job_run("plain", run_id)

    assert run["JobRunState"] == "SUCCEEDED", run
    assert run["LogGroupName"] == "/aws-glue/jobs"
    assert aws.log("/aws-glue/jobs/output", run_id)[-1] == "copied 2 rows in r1"
    table = glue.get_table(DatabaseName="plain", Name="copied")["Table"]
    assert table["Parameters"]["table_type"] == "ICEBERG"
    assert s3.list_objects_v2(Bucket="plain-data", Prefix="copied/data/")["KeyCount"] > 0


@pytest.mark.shows("job-failed", "job-error-message")
def test_a_script_that_raises_fails_its_run_with_its_own_error(aws: Aws) -> None:
    aws.job("raising", aws.role("raising-job", ALLOW_ALL), RAISE)
    run_id = aws.client("glue").start_job_run(JobName="raising")["JobRunId"]

    run = aws.job_run("raising", run_id)

    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"] == (
        "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 1; ValueError: no such carrier: ZZ"
    )
    log = aws.log("/aws-glue/jobs/output", run_id)
    assert log[0] == "Traceback (most recent call last):"
    assert log[-1] == "ValueError: no such carrier: ZZ"
    assert not any("driver.py" in line for line in log)


@pytest.mark.shows("iam-script")
def test_a_role_that_may_not_read_the_script_fails_the_run_with_the_denied_call(aws: Aws) -> None:
    logs_only = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
    aws.job("unreadable", aws.role("unreadable-job", logs_only), RAISE)
    run = aws.job_run("unreadable", aws.client("glue").start_job_run(JobName="unreadable")["JobRunId"])
    assert run["JobRunState"] == "FAILED"
    assert "AccessDenied" in run["ErrorMessage"]
    assert "s3://unreadable-scripts/script.py" in run["ErrorMessage"]


@pytest.mark.shows("iam-logs")
def test_a_role_that_may_not_write_logs_writes_none(aws: Aws) -> None:
    s3_only = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    aws.job("silent", aws.role("silent-job", s3_only), "print('hello')")
    run_id = aws.client("glue").start_job_run(JobName="silent")["JobRunId"]
    assert aws.job_run("silent", run_id)["JobRunState"] == "SUCCEEDED"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        aws.log("/aws-glue/jobs/output", run_id)


@pytest.mark.shows("iam-trust")
def test_a_role_that_does_not_trust_glue_fails_the_run(aws: Aws) -> None:
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]}  # fmt: skip
    aws.job("untrusted", aws.role("untrusted-job", ALLOW_ALL, trust=trust), RAISE)
    run = aws.job_run("untrusted", aws.client("glue").start_job_run(JobName="untrusted")["JobRunId"])
    assert run["JobRunState"] == "FAILED"
    assert "unable to assume" in run["ErrorMessage"]


def test_killing_the_emulator_leaves_no_process_of_a_run(own_emulator: Settings) -> None:
    aws = Aws(own_emulator.endpoint)
    aws.job("orphan", aws.role("orphan-job", ALLOW_ALL), SLEEP)
    run_id = aws.client("glue").start_job_run(JobName="orphan")["JobRunId"]
    # From then on the script says nothing: no broken pipe ends it.
    wait_for(lambda: sleeps(aws, run_id), seconds=60, what="the script's sleep")
    assert len(processes_of(run_id)) >= 3
    os.kill(int(own_emulator.pid_file.read_text()), signal.SIGKILL)
    wait_for(lambda: not processes_of(run_id), seconds=60, what="the end of the run's processes")


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"DefaultArguments": {"--additional-python-modules": "x==1"}}, "--additional-python-modules"),
        ({"DefaultArguments": {"--job-bookmark-option": "job-bookmark-enable"}}, "bookmarks"),
        ({"DefaultArguments": {"--datalake-formats": "hudi"}}, "--datalake-formats hudi"),
        ({"Command": {"Name": "gluestreaming", "ScriptLocation": "s3://x/y.py"}}, "gluestreaming"),
        ({"Command": {"Name": "glueray", "ScriptLocation": "s3://x/y.py"}}, "glueray"),
        ({"Command": {"Name": "pythonshell", "ScriptLocation": "s3://x/y.py"}}, "Command.PythonVersion 3"),
        ({"DefaultArguments": {"--datalake-formats": "iceberg,delta"}}, "--datalake-formats delta"),
        ({"DefaultArguments": {"--job-language": "scala"}}, "--job-language scala"),
        ({"Connections": {"Connections": ["vpc"]}}, "Connections"),
        ({"GlueVersion": "4.0"}, "GlueVersion 4.0"),
    ],
)
def test_what_is_not_served_is_refused_by_its_name(aws: Aws, members: dict[str, object], named: str) -> None:
    request = {"Name": "refused", "Role": "r", "Command": {"Name": "glueetl", "ScriptLocation": "s3://x/y.py"}}
    with pytest.raises(ClientError, match="InvalidInputException") as refusal:
        aws.client("glue").create_job(**{**request, **members})
    assert named in str(refusal.value)
    assert "not supported by the Glue on this machine" in str(refusal.value)


def test_an_action_that_is_not_served_says_so(aws: Aws) -> None:
    with pytest.raises(ClientError) as refusal:
        aws.client("glue").list_blueprints()
    assert refusal.value.response["Error"]["Code"] == "UnknownOperationException"
    assert "ListBlueprints is an action of AWS Glue that the Glue on this machine does not have" in str(refusal.value)


def sleeps(aws: Aws, run_id: str) -> bool:
    """Whether the script of SLEEP has come to its sleep."""
    try:
        return aws.log("/aws-glue/jobs/output", run_id) == ["sleeping"]
    except ClientError:
        return False
