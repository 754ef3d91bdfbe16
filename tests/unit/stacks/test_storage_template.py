from typing import Any

import pytest

from tests.unit.stacks.synthesis import Json, as_list, only, resources, text

BUCKETS = {"raw": "StorageRawBucket", "curated": "StorageCuratedBucket", "access logs": "StorageAccessLogsBucket"}


def bucket(template: Json, kind: str) -> Json:
    (found,) = (
        found["Properties"]
        for logical_id, found in template["Resources"].items()
        if found["Type"] == "AWS::S3::Bucket" and logical_id.startswith(BUCKETS[kind])
    )
    return dict(found)


def lifecycle(template: Json, kind: str) -> dict[str, Json]:
    return {rule["Id"]: rule for rule in bucket(template, kind)["LifecycleConfiguration"]["Rules"]}


def test_there_are_three_buckets_and_no_more(lake: Json) -> None:
    assert len(resources(lake, "AWS::S3::Bucket")) == len(BUCKETS)


@pytest.mark.parametrize("kind", BUCKETS)
def test_bucket_is_closed_to_the_public(lake: Json, kind: str) -> None:
    assert bucket(lake, kind)["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }


@pytest.mark.parametrize("kind", BUCKETS)
def test_bucket_keeps_versions(lake: Json, kind: str) -> None:
    assert bucket(lake, kind)["VersioningConfiguration"] == {"Status": "Enabled"}


@pytest.mark.parametrize("kind", BUCKETS)
def test_bucket_has_no_access_control_lists(lake: Json, kind: str) -> None:
    assert bucket(lake, kind)["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert "AccessControl" not in bucket(lake, kind)


@pytest.mark.parametrize("kind", BUCKETS)
def test_bucket_lets_old_versions_and_broken_uploads_go(lake: Json, kind: str) -> None:
    rule = lifecycle(lake, kind)["Housekeeping"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert "ExpirationInDays" not in rule
    assert rule["Status"] == "Enabled"


@pytest.mark.parametrize("kind", ["raw", "curated"])
def test_current_objects_of_data_never_expire(lake: Json, kind: str) -> None:
    expiring = [rule for rule in lifecycle(lake, kind).values() if "ExpirationInDays" in rule]
    assert [rule["Prefix"] for rule in expiring] == (["temp/"] if kind == "curated" else [])


@pytest.mark.parametrize("kind", BUCKETS)
def test_bucket_refuses_what_does_not_come_over_tls(lake: Json, kind: str) -> None:
    denied: list[Any] = []
    for policy in resources(lake, "AWS::S3::BucketPolicy"):
        if policy["Bucket"]["Ref"].startswith(BUCKETS[kind]):
            denied += [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Deny"]
    (statement,) = denied
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Principal"] == {"AWS": "*"}
    assert statement["Action"] == "s3:*"
    assert len(statement["Resource"]) == 2


@pytest.mark.parametrize("kind", ["raw", "curated"])
def test_data_is_encrypted_with_the_lakes_key(lake: Json, kind: str) -> None:
    (rule,) = bucket(lake, kind)["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["BucketKeyEnabled"] is True
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert text(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]).startswith("{EncryptionKey")


def test_access_logs_are_encrypted_with_s3s_key_for_log_delivery_knows_no_other(lake: Json) -> None:
    (rule,) = bucket(lake, "access logs")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


@pytest.mark.parametrize(("kind", "prefix"), [("raw", "raw/"), ("curated", "curated/")])
def test_access_to_data_is_logged(lake: Json, kind: str, prefix: str) -> None:
    logging = bucket(lake, kind)["LoggingConfiguration"]
    assert logging["LogFilePrefix"] == prefix
    assert logging["DestinationBucketName"]["Ref"].startswith(BUCKETS["access logs"])


def test_access_logs_go_with_the_environments_retention(lake: Json, prod_templates: dict[str, Json]) -> None:
    assert lifecycle(lake, "access logs")["ExpireLogs"]["ExpirationInDays"] == 7
    assert lifecycle(prod_templates["lake-prod"], "access logs")["ExpireLogs"]["ExpirationInDays"] == 365


def test_key_is_rotated(lake: Json) -> None:
    assert only(lake, "AWS::KMS::Key")["EnableKeyRotation"] is True


def test_key_may_be_used_by_cloudwatch_logs_for_glues_log_groups_alone(lake: Json) -> None:
    statements = text(only(lake, "AWS::KMS::Key")["KeyPolicy"]["Statement"])
    logs = {"Service": "logs.us-east-1.amazonaws.com"}
    (for_logs,) = (statement for statement in statements if statement["Principal"] == logs)
    assert for_logs["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:000000000000:log-group:/aws-glue/*"}
    }


def test_security_configuration_encrypts_objects_logs_and_bookmarks(lake: Json) -> None:
    configuration = only(lake, "AWS::Glue::SecurityConfiguration")
    encryption = text(configuration["EncryptionConfiguration"])
    assert configuration["Name"] == "lake-local"
    assert encryption["S3Encryptions"][0]["S3EncryptionMode"] == "SSE-KMS"
    assert encryption["CloudWatchEncryption"]["CloudWatchEncryptionMode"] == "SSE-KMS"
    assert encryption["JobBookmarksEncryption"]["JobBookmarksEncryptionMode"] == "CSE-KMS"


def test_databases_say_where_their_tables_lie(lake: Json) -> None:
    databases = {
        found["DatabaseInput"]["Name"]: text(found["DatabaseInput"]["LocationUri"])
        for found in resources(lake, "AWS::Glue::Database")
    }
    assert databases.keys() == {"lake_local_raw", "lake_local_curated", "lake_local_ops"}
    assert databases["lake_local_raw"].startswith("s3://{StorageRawBucket")
    assert databases["lake_local_raw"].endswith("/raw/")
    assert databases["lake_local_ops"].startswith("s3://{StorageCuratedBucket")


def test_outputs_name_the_buckets(lake: Json) -> None:
    assert lake["Outputs"]["RawBucketName"]["Value"]["Ref"].startswith(BUCKETS["raw"])
    assert lake["Outputs"]["CuratedBucketName"]["Value"]["Ref"].startswith(BUCKETS["curated"])


KEPT = {"AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Glue::Database", "AWS::Logs::LogGroup"}


def test_prod_keeps_data_key_tables_and_logs_when_its_stacks_go(prod_templates: dict[str, Json]) -> None:
    policies = {
        (found["Type"], found.get("DeletionPolicy"), found.get("UpdateReplacePolicy"))
        for template in prod_templates.values()
        for found in template["Resources"].values()
        if found["Type"] in KEPT
    }
    assert policies == {(kept, "Retain", "Retain") for kept in KEPT}


def test_local_keeps_nothing_when_its_stacks_go(local_templates: dict[str, Json]) -> None:
    policies = {
        found.get("DeletionPolicy")
        for template in local_templates.values()
        for found in template["Resources"].values()
        if found["Type"] in KEPT
    }
    assert policies == {"Delete"}


def test_every_bucket_and_role_has_the_environments_tags(local_templates: dict[str, Json]) -> None:
    for template in local_templates.values():
        for resource_type in ("AWS::S3::Bucket", "AWS::IAM::Role", "AWS::KMS::Key"):
            for found in resources(template, resource_type):
                tags = {tag["Key"]: tag["Value"] for tag in as_list(found["Tags"])}
                assert tags == {"project": "open-data-lake", "environment": "local"}


def test_nothing_needs_a_lambda(local_templates: dict[str, Json]) -> None:
    types = {found["Type"] for template in local_templates.values() for found in template["Resources"].values()}
    assert not any(name.startswith(("AWS::Lambda", "Custom::", "AWS::CloudFormation")) for name in types)
