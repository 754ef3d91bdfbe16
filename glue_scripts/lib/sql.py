"""Values and names as they stand in Spark's SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any


def literal(value: Any) -> str:
    """Return a number, date or text as a literal."""
    match value:
        case bool() | int():
            return str(value)
        case Decimal():
            return f"{value}BD"
        case date():
            return f"DATE '{value.isoformat()}'"
        case _:
            text = str(value).replace("\\", "\\\\").replace("'", "\\'")
            return f"'{text}'"


def literals(values: Iterable[Any]) -> str:
    """Return values as the inside of an `IN (…)`, in an order of its own."""
    return ", ".join(sorted(map(literal, values)))


def properties(values: Mapping[str, str]) -> str:
    """Return table properties as the inside of a `TBLPROPERTIES (…)`."""
    return ", ".join(f"{literal(name)} = {literal(value)}" for name, value in values.items())
