"""The schema that the files are read with, and the one that the curated table gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql.types import DataType, StructField, StructType, _parse_datatype_string

from lib.dataset import Dataset
from lib.source import RawTable


@dataclass(frozen=True, slots=True)
class Schema:
    """Columns with their types: those in the files, in the files' order; those of folders; those of the table.

    A declared type wins over the cataloged one. The table has the declared columns first, in the order declared.
    """

    in_files: Mapping[str, str]
    in_folders: Mapping[str, str]
    curated: Mapping[str, str]

    @property
    def may_be_in_files(self) -> dict[str, str]:
        """Columns that a file can have: the catalog's, then the declared ones that the crawler has seen nowhere yet."""
        return {**self.in_files, **{name: kind for name, kind in self.curated.items() if name not in self.in_folders}}


def schema_of(dataset: Dataset, source: RawTable) -> Schema:
    """Return the schema of a dataset whose files are described by a raw table."""
    declared = {column.name: column.type for column in dataset.columns}
    in_files = {name: declared.get(name, kind) for name, kind in source.columns}
    in_folders = {name: declared.get(name, kind) for name, kind in source.partition_keys}
    return Schema(in_files, in_folders, {**declared, **{**in_files, **in_folders, **declared}})


def struct_type(columns: Mapping[str, str]) -> StructType:
    """Return the columns as Spark's type, every one nullable."""
    return StructType([StructField(name, data_type(kind)) for name, kind in columns.items()])


def data_type(kind: str) -> DataType:
    """Return a type in Spark's DDL, such as the catalog's `struct<a:int,b:array<string>>`, as Spark's type."""
    return _parse_datatype_string(kind)


def ddl(columns: Mapping[str, str]) -> str:
    """Return the columns as Spark's DDL names them."""
    return ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
