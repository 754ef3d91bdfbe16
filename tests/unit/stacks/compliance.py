"""Findings of the packs NIST 800-53 R5, HIPAA and PCI DSS 3.2.1 that stand: each for one resource, with its reason.

They stand here and not on the constructs: the app is not slowed by them, and AwsSolutions, which is held without them,
is what a stack's author is asked to satisfy.
"""

from __future__ import annotations

from typing import Final

PACKS: Final = ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")

_OWN_POLICY: Final = "its policy is this role's alone and goes with it; a managed one could be attached to another"
_ONE_REGION: Final = (
    "versions are kept for 30 days, which undoes mistakes; a copy in a second region is a second lake's cost, "
    "which only the account's owner can decide on"
)

# (rule of each pack, path of the construct, reason). {lake} and {pipeline} are the stacks' names.
STANDING: Final = (
    ("S3BucketReplicationEnabled", "{lake}/Storage/RawBucket/Resource", _ONE_REGION),
    ("S3BucketReplicationEnabled", "{lake}/Storage/CuratedBucket/Resource", _ONE_REGION),
    ("S3BucketReplicationEnabled", "{lake}/Storage/AccessLogsBucket/Resource", "access logs expire, and tell no data"),
    (
        "S3DefaultEncryptionKMS",
        "{lake}/Storage/AccessLogsBucket/Resource",
        "S3's log delivery cannot write to a bucket whose default is a KMS key",
    ),
    ("IAMNoInlinePolicy", "{pipeline}/Crawl/Role/Resource", _OWN_POLICY),
    ("IAMNoInlinePolicy", "{pipeline}/JobRole/Resource/Resource", _OWN_POLICY),
)


def standing(lake: str, pipelines: list[str]) -> dict[tuple[str, str], str]:
    """Return the reason of each finding that stands in an environment, by rule and construct."""
    found: dict[tuple[str, str], str] = {}
    for pack in PACKS:
        for rule, path, reason in STANDING:
            for pipeline in pipelines if "{pipeline}" in path else [""]:
                found[f"{pack}-{rule}", path.format(lake=lake, pipeline=pipeline)] = reason
    return found
