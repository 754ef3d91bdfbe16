"""The Data Catalog as a crawl reads and writes it: every call named when it fails, in batches that AWS takes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from local.glue.crawlers.calls import calling, error_code
from local.glue.crawlers.errors import CrawlCancelled, CrawlError

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import PartitionInputTypeDef, TableInputTypeDef

WRITE_BATCH = 100
DELETE_BATCH = 25
PARTITION_INDEX = "crawler_partition_index"

Item = TypeVar("Item")
Values = tuple[str, ...]


@dataclass(frozen=True)
class Catalog:
    """One database of the Data Catalog.

    Methods raise CrawlError; once the crawl is stopped, those that write raise CrawlCancelled and write nothing.
    """

    glue: "GlueClient"
    database: str
    cancelled: Callable[[], bool]

    def require_database(self) -> None:
        """Raise CrawlError where the database does not exist."""
        with calling("glue:GetDatabase", f"database {self.database}"):
            try:
                self.glue.get_database(Name=self.database)
            except ClientError as error:
                if error_code(error) != "EntityNotFoundException":
                    raise
                raise CrawlError(f"The crawler's database {self.database} does not exist") from error

    def table(self, name: str) -> dict[str, Any] | None:
        """Give the table called `name`, None where there is none."""
        with calling("glue:GetTable", self._name(name)):
            try:
                return dict(self.glue.get_table(DatabaseName=self.database, Name=name)["Table"])
            except ClientError as error:
                if error_code(error) != "EntityNotFoundException":
                    raise
                return None

    def tables(self) -> dict[str, dict[str, Any]]:
        """Give every table of the database by its name."""
        with calling("glue:GetTables", f"database {self.database}"):
            pages = self.glue.get_paginator("get_tables").paginate(DatabaseName=self.database)
            return {table["Name"]: dict(table) for page in pages for table in page["TableList"]}

    def partitions(self, table: str) -> dict[Values, dict[str, Any]]:
        """Give every partition of `table` by its values."""
        with calling("glue:GetPartitions", self._name(table)):
            pages = self.glue.get_paginator("get_partitions").paginate(DatabaseName=self.database, TableName=table)
            return {tuple(part["Values"]): dict(part) for page in pages for part in page["Partitions"]}

    def create_table(self, table: "TableInputTypeDef") -> None:
        """Create a table."""
        self._go_on()
        with calling("glue:CreateTable", self._name(table["Name"])):
            self.glue.create_table(DatabaseName=self.database, TableInput=table)

    def update_table(self, table: "TableInputTypeDef") -> None:
        """Put `table` in place of the one of its name."""
        self._go_on()
        with calling("glue:UpdateTable", self._name(table["Name"])):
            self.glue.update_table(DatabaseName=self.database, TableInput=table)

    def delete_table(self, table: str) -> None:
        """Delete a table with its partitions."""
        self._go_on()
        with calling("glue:DeleteTable", self._name(table)):
            self.glue.delete_table(DatabaseName=self.database, Name=table)

    def create_partition_index(self, table: str, keys: Sequence[str]) -> None:
        """Index all partition keys of `table`."""
        self._go_on()
        with calling("glue:CreatePartitionIndex", self._name(table)):
            self.glue.create_partition_index(
                DatabaseName=self.database,
                TableName=table,
                PartitionIndex={"IndexName": PARTITION_INDEX, "Keys": list(keys)},
            )

    def create_partitions(self, table: str, partitions: "Sequence[PartitionInputTypeDef]") -> None:
        """Create `partitions`; raises CrawlError with the first that AWS refused."""
        for batch in self._batches(partitions, WRITE_BATCH):
            with calling("glue:BatchCreatePartition", self._name(table)):
                answer = self.glue.batch_create_partition(
                    DatabaseName=self.database, TableName=table, PartitionInputList=batch
                )
            self._check("glue:BatchCreatePartition", table, answer.get("Errors"))

    def update_partitions(self, table: str, partitions: "Sequence[PartitionInputTypeDef]") -> None:
        """Put each of `partitions` in place of the one with its values."""
        for batch in self._batches(partitions, WRITE_BATCH):
            with calling("glue:BatchUpdatePartition", self._name(table)):
                answer = self.glue.batch_update_partition(
                    DatabaseName=self.database,
                    TableName=table,
                    Entries=[{"PartitionValueList": part["Values"], "PartitionInput": part} for part in batch],
                )
            self._check("glue:BatchUpdatePartition", table, answer.get("Errors"))

    def delete_partitions(self, table: str, partitions: Sequence[Values]) -> None:
        """Delete the partitions with these values."""
        for batch in self._batches(partitions, DELETE_BATCH):
            with calling("glue:BatchDeletePartition", self._name(table)):
                answer = self.glue.batch_delete_partition(
                    DatabaseName=self.database,
                    TableName=table,
                    PartitionsToDelete=[{"Values": list(values)} for values in batch],
                )
            self._check("glue:BatchDeletePartition", table, answer.get("Errors"))

    def _name(self, table: str) -> str:
        return f"table {self.database}.{table}"

    def _batches(self, items: Sequence[Item], size: int) -> Iterator[list[Item]]:
        for start in range(0, len(items), size):
            self._go_on()
            yield list(items[start : start + size])

    def _go_on(self) -> None:
        """Before each write: raise CrawlCancelled where the crawl has been stopped."""
        if self.cancelled():
            raise CrawlCancelled

    def _check(self, call: str, table: str, errors: Sequence[Any] | None) -> None:
        for error in errors or ():
            detail, values = error["ErrorDetail"], error.get("PartitionValues") or error.get("PartitionValueList")
            raise CrawlError(
                f"{call} on {self._name(table)} failed for partition {values} with "
                f"{detail['ErrorCode']}: {detail['ErrorMessage']}"
            )
