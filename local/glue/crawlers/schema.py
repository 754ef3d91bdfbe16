"""Columns, and how those of several objects become those of one table."""

from collections.abc import Iterable
from typing import NamedTuple

from local.glue.crawlers.types import Type, common_type, filled


class Column(NamedTuple):
    """A column's name, lower case as the catalog has it, and its type, None where no value was seen."""

    name: str
    type: Type | None


Columns = tuple[Column, ...]


def union(schemas: Iterable[Columns]) -> Columns:
    """Give every column of `schemas` once, by name, in order of first appearance, with a type that holds all."""
    types: dict[str, Type | None] = {}
    # Thousands of objects have a handful of schemas between them.
    for columns in dict.fromkeys(schemas):
        for name, kind in columns:
            types[name] = common_type(types[name], kind) if name in types else kind
    return tuple(Column(name, kind) for name, kind in types.items())


def with_types_of(table: Columns, own: Columns) -> Columns:
    """Give a partition's own columns; what had no value in it has the type that the table knows."""
    known = {column.name: column.type for column in table}
    return tuple(Column(name, filled(kind, known[name])) for name, kind in own)


def similarity(left: Columns, right: Columns) -> float:
    """Give the share, 0 to 1, of the two's column names that both have."""
    first, second = {column.name for column in left}, {column.name for column in right}
    return len(first & second) / len(first | second) if first or second else 1.0
