"""Columns and how a table is partitioned by them: Spark SQL's types and Iceberg's transforms."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from lake.column_type import ColumnType, is_nested
from lake.config_model import ConfigModel, checked_text
from lake.errors import nearest

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

# The crawler has all names in lower case, and what else one may hold Spark, Iceberg and SQL would quote.
MAX_COLUMN_NAME: Final = 128
_COLUMN: Final = rf"[a-z][a-z0-9_]{{0,{MAX_COLUMN_NAME - 1}}}"
COLUMN_NAME: Final = re.compile(_COLUMN)
ALLOWED_COLUMN_NAMES: Final = f"a to z, 0 to 9 and _, a letter first, at most {MAX_COLUMN_NAME}"
_TRANSFORM: Final = re.compile(
    rf"(?P<time>year|month|day|hour)\((?P<of>{_COLUMN})\)"
    rf"|(?P<sized>bucket|truncate)\((?P<size>[1-9]\d{{0,8}}), ?(?P<sized_of>{_COLUMN})\)"
    rf"|(?P<itself>{_COLUMN})"
)


def suggested_name(text: str) -> str:
    """Return the name that a column is allowed and that is nearest to `text`."""
    name = re.sub(r"[^a-z0-9]+", "_", text.strip().lower()).strip("_")
    return (name if name[:1].isalpha() else f"c_{name}".rstrip("_"))[:MAX_COLUMN_NAME]


ColumnName = Annotated[str, *checked_text("column name here", COLUMN_NAME, ALLOWED_COLUMN_NAMES, suggested_name)]


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
        return not is_nested(column_type) if types is None else column_type.split("(")[0] in types


def parse_transform(text: str) -> Transform:
    """Return the transform that `text` means, in the form Spark's DDL has. Raises ValueError, listing the allowed."""
    match = _TRANSFORM.fullmatch(text)
    if match is None:
        call, _, rest = text.partition("(")
        near = nearest(call, TRANSFORM_TYPES) if rest and call not in TRANSFORM_TYPES else ""
        raise ValueError(f"'{text}' is no partition transform; allowed: {ALLOWED_TRANSFORMS}{near}")
    if match["itself"]:
        return Transform(name="identity", column=match["itself"])
    if match["time"]:
        return Transform(name=match["time"], column=match["of"])
    return Transform(name=match["sized"], column=match["sized_of"], size=int(match["size"]))


def _checked_transform(text: str) -> str:
    parse_transform(text)
    return text


_TRANSFORM_PATTERN: Final = re.sub(r"\?P<\w+>", "?:", _TRANSFORM.pattern)
TransformText = Annotated[
    str, AfterValidator(_checked_transform), Field(json_schema_extra={"pattern": f"^(?:{_TRANSFORM_PATTERN})$"})
]
