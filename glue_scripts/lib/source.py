"""What there is to read: the raw table that the crawler wrote, and the objects under its location."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lib.errors import SourceError

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import ColumnOutputTypeDef
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class RawTable:
    """The catalog's table of the raw objects. Columns and partition keys are names with types, in the files' order."""

    location: str
    columns: tuple[tuple[str, str], ...]
    partition_keys: tuple[tuple[str, str], ...]
    parameters: dict[str, str]

    @property
    def bucket(self) -> str:
        """Bucket of the location."""
        return urlsplit(self.location).netloc

    @property
    def prefix(self) -> str:
        """Key prefix of the location; ends in '/'."""
        return urlsplit(self.location).path.strip("/") + "/"

    def uri(self, key: str) -> str:
        """Address of an object, as Spark reads it."""
        return f"{self.root}{key}"

    @property
    def root(self) -> str:
        """Address of the bucket; a key comes right after it."""
        parts = urlsplit(self.location)
        return f"{parts.scheme}://{parts.netloc}/"

    @property
    def path_root(self) -> str:
        """The same in a row's `_metadata.file_path`: Hadoop leaves out the slashes of an empty bucket."""
        return self.root if self.bucket else self.root.replace("///", "/")


@dataclass(frozen=True, slots=True)
class RawObject:
    """One version of one object. The ETag names the version; it is no hash of the bytes."""

    key: str
    etag: str
    size: int
    modified: datetime


def raw_table(glue: GlueClient, database: str, name: str) -> RawTable | None:
    """Return the raw table, None where there is none. A denied call is raised as boto3 raises it."""
    try:
        table = glue.get_table(DatabaseName=database, Name=name)["Table"]
    except glue.exceptions.EntityNotFoundException:
        return None
    storage = table["StorageDescriptor"]
    if not storage.get("Location"):
        raise SourceError(f"the raw table {database}.{name} has no location")
    serde = storage.get("SerdeInfo", {}).get("Parameters", {})
    return RawTable(
        location=storage["Location"],
        columns=_columns(storage.get("Columns", [])),
        partition_keys=_columns(table.get("PartitionKeys", [])),
        parameters={**serde, **storage.get("Parameters", {}), **table.get("Parameters", {})},
    )


def list_objects(s3: S3Client, table: RawTable) -> Iterator[RawObject]:
    """Yield the objects under the table's location that Spark would read: hidden files and folder markers are none."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=table.bucket, Prefix=table.prefix)
    for page in pages:
        for found in page.get("Contents", []):
            if not _is_hidden(found["Key"].removeprefix(table.prefix)):
                yield RawObject(found["Key"], found["ETag"], found["Size"], found["LastModified"])


def unglob(path: str) -> str:
    """Return an address as Hadoop takes it, which would look for several where it holds one of `[]{}*?`."""
    return re.sub(r"([\[\]{}*?\\])", r"\\\1", path)


def _is_hidden(path: str) -> bool:
    # The same names that Spark's own listing leaves out.
    *folders, name = path.split("/")
    if not name or name.endswith("_$folder$"):
        return True
    return any(part.startswith(".") or (part.startswith("_") and "=" not in part) for part in (*folders, name))


def _columns(columns: list[ColumnOutputTypeDef]) -> tuple[tuple[str, str], ...]:
    return tuple((column["Name"], column.get("Type", "string")) for column in columns)
