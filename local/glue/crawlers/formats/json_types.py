"""The types of JSON values: int where 32 bits hold it, bigint to 64, else double; boolean, string; struct and array."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from local.glue.crawlers.types import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    INT,
    STRING,
    Array,
    Field,
    Struct,
    Type,
    common_type,
)

MAX_DEPTH = 50
# What separates the parts of a type's text cannot stand in a member's name.
_MEMBER_NAME = re.compile(r"[^:,<>\s]+")


def value_type(value: Any, room: int = MAX_DEPTH) -> Type | None:
    """Give the type of a decoded value; None for null.

    An object with a member whose name cannot stand in a type is a string, as which its text can be read; so is what is
    nested deeper than `room`.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int):
        return INT if -(2**31) <= value < 2**31 else BIGINT if -(2**63) <= value < 2**63 else DOUBLE
    if isinstance(value, float):
        return DOUBLE
    if isinstance(value, str):
        return STRING
    if isinstance(value, dict):
        if not room or not all(_MEMBER_NAME.fullmatch(name) for name in value):
            return STRING
        return Struct(tuple(Field(name, value_type(member, room - 1)) for name, member in value.items()))
    return Array(common(value, room - 1)) if room else STRING


def common(values: Iterable[Any], room: int = MAX_DEPTH) -> Type | None:
    """Give the type that holds all of `values`."""
    kind: Type | None = None
    for one in dict.fromkeys(value_type(value, room) for value in values):
        kind = common_type(kind, one)
    return kind


def member_types(records: Iterable[Mapping[str, Any]]) -> dict[str, Type | None]:
    """Give the type of each member of `records` by its name as it is spelt, in order of first appearance."""
    types: dict[str, Type | None] = {}
    for record in records:
        for name, value in record.items():
            types[name] = common_type(types.get(name), value_type(value))
    return types
