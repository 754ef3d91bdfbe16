"""A program of nothing but boto3, run as a process twice: it knows of the emulator by its environment alone."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from local.settings import PROJECT
from tests.integration.aws import Aws

pytestmark = pytest.mark.integration

PROGRAM = Path(__file__).with_name("plain_boto3_program.py")
BUCKET = "plain-boto3-000000000000"


def run_twice(aws: Aws) -> list[str]:
    """What the program printed, the first and the second time, under what `python -m local env` prints."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    printed = subprocess.run(
        [sys.executable, "-m", "local", "env"], cwd=PROJECT, env={**bare, "AWS_ENDPOINT_URL": aws.endpoint},
        text=True, capture_output=True, check=True,
    ).stdout  # fmt: skip
    exported = dict(re.findall(r"^export (\w+)=(.*)$", printed, re.MULTILINE))
    command = [sys.executable, str(PROGRAM)]
    outputs = []
    for _ in range(2):
        done = subprocess.run(command, env={**bare, **exported}, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        outputs.append(done.stdout)
    return outputs


@pytest.fixture(scope="module")
def printed(aws: Aws) -> list[str]:
    """What it printed, the first and the second time."""
    return run_twice(aws)


def curated(aws: Aws, output: str) -> dict[str, float]:
    """The rows that the run of this output brought, as it said by its id."""
    [run_id] = re.findall(r"^run: (\w+)", output, re.MULTILINE)
    s3 = aws.client("s3")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET, Prefix=f"curated/orders/{run_id}/")["Contents"]]
    tables = [
        pq.read_table(io.BytesIO(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()))
        for key in keys
        if key.endswith(".parquet")
    ]
    rows = pa.concat_tables(tables).to_pylist()
    return {row["city"]: row["sum(amount)"] for row in rows}


@pytest.mark.shows("crawl-last-status", "job-succeeded", "job-resolved-options")
def test_it_ends_in_succeeded_with_the_table_in_the_catalog_and_the_data_in_the_bucket(
    aws: Aws, printed: list[str]
) -> None:
    lines = printed[0].splitlines()
    assert [line for line in lines if not line.startswith("run: ")] == [
        "crawl: SUCCEEDED", "table: id bigint, city string, amount double", "final status: SUCCEEDED",
    ]  # fmt: skip
    table = aws.client("glue").get_table(DatabaseName="orders", Name="raw_orders")["Table"]
    assert table["StorageDescriptor"]["Location"] == f"s3://{BUCKET}/raw/orders/"
    assert table["Parameters"]["classification"] == "csv"
    assert curated(aws, printed[0]) == {"Oslo": 4.0, "Rome": 4.0}


@pytest.mark.shows("crawl-exists", "job-exists")
def test_run_again_it_gets_awss_errors_for_what_exists_and_succeeds_with_it(aws: Aws, printed: list[str]) -> None:
    refused = [line for line in printed[1].splitlines() if line.startswith("Create")]
    assert refused == [
        "CreateRole: EntityAlreadyExists", "CreateDatabase: AlreadyExistsException",
        "CreateCrawler: AlreadyExistsException", "CreateJob: AlreadyExistsException",
    ]  # fmt: skip
    assert printed[1].endswith("\nfinal status: SUCCEEDED\n")
    assert curated(aws, printed[1]) == curated(aws, printed[0])
    assert len(aws.client("glue").get_job_runs(JobName="orders")["JobRuns"]) == 2


@pytest.mark.shows("job-exists")
@pytest.mark.usefixtures("printed")
def test_a_job_of_the_same_name_with_another_definition_is_a_mismatch(aws: Aws) -> None:
    glue = aws.client("glue")
    job = glue.get_job(JobName="orders")["Job"]
    with pytest.raises(glue.exceptions.IdempotentParameterMismatchException, match="with different configuration"):
        glue.create_job(Name="orders", Role=job["Role"], Command=job["Command"], Timeout=20)


def test_the_program_knows_nothing_of_the_emulator() -> None:
    text = PROGRAM.read_text()
    assert re.findall(r"endpoint|127\.0\.0\.1|localhost|4566|local\b", text) == []
    assert {line for line in text.splitlines() if line.startswith(("import ", "from "))} >= {"import boto3"}
    assert not re.findall(r"^(?:from|import) (?:lake|local|runner|tests)", text, re.MULTILINE)
