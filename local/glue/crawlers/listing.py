"""The objects under an include path: those that hold something and that no exclusion leaves out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from local.glue.crawlers.calls import calling
from local.glue.crawlers.definition import S3Target
from local.glue.crawlers.discovery import FolderTotals
from local.glue.crawlers.errors import CrawlCancelled
from local.glue.crawlers.formats.base import ObjectRef
from local.glue.crawlers.layout import Folder, folder_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def list_objects(s3: "S3Client", target: S3Target, cancelled: Callable[[], bool]) -> Iterator[ObjectRef]:
    """Give the objects of `target` in the order of their keys; empty ones, which mark folders, are left out.

    Raises CrawlError where the listing is refused, CrawlCancelled between two pages.
    """
    with calling("s3:ListBucket (ListObjectsV2)", target.uri):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=target.bucket, Prefix=target.prefix):
            if cancelled():
                raise CrawlCancelled
            for item in page.get("Contents", ()):
                if item["Size"] and is_included(target, item["Key"]):
                    yield ObjectRef(target.bucket, item["Key"], item["Size"])


def is_included(target: S3Target, key: str) -> bool:
    """Whether `key` is the object that the include path names or lies in its folder, and no exclusion leaves it out."""
    inside = not target.folder or key == target.folder or key.startswith(f"{target.folder}/")
    relative = key[len(target.folder) :].lstrip("/")
    return inside and not any(exclusion.matches(relative) for exclusion in target.exclusions)


def sampled(objects: Iterable[ObjectRef], size: int | None) -> list[ObjectRef]:
    """Give the first `size` objects of each folder, all where `size` is None. AWS does not say which it takes."""
    if size is None:
        return list(objects)
    taken: Counter[Folder] = Counter()
    chosen = []
    for ref in objects:
        folder = folder_of(ref)
        taken[folder] += 1
        if taken[folder] <= size:
            chosen.append(ref)
    return chosen


def folder_totals(objects: Iterable[ObjectRef]) -> dict[tuple[str, Folder], FolderTotals]:
    """Give the number and bytes of the objects of each folder."""
    totals: dict[tuple[str, Folder], FolderTotals] = {}
    for ref in objects:
        key = ref.bucket, folder_of(ref)
        before = totals.get(key, FolderTotals())
        totals[key] = FolderTotals(before.objects + 1, before.size + ref.size)
    return totals
