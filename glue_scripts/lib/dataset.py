"""The dataset as the job sees it: the resolved JSON that is deployed with the script, as frozen values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lib.limits import Limits, parse_limits

# Iceberg's functions of Spark's SQL, by the name that its DDL gives the same transform.
_TRANSFORM_FUNCTIONS: Final = {
    "year": "years",
    "month": "months",
    "day": "days",
    "hour": "hours",
    "bucket": "bucket",
    "truncate": "truncate",
}
_CALL: Final = re.compile(r"(?P<name>\w+)\((?:(?P<size>\d+), ?)?(?P<column>\w+)\)")


@dataclass(frozen=True, slots=True)
class Column:
    """A declared column: `type` is a type of Spark SQL; a row that lacks a required one is quarantined."""

    name: str
    type: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Transform:
    """A field of the partition specification, such as `month(time_hour)` or a column itself."""

    text: str

    @property
    def column(self) -> str:
        """Name of the column that the partition's value comes from."""
        call = _CALL.fullmatch(self.text)
        return call["column"] if call else self.text

    def value_sql(self, catalog: str, qualifier: str = "") -> str:
        """SQL of the partition's value for a row, as Iceberg computes it."""
        call = _CALL.fullmatch(self.text)
        if call is None:
            return f"{qualifier}`{self.text}`"
        size = f"{call['size']}, " if call["size"] else ""
        return f"{catalog}.system.{_TRANSFORM_FUNCTIONS[call['name']]}({size}{qualifier}`{call['column']}`)"


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule over single rows: its text, and what must hold of a row, as the app made it of the text."""

    rule: str
    holds: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dataset:
    """What the dataset's file says, every default filled in. No columns: the crawler's table is the contract."""

    name: str
    format: str
    options: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    key: tuple[str, ...] = ()
    order_by: tuple[str, ...] = ()
    partition_by: tuple[Transform, ...] = ()
    row_rules: tuple[RowRule, ...] = ()
    table_rules: str | None = None
    max_quarantined: float = 1.0
    drift: str = "add"
    """What becomes of columns that are new in the data: add, quarantine or fail."""
    upkeep: Limits = field(default_factory=Limits)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that no curated row lacks."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def key_decides_partition(self) -> bool:
        """Whether two rows with one key always lie in one partition, so that a merge can leave the others out."""
        return bool(self.partition_by) and {part.column for part in self.partition_by} <= set(self.key)


def parse_dataset(text: str) -> Dataset:
    """Return the dataset of a resolved JSON. Raises KeyError where a field is missing: the app writes them all.

    Limits of upkeep that the environment does not give are Limits' own.
    """
    raw = json.loads(text)
    columns = (Column(each["name"], each["type"], each["required"]) for each in raw["columns"] or ())
    return Dataset(
        name=raw["name"],
        format=raw["source"]["format"],
        options=dict(raw["source"]["options"]),
        columns=tuple(columns),
        key=tuple(raw["key"] or ()),
        order_by=tuple(raw["order_by"] or ()),
        partition_by=tuple(Transform(part) for part in raw["partition_by"] or ()),
        row_rules=tuple(RowRule(each["rule"], each["holds"]) for each in raw["row_rules"] or ()),
        table_rules=raw["table_rules"],
        max_quarantined=raw["max_quarantined"],
        drift=raw["drift"],
        upkeep=parse_limits(raw.get("upkeep", {})),
    )
