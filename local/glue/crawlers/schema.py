"""Columns and their types, and how those of several objects become those of one table.

A type is the catalog's text for it. None stands for a column that had no value in the sample: it says nothing about the
type and gives way to any other.
"""

from collections.abc import Iterable
from typing import NamedTuple

BIGINT = "bigint"
DOUBLE = "double"
STRING = "string"
NUMBERS = frozenset({BIGINT, DOUBLE})


class Column(NamedTuple):
    """A column's name, lower case as the catalog has it, and its type, None where no value was seen."""

    name: str
    type: str | None


Columns = tuple[Column, ...]


def common_type(left: str | None, right: str | None) -> str | None:
    """Give the type that holds the values of both: bigint and double make double, any other two make string.

    AWS documents no rule for types that differ between objects: this one loses no value.
    """
    if left == right or right is None:
        return left
    if left is None:
        return right
    return DOUBLE if {left, right} == NUMBERS else STRING


def union(schemas: Iterable[Columns]) -> Columns:
    """Give every column of `schemas` once, by name, in order of first appearance, with a type that holds all."""
    types: dict[str, str | None] = {}
    # Thousands of objects have a handful of schemas between them.
    for columns in dict.fromkeys(schemas):
        for name, kind in columns:
            types[name] = common_type(types[name], kind) if name in types else kind
    return tuple(Column(name, kind) for name, kind in types.items())


def settled(columns: Columns) -> Columns:
    """Give `columns` with string for those that had no value anywhere."""
    return tuple(Column(name, kind or STRING) for name, kind in columns)


def similarity(left: Columns, right: Columns) -> float:
    """Give the share, 0 to 1, of the two's column names that both have."""
    first, second = {column.name for column in left}, {column.name for column in right}
    return len(first & second) / len(first | second) if first or second else 1.0
