"""The operator's policy against what `runner/` calls: neither may grow without the other."""

import ast
from collections.abc import Iterator
from functools import cache

import botocore.session
import pytest
from botocore import xform_name

from lake.config_file import ROOT
from tests.unit.stacks.synthesis import Json, Policy, as_list, only, text

SERVICES = ("glue", "s3", "logs", "cloudformation")
# IAM's action, where it is not called as the API's.
ACTIONS = {"s3:ListObjectsV2": "s3:ListBucket"}
# PyIceberg reads the quarantined rows: it asks for the table and reads its objects.
BY_PYICEBERG = {"glue:GetTable", "s3:GetObject"}
# What no call is named after: S3 asks them of whoever reads and writes encrypted objects, or those that are not there.
BY_S3 = {"kms:Decrypt", "kms:GenerateDataKey", "s3:ListBucket"}

GLUE = "arn:aws:glue:us-east-1:000000000000"
LOGS = "arn:aws:logs:us-east-1:000000000000:log-group:/aws-glue/jobs"
RAW, CURATED, KEY = "{RawBucket.Arn}", "{CuratedBucket.Arn}", "{Key.Arn}"


@pytest.fixture(scope="module")
def operator(lake: Json) -> Policy:
    document = only(lake, "AWS::IAM::ManagedPolicy")["PolicyDocument"]

    def named(resource: str) -> str:
        """A bucket or key of the same stack, by the names that the other tests have for those of another."""
        for part, name in (("RawBucket", RAW), ("CuratedBucket", CURATED), ("EncryptionKey", KEY)):
            if resource.startswith("{") and part in resource.partition("}")[0]:
                return name + resource.partition("}")[2]
        return resource

    found = [text(statement) for statement in document["Statement"]]
    return Policy([{**each, "Resource": [named(one) for one in as_list(each["Resource"])]} for each in found])


@cache
def operations() -> dict[str, str]:
    """The APIs' operations that boto3 has as methods, as IAM's actions."""
    session = botocore.session.get_session()
    return {
        xform_name(operation): ACTIONS.get(f"{service}:{operation}", f"{service}:{operation}")
        for service in SERVICES
        for operation in session.get_service_model(service).operation_names
    }


def called() -> Iterator[str]:
    """What the modules of runner/ call by name, and what they page through."""
    for file in sorted((ROOT / "runner").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in operations():
                yield operations()[node.attr]
            if isinstance(node, ast.Constant) and node.value in operations():
                yield operations()[str(node.value)]


def test_the_policy_allows_what_the_runner_calls_and_nothing_that_it_does_not(operator: Policy) -> None:
    allowed = {action for statement in operator.statements for action in as_list(statement["Action"])}
    calls = set(called())
    assert {"glue:StartWorkflowRun", "s3:PutObject", "logs:GetLogEvents"} <= calls
    assert allowed == calls | BY_PYICEBERG | BY_S3


def test_an_operator_runs_this_environments_pipelines_and_no_others(operator: Policy) -> None:
    for action in ("glue:StartWorkflowRun", "glue:StopWorkflowRun", "glue:GetWorkflowRun", "glue:GetWorkflowRuns"):
        assert operator.allows(action, f"{GLUE}:workflow/lake-local-flights")
        assert not operator.allows(action, f"{GLUE}:workflow/lake-prod-flights")
        assert not operator.allows(action, f"{GLUE}:workflow/other")


def test_an_operator_runs_the_crawl_or_the_job_of_this_environments_pipelines_and_no_others(operator: Policy) -> None:
    for action, kind in (("glue:StartJobRun", "job"), ("glue:StartCrawler", "crawler")):
        assert operator.allows(action, f"{GLUE}:{kind}/lake-local-flights")
        assert not operator.allows(action, f"{GLUE}:{kind}/lake-prod-flights")


def test_an_operator_claims_runs_and_writes_nothing_else(operator: Policy) -> None:
    assert operator.allows("s3:PutObject", f"{CURATED}/ops/records/flights/r1.start")
    for key in ("ops/records/flights/r1.json", "curated/flights/data/a.parquet", "ops/flights/runs/a", "temp/a.start"):
        assert not operator.allows("s3:PutObject", f"{CURATED}/{key}")
    assert not operator.allows("s3:PutObject", f"{RAW}/raw/flights/a.csv")


def test_an_operator_reads_records_and_quarantined_rows_and_no_other_data(operator: Policy) -> None:
    for key in ("ops/records/flights/r1.json", "ops/flights/quarantine/data/a.parquet"):
        assert operator.allows("s3:GetObject", f"{CURATED}/{key}")
    for resource in (f"{CURATED}/curated/flights/data/a.parquet", f"{RAW}/raw/flights/a.csv"):
        assert not operator.allows("s3:GetObject", resource)
    assert operator.allows("glue:GetTable", f"{GLUE}:table/lake_local_ops/flights_quarantine")
    assert not operator.allows("glue:GetTable", f"{GLUE}:table/lake_local_curated/flights")


def test_an_operator_uses_the_key_through_s3_only(operator: Policy) -> None:
    assert operator.allows("kms:Decrypt", KEY, kms__ViaService="s3.us-east-1.amazonaws.com")
    assert not operator.allows("kms:Decrypt", KEY)


def test_an_operator_reads_the_logs_of_this_environments_jobs_and_no_others(operator: Policy) -> None:
    own = f"{LOGS}/lake-local-role/lake-local-flights-job/output"
    assert operator.allows("logs:DescribeLogStreams", own)
    assert operator.allows("logs:GetLogEvents", f"{own}:log-stream:jr_1")
    assert not operator.allows("logs:GetLogEvents", f"{LOGS}/output:log-stream:jr_1")
    assert not operator.allows("logs:GetLogEvents", f"{LOGS}/lake-prod-role/lake-prod-flights-job/output:log-stream:a")


def test_an_operator_sees_this_environments_stacks_and_no_others(operator: Policy) -> None:
    stack = "arn:aws:cloudformation:us-east-1:000000000000:stack"
    for name in ("lake-local", "lake-local-flights"):
        assert operator.allows("cloudformation:DescribeStacks", f"{stack}/{name}/0a1b")
    for name in ("lake-prod", "lake-localish", "other"):
        assert not operator.allows("cloudformation:DescribeStacks", f"{stack}/{name}/0a1b")
