"""The types of partition keys that an Expression may compare, and how their text is read.

Source: AWS Glue API, GetPartitions: 'Supported Partition Key Types'.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from local.glue.errors import InvalidInput

# What a value of a type is compared as. `varchar` and `char` are strings with a length.
Value = str | int | Decimal | date | datetime

# How Hive names a partition whose value is NULL.
NULL = "__HIVE_DEFAULT_PARTITION__"


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as problem:
        raise ValueError(text) from problem


READERS: dict[str, Callable[[str], Value]] = {
    "string": str,
    "char": str,
    "varchar": str,
    "tinyint": int,
    "smallint": int,
    "int": int,
    "integer": int,
    "bigint": int,
    "long": int,
    "decimal": _decimal,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
}
TEXT = ("string", "char", "varchar")


def type_of(key_type: str) -> str:
    """The name of a key's type without its length, as READERS has it. Raises InvalidInput for one that it has not."""
    name = key_type.partition("(")[0].strip().lower()
    if name not in READERS:
        raise InvalidInput(f"Partition keys of type {key_type} cannot be in an Expression: only {', '.join(READERS)}.")
    return name


def stored(text: str, key_type: str) -> Value | None:
    """A partition's value; None is NULL, as is a value that its key's type cannot hold (not documented)."""
    if text == NULL:
        return None
    try:
        return READERS[key_type](text)
    except ValueError:
        return None


def literal(text: str, key_type: str) -> Value:
    """A value of an Expression, quoted or not. Raises InvalidInput where the key's type cannot hold it."""
    try:
        return READERS[key_type](text)
    except ValueError as problem:
        raise InvalidInput(f"{text!r} in the Expression is no {key_type}.") from problem
