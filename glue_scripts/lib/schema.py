"""The schema that the files are read with, and the one that the curated table gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyspark.sql.types import DataType, StructField, StructType, _parse_datatype_string

from lib.dataset import Dataset
from lib.errors import SourceError
from lib.layout import Look
from lib.source import RawTable
from lib.widen import covers, widened

_NOTHING_KNOWN = Look()


@dataclass(frozen=True, slots=True)
class Schema:
    """Columns with their types: those in the files, in the files' order; those of folders; those of the table.

    A declared type wins over the table's own, which wins over the cataloged one except where that is wider. The table
    has the declared columns first, in the order declared. Columns of files that the table has not are unknown: what
    rows hold in them is drift. `spelled` is how records write a column's name, where it is not as here.
    """

    in_files: Mapping[str, str]
    in_folders: Mapping[str, str]
    curated: Mapping[str, str]
    drift: str = "add"
    spelled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def may_be_in_files(self) -> dict[str, str]:
        """Columns that a file can have: the catalog's, then the declared ones that the crawler has seen nowhere yet."""
        return {**self.in_files, **{name: kind for name, kind in self.curated.items() if name not in self.in_folders}}


def schema_of(dataset: Dataset, source: RawTable, look: Look = _NOTHING_KNOWN) -> Schema:
    """Return the schema of a dataset whose files are described by a raw table, and by what is known of them beside it.

    Where new columns are not added, the declared ones and the table's are all there are; without either, the catalog's.
    Raises SourceError where a declared type is neither the table's nor one that Iceberg can widen that to.
    """
    declared = {column.name: column.type for column in dataset.columns}
    stored = look.stored or {}
    folders = dict(source.partition_keys)
    wanted = {**dict(source.columns), **look.found, **folders, **declared}
    kinds = {name: _kind(name, kind, stored.get(name), name in declared) for name, kind in wanted.items()}
    takes_all = dataset.drift == "add" or not (declared or stored)
    known = wanted if takes_all else {**stored, **folders, **declared}
    order = [*declared, *(name for name in (*wanted, *stored) if name in known or name in stored)]
    return Schema(
        in_files={name: kinds[name] for name, _ in source.columns},
        in_folders={name: kinds[name] for name in folders},
        curated={name: kinds.get(name) or stored[name] for name in order},
        drift=dataset.drift,
        spelled=look.spelled,
    )


def _kind(name: str, wanted: str, stored: str | None, is_declared: bool) -> str:
    """The type of a column that the table may have already, with another type."""
    if stored is None or wanted == stored:
        return wanted
    kind = widened(data_type(stored), data_type(wanted))
    if is_declared and not covers(kind, data_type(wanted)):
        raise SourceError(
            f"column '{name}' is declared as {wanted} and the table has it as {stored}, which Iceberg widens only from "
            "int to bigint, from float to double, and to a decimal with more digits before the point: declare "
            f"{stored}, or rebuild the table: drop it and the dataset's tables _files, _runs and _quarantine, and the "
            "next run reads every object again"
        )
    return kind.simpleString()


def struct_type(columns: Mapping[str, str]) -> StructType:
    """Return the columns as Spark's type, every one nullable."""
    return StructType([StructField(name, data_type(kind)) for name, kind in columns.items()])


def data_type(kind: str) -> DataType:
    """Return a type in Spark's DDL, such as the catalog's `struct<a:int,b:array<string>>`, as Spark's type."""
    return _parse_datatype_string(kind)


def ddl(columns: Mapping[str, str]) -> str:
    """Return the columns as Spark's DDL names them."""
    return ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
