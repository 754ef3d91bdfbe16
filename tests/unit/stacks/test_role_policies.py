import pytest

from tests.unit.stacks.synthesis import Json, Policy, as_list, policy_of, resources, statements

RAW = "{RawBucket.Arn}"
CURATED = "{CuratedBucket.Arn}"
KEY = "{Key.Arn}"
GLUE = "arn:aws:glue:us-east-1:000000000000"
LOGS = "arn:aws:logs:us-east-1:000000000000:log-group"
ASSETS = "arn:aws:s3:::cdk-hnb659fds-assets-000000000000-us-east-1"
S3_SERVICE = "s3.us-east-1.amazonaws.com"


@pytest.fixture(scope="module")
def job(flights: Json) -> Policy:
    return policy_of(flights, "lake-local-flights-job")


@pytest.fixture(scope="module")
def crawler(flights: Json) -> Policy:
    return policy_of(flights, "lake-local-flights-crawler")


WRITES = ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:PutObjectAcl"]


def test_job_role_reads_its_raw_objects(job: Policy) -> None:
    assert job.allows("s3:GetObject", f"{RAW}/raw/flights/month=01/2013-01-01.csv")
    assert job.allows("s3:ListBucket", RAW, s3__prefix="raw/flights/")


def test_job_role_may_probe_for_an_object_of_its_folders_name_as_s3a_does(job: Policy) -> None:
    assert job.allows("s3:GetObject", f"{RAW}/raw/flights")
    assert job.allows("s3:ListBucket", RAW, s3__prefix="raw/flights")


@pytest.mark.parametrize("action", WRITES)
def test_job_role_cannot_write_to_the_raw_bucket(job: Policy, action: str) -> None:
    assert not job.allows(action, f"{RAW}/raw/flights/month=01/2013-01-01.csv")
    assert not job.allows(action, f"{RAW}/any")


@pytest.mark.parametrize("key", ["raw/weather/a.csv", "raw/flights_old/a.csv", "raw/flight", "other"])
def test_job_role_cannot_read_another_datasets_raw_objects(job: Policy, key: str) -> None:
    assert not job.allows("s3:GetObject", f"{RAW}/{key}")
    assert not job.allows("s3:ListBucket", RAW, s3__prefix=key)


def test_job_role_cannot_list_a_bucket_without_a_prefix(job: Policy) -> None:
    for bucket in (RAW, CURATED):
        assert not job.allows("s3:ListBucket", bucket)
        assert not job.allows("s3:ListBucket", bucket, s3__prefix="")


@pytest.mark.parametrize(
    "key",
    [
        "curated/flights/data/a.parquet",
        "ops/flights/files/metadata/a.json",
        "ops/records/flights/run.json",
        "temp/flights/a",
    ],
)
def test_job_role_reads_and_writes_what_is_its_datasets(job: Policy, key: str) -> None:
    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
        assert job.allows(action, f"{CURATED}/{key}")
    assert job.allows("s3:ListBucket", CURATED, s3__prefix=key)


@pytest.mark.parametrize(
    "key",
    [
        "curated/weather/data/a.parquet",
        "curated/flights_old/a",
        "ops/weather/files/a",
        "ops/records/weather/run.json",
        "ops/records/flights_old/run.json",
        "temp/weather/a",
    ],
)
def test_job_role_touches_nothing_of_another_dataset_in_the_curated_bucket(job: Policy, key: str) -> None:
    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
        assert not job.allows(action, f"{CURATED}/{key}")
    assert not job.allows("s3:ListBucket", CURATED, s3__prefix=key)


def test_job_role_reads_its_own_code_and_no_other_asset(job: Policy, flights: Json) -> None:
    (definition,) = resources(flights, "AWS::Glue::Job")
    arguments = definition["DefaultArguments"]
    urls = [
        definition["Command"]["ScriptLocation"],
        *arguments["--extra-py-files"].split(","),
        *arguments["--extra-files"].split(","),
    ]
    for url in urls:
        assert job.allows("s3:GetObject", "arn:aws:s3:::" + url.removeprefix("s3://"))
    assert not job.allows("s3:GetObject", f"{ASSETS}/other.zip")
    assert not job.allows("s3:ListBucket", ASSETS, s3__prefix="")


def test_job_role_uses_the_key_through_s3_only(job: Policy) -> None:
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert job.allows(action, KEY, kms__ViaService=S3_SERVICE)
        assert not job.allows(action, KEY, kms__ViaService="secretsmanager.us-east-1.amazonaws.com")
        assert not job.allows(action, KEY)


def test_job_role_reads_its_raw_table_and_changes_it_not(job: Policy) -> None:
    table = f"{GLUE}:table/lake_local_raw/raw_flights"
    assert job.allows("glue:GetTable", table)
    assert job.allows("glue:GetPartitions", table)
    for action in ("glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable", "glue:BatchCreatePartition"):
        assert not job.allows(action, table)
    assert not job.allows("glue:GetTable", f"{GLUE}:table/lake_local_raw/raw_weather")


@pytest.mark.parametrize(
    "table",
    [
        "lake_local_curated/flights",
        "lake_local_ops/flights_files",
        "lake_local_ops/flights_runs",
        "lake_local_ops/flights_quarantine",
    ],
)
def test_job_role_writes_its_own_tables(job: Policy, table: str) -> None:
    for action in ("glue:GetTable", "glue:CreateTable", "glue:UpdateTable"):
        for resource in ("catalog", f"database/{table.split('/')[0]}", f"table/{table}"):
            assert job.allows(action, f"{GLUE}:{resource}")


@pytest.mark.parametrize(
    "table", ["lake_local_curated/weather", "lake_local_ops/weather_files", "lake_local_ops/flights_other"]
)
def test_job_role_reads_and_writes_no_other_table(job: Policy, table: str) -> None:
    for action in ("glue:GetTable", "glue:CreateTable", "glue:UpdateTable"):
        assert not job.allows(action, f"{GLUE}:table/{table}")


def test_job_role_drops_no_table(job: Policy) -> None:
    assert not job.allows("glue:DeleteTable", f"{GLUE}:table/lake_local_curated/flights")


def test_job_role_reads_the_run_properties_of_its_own_workflow(job: Policy) -> None:
    assert job.allows("glue:GetWorkflowRunProperties", f"{GLUE}:workflow/lake-local-flights")
    assert not job.allows("glue:GetWorkflowRunProperties", f"{GLUE}:workflow/lake-local-weather")
    assert not job.allows("glue:StartWorkflowRun", f"{GLUE}:workflow/lake-local-flights")


def test_job_role_writes_its_own_logs(job: Policy) -> None:
    own = f"{LOGS}:/aws-glue/jobs/lake-local-role/lake-local-flights-job"
    for group in ("output", "error"):
        assert job.allows("logs:CreateLogStream", f"{own}/{group}")
        assert job.allows("logs:PutLogEvents", f"{own}/{group}:log-stream:jr_1")
    assert not job.allows("logs:PutLogEvents", f"{LOGS}:/aws-glue/jobs/output:log-stream:jr_1")
    assert not job.allows("logs:PutLogEvents", f"{own}-other/output:log-stream:jr_1")


def test_job_role_publishes_metrics_of_its_own_namespace_and_no_others(job: Policy) -> None:
    assert job.allows("cloudwatch:PutMetricData", "*", cloudwatch__namespace="lake-local-flights")
    assert not job.allows("cloudwatch:PutMetricData", "*", cloudwatch__namespace="lake-local-planes")
    assert not job.allows("cloudwatch:PutMetricData", "*")


def test_crawler_role_reads_its_raw_objects_and_no_others(crawler: Policy) -> None:
    assert crawler.allows("s3:GetObject", f"{RAW}/raw/flights/month=01/2013-01-01.csv")
    assert crawler.allows("s3:ListBucket", RAW, s3__prefix="raw/flights/month=01/")
    assert not crawler.allows("s3:GetObject", f"{RAW}/raw/weather/a.csv")
    assert not crawler.allows("s3:ListBucket", RAW, s3__prefix="raw/weather/")
    assert not crawler.allows("s3:ListBucket", RAW, s3__prefix="raw/")


@pytest.mark.parametrize("action", WRITES)
@pytest.mark.parametrize("bucket", [RAW, CURATED])
def test_crawler_role_writes_no_object(crawler: Policy, action: str, bucket: str) -> None:
    assert not crawler.allows(action, f"{bucket}/raw/flights/a.csv")


def test_crawler_role_reads_nothing_of_the_curated_bucket(crawler: Policy) -> None:
    assert not crawler.allows("s3:GetObject", f"{CURATED}/curated/flights/data/a.parquet")
    assert not crawler.allows("s3:ListBucket", CURATED, s3__prefix="curated/flights/")


def test_crawler_role_decrypts_and_does_not_encrypt(crawler: Policy) -> None:
    assert crawler.allows("kms:Decrypt", KEY, kms__ViaService=S3_SERVICE)
    assert not crawler.allows("kms:GenerateDataKey", KEY, kms__ViaService=S3_SERVICE)


def test_crawler_role_writes_its_raw_table_and_no_other(crawler: Policy) -> None:
    for action in ("glue:GetTable", "glue:CreateTable", "glue:UpdateTable", "glue:BatchCreatePartition"):
        assert crawler.allows(action, f"{GLUE}:table/lake_local_raw/raw_flights")
        assert not crawler.allows(action, f"{GLUE}:table/lake_local_raw/raw_weather")
        assert not crawler.allows(action, f"{GLUE}:table/lake_local_curated/flights")


def test_crawler_role_deletes_nothing(crawler: Policy) -> None:
    for action in ("glue:DeleteTable", "glue:BatchDeleteTable", "glue:DeletePartition", "glue:BatchDeletePartition"):
        assert not crawler.allows(action, f"{GLUE}:table/lake_local_raw/raw_flights")


def test_both_roles_can_be_assumed_by_glue_alone(flights: Json) -> None:
    for role in resources(flights, "AWS::IAM::Role"):
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "glue.amazonaws.com"}


def test_roles_have_no_policy_that_is_not_written_here(local_templates: dict[str, Json]) -> None:
    for template in local_templates.values():
        assert not resources(template, "AWS::IAM::Policy")
        for role in resources(template, "AWS::IAM::Role"):
            assert "ManagedPolicyArns" not in role


def test_no_statement_has_a_wildcard_for_its_action_or_for_all_resources(local_templates: dict[str, Json]) -> None:
    for template in local_templates.values():
        for statement in statements(template):
            assert not any("*" in action for action in as_list(statement["Action"]))
            if statement["Sid"] == "PublishMetrics":
                continue  # CloudWatch knows no resource for it; its condition is tested by itself
            assert not any(resource in ("*", RAW + "/*", CURATED + "/*") for resource in as_list(statement["Resource"]))
