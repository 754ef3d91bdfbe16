"""Columns and how a table is partitioned by them: Spark SQL's types and Iceberg's transforms."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from lake.config_file import ConfigModel
from lake.errors import nearest

SIMPLE_TYPES: Final = (
    "string", "int", "bigint", "float", "double", "boolean", "date", "timestamp",
)  # fmt: skip
ALLOWED_TYPES: Final = (*SIMPLE_TYPES, "decimal(p,s)")
_DECIMAL: Final = re.compile(r"decimal\((\d+), ?(\d+)\)")
MAX_DECIMAL_PRECISION: Final = 38

# Which types each transform takes (Iceberg's table specification, Partition Transforms). None: every type.
_TIMES: Final = frozenset({"date", "timestamp"})
TRANSFORM_TYPES: Final[dict[str, frozenset[str] | None]] = {
    "year": _TIMES,
    "month": _TIMES,
    "day": _TIMES,
    "hour": frozenset({"timestamp"}),
    "bucket": frozenset({"string", "int", "bigint", "date", "timestamp", "decimal"}),
    "truncate": frozenset({"string", "int", "bigint", "decimal"}),
    "identity": None,
}
ALLOWED_TRANSFORMS: Final = "year(c), month(c), day(c), hour(c), bucket(n, c), truncate(n, c), or a column itself"

_COLUMN: Final = r"[a-z][a-z0-9_]{0,127}"
_TRANSFORM: Final = re.compile(
    rf"(?P<time>year|month|day|hour)\((?P<of>{_COLUMN})\)"
    rf"|(?P<sized>bucket|truncate)\((?P<size>[1-9]\d{{0,8}}), ?(?P<sized_of>{_COLUMN})\)"
    rf"|(?P<itself>{_COLUMN})"
)


def _checked_type(text: str) -> str:
    if text in SIMPLE_TYPES:
        return text
    decimal = _DECIMAL.fullmatch(text)
    if decimal is None:
        hint = nearest(text, SIMPLE_TYPES)
        raise ValueError(f"'{text}' is no type of Spark SQL; allowed: {', '.join(ALLOWED_TYPES)}{hint}")
    precision, scale = int(decimal[1]), int(decimal[2])
    if not (1 <= precision <= MAX_DECIMAL_PRECISION and scale <= precision):
        raise ValueError(f"'{text}': allowed are a precision from 1 to {MAX_DECIMAL_PRECISION}, and a scale up to it")
    return f"decimal({precision},{scale})"


ColumnName = Annotated[str, Field(pattern=rf"^{_COLUMN}$")]
ColumnType = Annotated[str, AfterValidator(_checked_type)]


class Column(ConfigModel):
    """A column of the curated table. A row in which a required one is missing is quarantined."""

    name: ColumnName
    type: ColumnType
    required: bool = False


class Transform(ConfigModel):
    """One field of an Iceberg partition specification, parsed: `bucket(16, carrier)` has all three parts."""

    name: str
    column: str
    size: int | None = None

    def takes(self, column_type: str) -> bool:
        """Tell whether Iceberg can apply this transform to a column of that type."""
        types = TRANSFORM_TYPES[self.name]
        return types is None or column_type.split("(")[0] in types


def parse_transform(text: str) -> Transform:
    """Return the transform that `text` means, in the form Spark's DDL has. Raises ValueError, listing the allowed."""
    match = _TRANSFORM.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is no partition transform; allowed: {ALLOWED_TRANSFORMS}")
    if match["itself"]:
        return Transform(name="identity", column=match["itself"])
    if match["time"]:
        return Transform(name=match["time"], column=match["of"])
    return Transform(name=match["sized"], column=match["sized_of"], size=int(match["size"]))


def _checked_transform(text: str) -> str:
    parse_transform(text)
    return text


TransformText = Annotated[str, AfterValidator(_checked_transform)]
