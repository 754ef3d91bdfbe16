"""A lake in a folder: raw objects are local files, Iceberg and Spark are real, S3 and Glue are small fakes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from lib import iceberg
from lib.arguments import Job
from lib.check import check
from lib.clean import clean
from lib.dataset import Column, Dataset, Transform
from lib.plan import Plan, plan
from lib.read import read
from lib.record import Record, leave
from lib.request import Request
from lib.tables import Tables
from lib.write import Written, write
from pyspark.sql import SparkSession
from raw_to_curated import run

NO_REQUEST = Request()
MODIFIED = datetime(2013, 1, 10, tzinfo=UTC)
COLUMNS = (
    Column("id", "int", required=True),
    Column("day", "date", required=True),
    Column("amount", "int"),
    Column("note", "string"),
    Column("part", "int"),
)
IN_FILES = (("id", "bigint"), ("day", "string"), ("amount", "bigint"), ("note", "string"))
HEADER = "id,day,amount,note\n"
ORDERS = Dataset(
    name="orders",
    format="csv",
    options={"header": True, "delimiter": ",", "quote": '"', "escape": "\\", "nullValue": "NA"},
    columns=COLUMNS,
    key=("id", "day"),
    partition_by=(Transform("month(day)"),),
)


class EntityNotFoundException(Exception):
    """What Glue's client raises for a table that is not there."""


@dataclass
class FakeGlue:
    """The raw table's catalog entry, and a workflow run's properties."""

    location: str | None
    properties: dict[str, str] = field(default_factory=dict)
    in_files: tuple[tuple[str, str], ...] = IN_FILES
    parameters: dict[str, str] = field(default_factory=dict)

    class exceptions:  # boto3's name
        EntityNotFoundException = EntityNotFoundException

    def get_table(self, *, DatabaseName: str, Name: str) -> dict[str, Any]:
        if self.location is None:
            raise EntityNotFoundException(f"{DatabaseName}.{Name}")
        columns = [{"Name": name, "Type": kind} for name, kind in self.in_files]
        storage = {"Location": self.location, "Columns": columns, "SerdeInfo": {"Parameters": {"field.delim": ","}}}
        keys = [{"Name": "part", "Type": "string"}]
        return {"Table": {"StorageDescriptor": storage, "PartitionKeys": keys, "Parameters": self.parameters}}

    def get_workflow_run_properties(self, *, Name: str, RunId: str) -> dict[str, Any]:
        return {"RunProperties": self.properties}


@dataclass
class FakeS3:
    """Lists local files as objects, an ETag to each version, and keeps what is put."""

    objects: dict[str, bytes] = field(default_factory=dict)

    def get_paginator(self, operation: str) -> FakeS3:
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:
        assert Bucket == ""
        for path in sorted(Path("/", Prefix).rglob("*")):
            if path.is_file():
                status = path.stat()
                version = hashlib.sha256(path.read_bytes() + str(status.st_mtime_ns).encode()).hexdigest()
                modified = datetime.fromtimestamp(status.st_mtime, UTC)
                found = {"Key": str(path)[1:], "ETag": version, "Size": status.st_size, "LastModified": modified}
                yield {"Contents": [found]}

    def get_object(self, *, Bucket: str, Key: str, Range: str) -> dict[str, Any]:
        first, last = Range.removeprefix("bytes=").split("-")
        return {"Body": BytesIO(Path("/", Key).read_bytes()[int(first) : int(last) + 1])}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, ContentType: str, IfNoneMatch: str = "") -> None:
        assert not (IfNoneMatch and Key in self.objects), "boto3 would raise PreconditionFailed"
        self.objects[Key] = Body


@dataclass(frozen=True, slots=True)
class FolderTables(Tables):
    """Tables where Iceberg's catalog of folders has them: it allows no other places."""

    def ops_location(self, kind: str) -> str:
        return f"{self.curated_location.removesuffix(f'/curated/{self.dataset}')}/ops/{self.dataset}_{kind}"


@dataclass
class SmallLake:
    """One dataset with its raw folder; every run is a run of the job's stages as the script calls them."""

    spark: SparkSession
    folder: Path
    name: str
    dataset: Dataset
    in_files: tuple[tuple[str, str], ...] = IN_FILES
    parameters: dict[str, str] = field(default_factory=lambda: {"skip.header.line.count": "1"})
    s3: FakeS3 = field(default_factory=FakeS3)

    @property
    def tables(self) -> Tables:
        warehouse = self.spark.conf.get("spark.sql.catalog.glue_catalog.warehouse")
        return FolderTables(self.name, "curated", "ops", f"{warehouse}/curated/{self.name}", "curated-bucket")

    @property
    def glue(self) -> FakeGlue:
        location = f"{self.folder.as_uri()}/raw/" if (self.folder / "raw").exists() else None
        return FakeGlue(location, in_files=self.in_files, parameters=self.parameters)

    def job(self, run_id: str, request: Request = NO_REQUEST) -> Job:
        dataset = replace(self.dataset, name=self.name)
        return Job("local", run_id, dataset, "raw", f"raw_{self.name}", self.tables, request)

    def key(self, name: str) -> str:
        """Key of the object that `put` makes under this name."""
        return f"{self.folder}/raw/{name}"[1:]

    def put(self, name: str, text: str, *, modified: datetime = MODIFIED) -> None:
        """Put an object; the header comes by itself."""
        self.put_bytes(name, (HEADER + text).encode(), modified=modified)

    def put_bytes(self, name: str, content: bytes, *, modified: datetime = MODIFIED) -> None:
        """Put an object as it is."""
        path = self.folder / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (modified.timestamp(), modified.timestamp()))

    def delete(self, name: str) -> None:
        """Delete an object."""
        (self.folder / "raw" / name).unlink()

    def run(self, run_id: str, **request: Any) -> dict[str, Any]:
        """Run the job; return its record. Raises what the job raises."""
        record = Record(self.job(run_id, Request(**request)), self.spark)
        with leave(record, s3=cast(Any, self.s3)):
            run(self.spark, record, glue=cast(Any, self.glue), s3=cast(Any, self.s3))
        return self.record(run_id)

    def record(self, run_id: str) -> dict[str, Any]:
        return cast(dict[str, Any], json.loads(self.s3.objects[self.tables.record_key(run_id)]))

    def plan(self, run_id: str, *, again: bool = False, **request: Any) -> Plan:
        job = self.job(run_id, Request(**request))
        return plan(self.spark, job, glue=cast(Any, self.glue), s3=cast(Any, self.s3), again=again)

    def write(self, run_id: str, planned: Plan | None = None) -> Written:
        """Run the stages up to the decision, as a run that is killed right before it does."""
        job, planned = self.job(run_id), planned or self.plan(run_id)
        written = write(self.spark, job, planned, clean(read(self.spark, job.dataset, planned), job.dataset))
        check(job, planned, written, (), s3=cast(Any, self.s3))
        return written

    def rows(self, *columns: str) -> list[tuple[Any, ...]]:
        """The rows that a reader of the curated table sees, by key."""
        table = self.spark.table(self.tables.curated)
        return [tuple(row) for row in table.orderBy("id", "day").select(*columns or ("id", "amount", "note")).collect()]

    def ops(self, kind: str, *columns: str) -> list[tuple[Any, ...]]:
        return [
            tuple(row) for row in self.spark.table(self.tables.ops(kind)).select(*columns).orderBy(*columns).collect()
        ]

    def snapshot(self) -> tuple[int | None, Mapping[str, int]]:
        """The snapshot that readers see, and the branches beside it."""
        table = iceberg.load(self.spark, self.tables.curated)
        return (table.head(), table.branches()) if table else (None, {})
