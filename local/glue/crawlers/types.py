"""Column types, and the type that holds the values of two.

A type is the catalog's text for it where it has no parts, else an Array, a Struct or a Map. None stands for what had no
value in the sample: it says nothing about the type and gives way to any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

INT = "int"
BIGINT = "bigint"
DOUBLE = "double"
BOOLEAN = "boolean"
STRING = "string"

# Each holds the values of those before it.
INTEGERS = ("tinyint", "smallint", INT, BIGINT)
FLOATS = ("float", DOUBLE)
MAX_PRECISION = 38
_DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")
_INTEGER_DIGITS = dict(zip(INTEGERS, (3, 5, 10, 19), strict=True))


@dataclass(frozen=True, slots=True)
class Array:
    """A list of values of one type."""

    element: Type | None


class Field(NamedTuple):
    """A member of a struct, named as the data spell it."""

    name: str
    type: Type | None


@dataclass(frozen=True, slots=True)
class Struct:
    """Named values."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """Values by key."""

    key: Type | None
    value: Type | None


Type = str | Array | Struct | Map


def common_type(left: Type | None, right: Type | None) -> Type | None:
    """Give the type that holds the values of both.

    Integers make the wider one, any other two numbers double, decimals a wider decimal as long as there is one; the
    parts of two arrays, structs or maps are united; all else makes string. AWS documents no rule for types that differ.
    """
    if left == right or right is None:
        return left
    if left is None:
        return right
    if isinstance(left, str) and isinstance(right, str):
        return _common_scalar(left, right)
    if isinstance(left, Array) and isinstance(right, Array):
        return Array(common_type(left.element, right.element))
    if isinstance(left, Struct) and isinstance(right, Struct):
        return _common_struct(left, right)
    if isinstance(left, Map) and isinstance(right, Map):
        return Map(common_type(left.key, right.key), common_type(left.value, right.value))
    return STRING


def filled(own: Type | None, known: Type | None) -> Type | None:
    """Give `own` with what had no value in it as `known` has it."""
    if own is None:
        return known
    if isinstance(own, Array) and isinstance(known, Array):
        return Array(filled(own.element, known.element))
    if isinstance(own, Struct) and isinstance(known, Struct):
        types = {field.name: field.type for field in known.fields}
        return Struct(tuple(Field(name, filled(kind, types.get(name))) for name, kind in own.fields))
    if isinstance(own, Map) and isinstance(known, Map):
        return Map(filled(own.key, known.key), filled(own.value, known.value))
    return own


def type_text(kind: Type | None) -> str:
    """Give the catalog's text for `kind`: string for what had no value, and for a struct that has no members."""
    if isinstance(kind, Array):
        return f"array<{type_text(kind.element)}>"
    if isinstance(kind, Map):
        return f"map<{type_text(kind.key)},{type_text(kind.value)}>"
    if isinstance(kind, Struct):
        members = ",".join(f"{field.name}:{type_text(field.type)}" for field in kind.fields)
        return f"struct<{members}>" if members else STRING
    return kind or STRING


def _common_struct(left: Struct, right: Struct) -> Struct:
    types: dict[str, Type | None] = {}
    for name, kind in (*left.fields, *right.fields):
        types[name] = common_type(types.get(name), kind)
    return Struct(tuple(Field(name, kind) for name, kind in types.items()))


def _common_scalar(left: str, right: str) -> str:
    if left in INTEGERS and right in INTEGERS:
        return max(left, right, key=INTEGERS.index)
    numbers = _decimal_parts(left), _decimal_parts(right)
    if numbers[0] and numbers[1]:
        whole, scale = max(numbers[0][0], numbers[1][0]), max(numbers[0][1], numbers[1][1])
        return f"decimal({whole + scale},{scale})" if whole + scale <= MAX_PRECISION else DOUBLE
    return DOUBLE if _is_number(left) and _is_number(right) else STRING


def _decimal_parts(kind: str) -> tuple[int, int] | None:
    """Give the digits before and after the point that a decimal has, or an integer beside a decimal needs."""
    if kind in _INTEGER_DIGITS:
        return _INTEGER_DIGITS[kind], 0
    match = _DECIMAL.fullmatch(kind)
    return (int(match[1]) - int(match[2]), int(match[2])) if match else None


def _is_number(kind: str) -> bool:
    return kind in INTEGERS or kind in FLOATS or _DECIMAL.fullmatch(kind) is not None
