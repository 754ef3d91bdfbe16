"""Findings of cdk-nag that stand, each for one resource and with its reason. The app itself never loads cdk-nag."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.arns import place_of

WILDCARD = "AwsSolutions-IAM5"
OWN_OBJECTS = "the raw objects of this dataset, whatever their names"
WRITTEN_OBJECTS = "what this dataset's runs write: Iceberg names the files"
LOG_STREAMS = "Glue names the log streams"
IN_THE_LAKE_STACK = "has one, which encrypts both: cdk-nag looks for it in the same stack, and it is in lake-<env>"


def acknowledge(construct: Construct, reasons: Mapping[str, str]) -> None:
    """Let findings of cdk-nag stand for `construct`; `reasons` gives each by its id, as cdk-nag prints it."""
    rules = [cdk.Acknowledgment(id=f"AwsSolutions::{finding}", reason=why) for finding, why in reasons.items()]
    cdk.Validations.of(construct).acknowledge(*rules)


def wildcard_keys(bucket: s3.IBucket, keys: str) -> str:
    """Return the finding about the objects `keys` (it ends in '*') of a bucket that another stack owns."""
    owner = cdk.Stack.of(bucket)
    # cdk-nag prints the export's name; asking for it makes the export that the reference makes anyway.
    exported = owner.resolve(owner.export_value(bucket.bucket_arn))
    return f"{WILDCARD}[Resource::{exported['Fn::ImportValue']}/{keys}]"


def wildcard_log_streams(construct: Construct, log_group: str) -> str:
    """Return the finding about all streams of one log group."""
    partition, region, account = place_of(construct).printed
    return f"{WILDCARD}[Resource::arn:{partition}:logs:{region}:{account}:log-group:{log_group}:*]"
