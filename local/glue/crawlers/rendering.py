"""Tables and partitions in the shape in which AWS Glue's crawler writes them to the Data Catalog."""

import json
from typing import TYPE_CHECKING

from local.glue.crawlers.definition import CrawlerDefinition
from local.glue.crawlers.discovery import DiscoveredPartition, DiscoveredTable, Statistics
from local.glue.crawlers.schema import Columns
from local.glue.crawlers.types import type_text

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import (
        ColumnTypeDef,
        PartitionInputTypeDef,
        StorageDescriptorTypeDef,
        TableInputTypeDef,
    )

RUN_ID = "CRAWL_RUN_ID"
UPDATED_BY = "UPDATED_BY_CRAWLER"
DEPRECATED_BY = "DEPRECATED_BY_CRAWLER"
STATISTICS = ("objectCount", "recordCount", "averageRecordSize", "sizeKey")
TABLE_ONLY = (RUN_ID, "exclusions", "partition_filtering.enabled")


def table_input(table: DiscoveredTable, name: str, definition: CrawlerDefinition, run_id: str) -> "TableInputTypeDef":
    """Give the TableInput for `table`; its parameters are in the StorageDescriptor again, as AWS has them."""
    parameters = {
        **_own_parameters(table, definition),
        **_statistics(table.statistics),
        RUN_ID: run_id,
    }
    if exclusions := _absolute_exclusions(table, definition):
        parameters["exclusions"] = exclusions
    if table.partition_keys:
        parameters["partition_filtering.enabled"] = "true"
    return {
        "Name": name,
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": columns_input(table.partition_keys),
        "Parameters": parameters,
        "StorageDescriptor": _descriptor(table, table.columns, table.location, parameters),
    }


def partition_input(
    table: DiscoveredTable, partition: DiscoveredPartition, definition: CrawlerDefinition
) -> "PartitionInputTypeDef":
    """Give the PartitionInput with the partition's own schema and statistics.

    It names the crawler but no run: a partition that has not changed is not written again.
    """
    parameters = {**_own_parameters(table, definition), **_statistics(partition.statistics)}
    return {
        "Values": list(partition.values),
        "Parameters": parameters,
        "StorageDescriptor": _descriptor(table, partition.columns, partition.location, parameters),
    }


def inherited(partition: "PartitionInputTypeDef", table: "TableInputTypeDef") -> "PartitionInputTypeDef":
    """Give `partition` with classification, formats, SerDe and schema of `table`; place and numbers stay its own."""
    own = partition["StorageDescriptor"]
    from_table = {key: value for key, value in table["Parameters"].items() if key not in (*TABLE_ONLY, DEPRECATED_BY)}
    parameters = {**from_table, **{key: partition["Parameters"][key] for key in STATISTICS}}
    return {
        "Values": partition["Values"],
        "Parameters": parameters,
        "StorageDescriptor": {
            **table["StorageDescriptor"],
            "Location": own["Location"],
            "Parameters": parameters,
        },
    }


def columns_input(columns: Columns) -> "list[ColumnTypeDef]":
    """Give `columns` as the API has them; one that had no value anywhere is a string."""
    return [{"Name": name, "Type": type_text(kind)} for name, kind in columns]


def _descriptor(
    table: DiscoveredTable, columns: Columns, location: str, parameters: dict[str, str]
) -> "StorageDescriptorTypeDef":
    return {
        "Columns": columns_input(columns),
        "Location": location,
        "InputFormat": table.storage.input_format,
        "OutputFormat": table.storage.output_format,
        "Compressed": False,
        "NumberOfBuckets": -1,
        "SerdeInfo": {
            "SerializationLibrary": table.storage.serde,
            "Parameters": dict(table.storage.serde_parameters),
        },
        "BucketColumns": [],
        "SortColumns": [],
        "Parameters": parameters,
        "StoredAsSubDirectories": False,
    }


def _own_parameters(table: DiscoveredTable, definition: CrawlerDefinition) -> dict[str, str]:
    return {
        "classification": table.classification,
        "compressionType": table.compression,
        "typeOfData": "file",
        "CrawlerSchemaSerializerVersion": "1.0",
        "CrawlerSchemaDeserializerVersion": "1.0",
        UPDATED_BY: definition.name,
        **table.storage.parameters,
    }


def _statistics(numbers: Statistics) -> dict[str, str]:
    average = round(numbers.size / numbers.records) if numbers.records else 0
    values = (numbers.objects, numbers.records, average, numbers.size)
    return {key: str(value) for key, value in zip(STATISTICS, values, strict=True)}


def _absolute_exclusions(table: DiscoveredTable, definition: CrawlerDefinition) -> str | None:
    """Give the globs of the target that holds the table as a JSON array of s3:// globs, None where it has none."""
    for target in definition.targets:
        if target.exclusions and f"{table.location}/".startswith(f"{target.uri}/"):
            return json.dumps([f"{target.uri}/{exclusion.glob}" for exclusion in target.exclusions])
    return None
