import pytest

from tests.unit.stacks.synthesis import Json, policy_of, resources, text

RAW = "arn:{AWS::Partition}:s3:::landing-zone"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/0a1b"
THROUGH_S3 = "s3.{AWS::Region}.amazonaws.com"


def test_an_existing_raw_bucket_is_used_and_none_is_made(whole_templates: dict[str, Json]) -> None:
    lake = whole_templates["lake-whole"]
    assert text(lake["Outputs"]["RawBucketName"]["Value"]) == "landing-zone"
    made = [name for name, found in lake["Resources"].items() if found["Type"] == "AWS::S3::Bucket"]
    assert len(made) == 2
    assert not [name for name in made if "Raw" in name]
    policies = resources(lake, "AWS::S3::BucketPolicy")
    assert not [policy for policy in policies if text(policy["Bucket"]) == "landing-zone"]


@pytest.mark.parametrize("role", ["lake-whole-every-job", "lake-whole-every-crawler"])
def test_the_roles_read_its_objects_under_their_prefix_with_its_key_and_no_others(whole: Json, role: str) -> None:
    policy = policy_of(whole, role)
    assert policy.allows("s3:GetObject", f"{RAW}/raw/every/a.csv")
    assert not policy.allows("s3:GetObject", f"{RAW}/raw/other/a.csv")
    assert not policy.allows("s3:PutObject", f"{RAW}/raw/every/a.csv")
    assert policy.allows("kms:Decrypt", KEY, kms__ViaService=THROUGH_S3)
    assert not policy.allows("kms:Decrypt", KEY)
    assert not policy.allows("kms:GenerateDataKey", KEY, kms__ViaService=THROUGH_S3)
