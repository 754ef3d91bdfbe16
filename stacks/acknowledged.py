"""Findings of cdk-nag that stand, each for one resource and with its reason. The app itself never loads cdk-nag."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.arns import bucket_arn, place_of

WILDCARD = "AwsSolutions-IAM5"
OWN_OBJECTS = "the raw objects of this dataset, whatever their names"
WRITTEN_OBJECTS = "what this dataset's runs write: Iceberg names the files"
LOG_STREAMS = "Glue names the log streams"
METRICS = "PutMetricData takes no resource: a condition holds it to the namespace of this dataset"
IN_THE_LAKE_STACK = "has one, which encrypts both: cdk-nag looks for it in the same stack, and it is in lake-<env>"

_exports: WeakKeyDictionary[object, str] = WeakKeyDictionary()


def acknowledge(construct: Construct, reasons: Mapping[str, str]) -> None:
    """Let findings of cdk-nag stand for `construct`; `reasons` gives each by its id, as cdk-nag prints it."""
    rules = [cdk.Acknowledgment(id=f"AwsSolutions::{finding}", reason=why) for finding, why in reasons.items()]
    cdk.Validations.of(construct).acknowledge(*rules)


def wildcard_keys(bucket: s3.IBucket, keys: str) -> str:
    """Return the finding about the objects `keys` (it ends in '*') of a bucket that another stack owns, or none."""
    return f"{WILDCARD}[Resource::{_existing(bucket) or _export_of(bucket)}/{keys}]"


def _existing(bucket: s3.IBucket) -> str | None:
    """The ARN of a bucket that was there before; None for one of ours."""
    name = bucket.bucket_name
    return None if cdk.Token.is_unresolved(name) else f"arn:{place_of(bucket).printed[0]}:s3:::{name}"


def _export_of(bucket: s3.IBucket) -> str:
    """The export of the bucket's ARN: what cdk-nag prints of it. Asking for it makes the one that references make."""
    if bucket not in _exports:
        owner = cdk.Stack.of(bucket)
        _exports[bucket] = owner.resolve(owner.export_value(bucket_arn(bucket)))["Fn::ImportValue"]
    return _exports[bucket]


def wildcard_log_streams(construct: Construct, log_group: str) -> str:
    """Return the finding about all streams of one log group."""
    partition, region, account = place_of(construct).printed
    return f"{WILDCARD}[Resource::arn:{partition}:logs:{region}:{account}:log-group:{log_group}:*]"
