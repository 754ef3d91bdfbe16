"""A bucket and a database of a test's own on a MiniStack, and crawls over them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local.glue.crawlers.crawl import CrawlSummary, crawl
from local.glue.crawlers.definition import CrawlerDefinition
from local.glue.crawlers.formats.base import Format

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client

NUMBERS = "id,amount\n1,2.5\n2,3.5\n"
ONE_TABLE = {
    "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas", "TableLevelConfiguration": 3},
    "CrawlerOutput": {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}, "Tables": {"TableThreshold": 1}},
}


@dataclass
class CrawledLake:
    """`log` holds the lines of the last crawl as `LEVEL text`."""

    s3: S3Client
    glue: GlueClient
    bucket: str
    database: str
    log: list[str] = field(default_factory=list)

    def put(self, key: str, body: str | bytes = NUMBERS) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body.encode() if isinstance(body, str) else body)

    def delete(self, key: str) -> None:
        self.s3.delete_object(Bucket=self.bucket, Key=key)

    def definition(
        self, path: str = "raw/flights/", *, configuration: dict[str, Any] | None = None, **request: Any
    ) -> CrawlerDefinition:
        target = {"Path": f"s3://{self.bucket}/{path}", **request.pop("target", {})}
        return CrawlerDefinition.from_request(
            {
                "Name": "flights-crawler",
                "Role": "crawler-role",
                "DatabaseName": self.database,
                "Targets": {"S3Targets": [target]},
                "Configuration": json.dumps({"Version": 1.0, **configuration}) if configuration is not None else None,
                **request,
            }
        )

    def crawl(self, path: str = "raw/flights/", *, classifiers: Sequence[Format] = (), **request: Any) -> CrawlSummary:
        self.log.clear()
        return crawl(
            self.definition(path, **request),
            s3=self.s3,
            glue=self.glue,
            log=lambda level, text: self.log.append(f"{level} {text}"),
            cancelled=lambda: False,
            classifiers=classifiers,
        )

    def table(self, name: str = "flights") -> Any:
        return self.glue.get_table(DatabaseName=self.database, Name=name)["Table"]

    def tables(self) -> list[str]:
        return sorted(table["Name"] for table in self.glue.get_tables(DatabaseName=self.database)["TableList"])

    def columns(self, name: str = "flights") -> dict[str, str]:
        return {column["Name"]: column["Type"] for column in self.table(name)["StorageDescriptor"]["Columns"]}

    def partition_keys(self, name: str = "flights") -> list[tuple[str, str]]:
        return [(key["Name"], key["Type"]) for key in self.table(name)["PartitionKeys"]]

    def partitions(self, name: str = "flights") -> dict[tuple[str, ...], Any]:
        answer = self.glue.get_partitions(DatabaseName=self.database, TableName=name)
        return {tuple(partition["Values"]): partition for partition in answer["Partitions"]}

    def logged(self, text: str) -> bool:
        return any(text in line for line in self.log)
