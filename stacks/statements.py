"""Policy statements that the roles have in common; each names its resources, and says in its Sid what it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

from stacks.arns import arn, bucket_arn, objects_arn, place_of

# A statement in IAM's own words: an object of the CDK's library for each would cross to Node once a statement.
Statement = dict[str, Any]


def policy(statements: Sequence[Statement]) -> iam.PolicyDocument:
    """Return the policy of these statements."""
    return iam.PolicyDocument.from_json({"Version": "2012-10-17", "Statement": list(statements)})


def allow(
    sid: str, actions: Sequence[str], resources: Sequence[str], conditions: Mapping[str, Any] | None = None
) -> Statement:
    """Return a statement that allows `actions` on `resources`."""
    statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    return {**statement, "Condition": conditions} if conditions else statement


def list_under(sid: str, bucket: s3.IBucket, prefixes: Sequence[str]) -> Statement:
    """Allow listing the keys that lie under `prefixes` (each ends in '/'), and no others of the bucket.

    A folder is also asked for without its '/': Hadoop's S3A probes it as a file first.
    """
    patterns = [pattern for prefix in prefixes for pattern in (prefix.rstrip("/"), f"{prefix}*")]
    return allow(sid, ["s3:ListBucket"], [bucket_arn(bucket)], {"StringLike": {"s3:prefix": patterns}})


def read_under(sid: str, bucket: s3.IBucket, prefix: str) -> Statement:
    """Allow reading the objects under `prefix` (it ends in '/'), and probing for one of the folder's own name."""
    keys = [prefix.rstrip("/"), f"{prefix}*"]
    return allow(sid, ["s3:GetObject"], [objects_arn(bucket, key) for key in keys])


def locate(sid: str, buckets: Sequence[s3.IBucket]) -> Statement:
    """Allow asking in which region the buckets are."""
    return allow(sid, ["s3:GetBucketLocation"], [bucket_arn(bucket) for bucket in buckets])


def use_key(sid: str, key: kms.IKey, actions: Sequence[str]) -> Statement:
    """Allow `actions` with the key for what S3 stores, and for nothing else."""
    return _through_s3(sid, key, actions, key.key_arn)


def decrypt_raw_objects(scope: IConstruct, key_arn: str | None) -> list[Statement]:
    """Allow reading what another key encrypted: that of an existing raw bucket, where it has one."""
    return [_through_s3("DecryptExistingBucket", scope, ["kms:Decrypt"], key_arn)] if key_arn else []


def _through_s3(sid: str, scope: IConstruct, actions: Sequence[str], key_arn: str) -> Statement:
    service = f"s3.{place_of(scope).region}.amazonaws.com"
    return allow(sid, actions, [key_arn], {"StringEquals": {"kms:ViaService": service}})


def write_logs(scope: IConstruct, log_groups: Sequence[str]) -> Statement:
    """Allow Glue what it does with the log groups of a run that has a security configuration.

    Glue asks to create the group and to set its key before it writes, also where the group is there
    (Glue guide, 'Logging behavior with security configuration').
    """
    arns = [arn(scope, "logs", f"log-group:{name}{suffix}") for name in log_groups for suffix in ("", ":*")]
    actions = ["logs:CreateLogGroup", "logs:AssociateKmsKey", "logs:CreateLogStream", "logs:PutLogEvents"]
    return allow("WriteLogs", actions, arns)


def publish_metrics(sid: str, namespace: str) -> Statement:
    """Allow metrics of one namespace; CloudWatch knows no resource for them."""
    return allow(sid, ["cloudwatch:PutMetricData"], ["*"], {"StringEquals": {"cloudwatch:namespace": namespace}})


def catalog_arns(scope: IConstruct, database: str, tables: Sequence[str] = ()) -> list[str]:
    """Return the ARNs that Glue checks for a call on tables of a database: the catalog, the database, the tables."""
    return [
        arn(scope, "glue", "catalog"),
        arn(scope, "glue", f"database/{database}"),
        *(arn(scope, "glue", f"table/{database}/{table}") for table in tables),
    ]
