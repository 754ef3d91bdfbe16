import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from app import build, new_app
from lake.config import load_config
from stacks.lake_stack import LakeStack
from tests.unit.stacks.synthesis import Json, Policy, only, templates_in, text

GLUE = "arn:aws:glue:us-east-1:000000000000"
CURATED = "{CuratedBucket.Arn}"


def test_the_workgroup_encrypts_results_limits_what_is_scanned_and_lets_nobody_turn_that_off(lake: Json) -> None:
    workgroup = text(only(lake, "AWS::Athena::WorkGroup"))
    configuration = workgroup["WorkGroupConfiguration"]
    assert workgroup["Name"] == "lake-local"
    assert configuration["EnforceWorkGroupConfiguration"] is True
    assert configuration["BytesScannedCutoffPerQuery"] == 100 * 10**9
    results = configuration["ResultConfiguration"]
    assert results["EncryptionConfiguration"]["EncryptionOption"] == "SSE_KMS"
    assert results["EncryptionConfiguration"]["KmsKey"].startswith("{EncryptionKey")
    assert results["OutputLocation"].endswith("/temp/athena-results/")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """What a role of another stack may that was given the flights to read."""
    outdir = tmp_path_factory.mktemp("reader")
    app = new_app(str(outdir), validate=False)
    build(app, load_config("local"))
    lake = app.node.find_child("lake-local")
    assert isinstance(lake, LakeStack)
    stack = cdk.Stack(app, "readers", env=cdk.Environment(account="000000000000", region="us-east-1"))
    role = iam.Role(stack, "Analyst", assumed_by=iam.AccountRootPrincipal())
    lake.queries.grant_read(role, ["flights"])
    app.synth()
    document = only(templates_in(outdir)["readers"], "AWS::IAM::Policy")["PolicyDocument"]
    return Policy([text(statement) for statement in document["Statement"]])


def test_a_reader_reads_the_tables_that_it_was_given(reader: Policy) -> None:
    assert reader.allows("glue:GetTable", f"{GLUE}:table/lake_local_curated/flights")
    assert reader.allows("s3:GetObject", f"{CURATED}/curated/flights/data/a.parquet")
    assert reader.allows("s3:ListBucket", CURATED, s3__prefix="curated/flights/metadata/")
    assert reader.allows("kms:Decrypt", "{Key.Arn}", kms__ViaService="s3.us-east-1.amazonaws.com")


def test_a_reader_reads_no_other_table_and_no_quarantined_row(reader: Policy) -> None:
    assert not reader.allows("glue:GetTable", f"{GLUE}:table/lake_local_curated/weather")
    assert not reader.allows("glue:GetTable", f"{GLUE}:table/lake_local_ops/flights_quarantine")
    assert not reader.allows("s3:GetObject", f"{CURATED}/curated/weather/data/a.parquet")
    assert not reader.allows("s3:GetObject", f"{CURATED}/ops/flights/quarantine/data/a.parquet")
    assert not reader.allows("s3:ListBucket", CURATED, s3__prefix="curated/")


def test_a_reader_writes_nothing(reader: Policy) -> None:
    assert not reader.allows("s3:PutObject", f"{CURATED}/curated/flights/data/a.parquet")
    assert not reader.allows("glue:UpdateTable", f"{GLUE}:table/lake_local_curated/flights")
    assert not reader.allows("kms:GenerateDataKey", "{Key.Arn}", kms__ViaService="s3.us-east-1.amazonaws.com")
