"""What a crawl makes of a table or partition that the catalog already holds: one decision a case, no call.

Changes are told by what the crawler writes: a new crawl's id alone, comments and descriptions are none.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from local.glue.crawlers.rendering import DEPRECATED_BY, RUN_ID
from local.glue.crawlers.types import STRING

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import (
        ColumnOutputTypeDef,
        ColumnTypeDef,
        PartitionInputTypeDef,
        TableInputTypeDef,
    )

    AnyColumn = ColumnTypeDef | ColumnOutputTypeDef

Resource = TypeVar("Resource", "TableInputTypeDef", "PartitionInputTypeDef")

TABLE_INPUT_FIELDS = (
    "Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters",
)  # fmt: skip
PARTITION_INPUT_FIELDS = ("Values", "StorageDescriptor", "Parameters")
# Where these differ, MergeNewColumns deprecates the table rather than change it.
FIXED_UNDER_MERGE = ("classification", "compressionType", "delimiter")


def as_table_input(table: Mapping[str, Any]) -> "TableInputTypeDef":
    """Give the part of a Table, as GetTable answers it, that UpdateTable takes; it refuses empty text."""
    return {key: table[key] for key in TABLE_INPUT_FIELDS if table.get(key) not in (None, "")}  # type: ignore[return-value]  # keys are picked from a list


def as_partition_input(partition: Mapping[str, Any]) -> "PartitionInputTypeDef":
    """Give the part of a Partition that BatchUpdatePartition takes."""
    return {key: partition[key] for key in PARTITION_INPUT_FIELDS if key in partition}  # type: ignore[return-value]  # keys are picked from a list


def unchanged(existing: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether the catalog already says what the crawl found."""
    return _comparable(existing) == _comparable(wanted)


def same_partition_keys(existing: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether both have the same partition keys in the same order."""
    return _names(existing.get("PartitionKeys")) == _names(wanted.get("PartitionKeys"))


def differing_fixed(existing: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Give the parameters that MergeNewColumns may not change and that differ."""
    before, after = existing.get("Parameters") or {}, wanted.get("Parameters") or {}
    return [key for key in FIXED_UNDER_MERGE if key in before and before[key] != after.get(key)]


def merged(existing: Resource, wanted: Resource) -> Resource:
    """Give `existing` with the columns that only `wanted` has put at the end, and with the crawl's new parameters.

    Nothing is taken away: known columns keep type and comment, parameters of others stay.
    """
    before, after = existing["StorageDescriptor"], wanted["StorageDescriptor"]
    columns = _with_new(before["Columns"], after["Columns"])
    return {
        **existing,
        "Parameters": _laid_over(existing.get("Parameters"), wanted["Parameters"]),
        "StorageDescriptor": {
            **before,
            "Columns": columns,
            "Parameters": _laid_over(before.get("Parameters"), after["Parameters"]),
        },
    }


def deprecated(existing: "TableInputTypeDef", *, epoch_ms: int) -> "TableInputTypeDef":
    """Give `existing` marked as no longer found."""
    stamp = {DEPRECATED_BY: str(epoch_ms)}
    return {**existing, "Parameters": {**(existing.get("Parameters") or {}), **stamp}}


def _with_new(before: "Sequence[AnyColumn]", after: "Sequence[AnyColumn]") -> "list[AnyColumn]":
    known = {column["Name"] for column in before}
    return [*before, *(column for column in after if column["Name"] not in known)]


def _laid_over(before: Mapping[str, str] | None, after: Mapping[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in (before or {}).items() if key != DEPRECATED_BY}
    return {**kept, **after}


def _comparable(resource: Mapping[str, Any]) -> dict[str, Any]:
    descriptor = resource.get("StorageDescriptor") or {}
    serde = descriptor.get("SerdeInfo") or {}
    return {
        "keys": _columns(resource.get("PartitionKeys")),
        "type": resource.get("TableType"),
        "parameters": _without_run(resource.get("Parameters")),
        "columns": _columns(descriptor.get("Columns")),
        "formats": [descriptor.get(key) for key in ("Location", "InputFormat", "OutputFormat")],
        "serde": [serde.get("SerializationLibrary"), serde.get("Parameters") or {}],
        "descriptor parameters": _without_run(descriptor.get("Parameters")),
    }


def _columns(columns: "list[ColumnTypeDef] | None") -> list[tuple[str, str]]:
    return [(column["Name"], column.get("Type") or STRING) for column in columns or ()]


def _names(columns: "list[ColumnTypeDef] | None") -> list[str]:
    return [name for name, _ in _columns(columns)]


def _without_run(parameters: Mapping[str, str] | None) -> dict[str, str]:
    return {key: value for key, value in (parameters or {}).items() if key != RUN_ID}
