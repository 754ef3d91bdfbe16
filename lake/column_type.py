"""Types of columns: Spark SQL's, as far as Spark and Iceberg mean the same by them."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from lake.errors import nearest

SIMPLE_TYPES: Final = (
    "string", "int", "bigint", "float", "double", "boolean", "date", "timestamp",
)  # fmt: skip
ALLOWED_TYPES: Final = (*SIMPLE_TYPES, "decimal(p,s)", "array<type>", "struct<name:type,…>")
MAX_DECIMAL_PRECISION: Final = 38

_DECIMAL: Final = re.compile(r"decimal\((\d+), ?(\d+)\)")
_ARRAY: Final = re.compile(r"array<(.+)>", re.DOTALL)
_STRUCT: Final = re.compile(r"struct<(.+)>", re.DOTALL)
_FIELD: Final = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]{0,127}) ?: ?(.+)", re.DOTALL)


def checked_type(text: str) -> str:
    """Return a type as Spark's DDL writes it. Raises ValueError, listing the allowed, where there is none such."""
    text = text.strip()
    if text in SIMPLE_TYPES:
        return text
    if decimal := _DECIMAL.fullmatch(text):
        return _checked_decimal(text, int(decimal[1]), int(decimal[2]))
    if array := _ARRAY.fullmatch(text):
        return f"array<{checked_type(array[1])}>"
    if struct := _STRUCT.fullmatch(text):
        fields = [_FIELD.fullmatch(field) for field in _parts(struct[1])]
        if all(fields):
            return f"struct<{','.join(f'{field[1]}:{checked_type(field[2])}' for field in fields if field)}>"
    hint = nearest(text, SIMPLE_TYPES)
    raise ValueError(f"'{text}' is no type of Spark SQL; allowed: {', '.join(ALLOWED_TYPES)}{hint}")


def is_nested(column_type: str) -> bool:
    """Tell whether a type holds other types: no key, order or partition is made of it."""
    return "<" in column_type


def _checked_decimal(text: str, precision: int, scale: int) -> str:
    if not (1 <= precision <= MAX_DECIMAL_PRECISION and scale <= precision):
        raise ValueError(f"'{text}': allowed are a precision from 1 to {MAX_DECIMAL_PRECISION}, and a scale up to it")
    return f"decimal({precision},{scale})"


def _parts(text: str) -> list[str]:
    """Return the parts between the commas that stand in no bracket."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "<(") - (character in ">)")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


ColumnType = Annotated[str, AfterValidator(checked_type), Field(examples=list(SIMPLE_TYPES))]
