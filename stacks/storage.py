"""The buckets of the lake: raw objects, curated tables, and the access logs of both."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

# An overwritten or deleted object can be had back for so long.
KEEP_NONCURRENT = cdk.Duration.days(30)
ABORT_UPLOADS_AFTER = cdk.Duration.days(7)
TEMPORARY_PREFIX = "temp/"
KEEP_TEMPORARY = cdk.Duration.days(7)


class Storage(Construct):
    """Private, versioned buckets over TLS only; raw and curated encrypted with the lake's key and logged.

    A raw bucket that is there already is left as it is.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.IKey,
        raw_bucket: str | None,
        log_retention: cdk.Duration,
        removal_policy: cdk.RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        # S3's own key: log delivery cannot write to a bucket whose default is a KMS key
        # (S3 guide, 'Enabling Amazon S3 server access logging').
        self.access_logs_bucket = s3.Bucket(
            self,
            "AccessLogsBucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            versioned=True,
            lifecycle_rules=[_housekeeping(), s3.LifecycleRule(id="ExpireLogs", expiration=log_retention)],
            removal_policy=removal_policy,
        )
        self.raw_bucket = (
            s3.Bucket.from_bucket_name(self, "RawBucket", raw_bucket)
            if raw_bucket is not None
            else _sending_events(self._data_bucket("RawBucket", "raw/", key, removal_policy))
        )
        self.curated_bucket = self._data_bucket("CuratedBucket", "curated/", key, removal_policy)
        self.curated_bucket.add_lifecycle_rule(id="ExpireTemporary", prefix=TEMPORARY_PREFIX, expiration=KEEP_TEMPORARY)

    def _data_bucket(
        self, construct_id: str, log_prefix: str, key: kms.IKey, removal_policy: cdk.RemovalPolicy
    ) -> s3.Bucket:
        return s3.Bucket(
            self,
            construct_id,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=self.access_logs_bucket,
            server_access_logs_prefix=log_prefix,
            lifecycle_rules=[_housekeeping()],
            removal_policy=removal_policy,
        )


def _housekeeping() -> s3.LifecycleRule:
    """Return the rule that every bucket has: nothing that nobody can see is paid for forever."""
    return s3.LifecycleRule(
        id="Housekeeping",
        noncurrent_version_expiration=KEEP_NONCURRENT,
        abort_incomplete_multipart_upload_after=ABORT_UPLOADS_AFTER,
    )


def _sending_events(bucket: s3.Bucket) -> s3.IBucket:
    """Let the bucket tell EventBridge of its objects. The L2's own way brings a function that does it."""
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    resource.add_property_override("NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled", True)
    return bucket
