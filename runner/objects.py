"""Raw objects that a backfill would touch, listed before anything is started."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from runner.aws import Aws
from runner.errors import asking


@dataclass(frozen=True, slots=True)
class Found:
    """How many objects, how many bytes, and the first and last key."""

    objects: int = 0
    bytes: int = 0
    first: str | None = None
    last: str | None = None


def raw_objects(aws: Aws, bucket: str, prefix: str, begin: datetime | None, end: datetime | None) -> Found:
    """Return the objects under `prefix` that arrived from `begin` on and before `end`. Raises AwsError."""
    count, size = 0, 0
    first: str | None = None
    last: str | None = None
    with asking(f"list s3://{bucket}/{prefix}"):
        for key, bytes_, modified in _listed(aws, bucket, prefix):
            if (begin is None or modified >= begin) and (end is None or modified < end):
                count, size = count + 1, size + bytes_
                first, last = first or key, key
    return Found(count, size, first, last)


def _listed(aws: Aws, bucket: str, prefix: str) -> Iterator[tuple[str, int, datetime]]:
    for page in aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for found in page.get("Contents", []):
            yield found["Key"], found["Size"], found["LastModified"]
