"""The text of a dataset's YAML file, with the reasons beside what was found."""

from __future__ import annotations

import json
from collections.abc import Sequence

import yaml

from lake.schema import DATASET_SCHEMA, schema_line
from lake.sketch.found import Found, FoundColumn, rows_text


def yaml_text(
    name: str, file: str, found: Found, keys: Sequence[Sequence[str]], partitions: Sequence[tuple[str, str]]
) -> str:
    """Return the file: what was found as fields, what is only likely as comments."""
    options = ", ".join(f"{option}: {_value(value)}" for option, value in found.options.items())
    return "\n".join(
        [
            schema_line(DATASET_SCHEMA),
            f"# Made from {_on_one_line(file)}: {rows_text(found.rows)}. Types are those that every value in it fits.",
            "# What is commented out is a suggestion, not in force. A column that every row must have: required: true.",
            f"name: {_value(name)}",
            "# description:",
            "source:",
            f"  prefix: raw/{name}/",
            f"  format: {found.format}",
            *([f"  options: {{{options}}}"] if options else []),
            *(f"  # {_on_one_line(note)}" for note in found.notes),
            "columns:",
            *_columns(found),
            *_keys(found, keys),
            *_partitions(keys, partitions),
            "max_quarantined: 0.05                    # share of the rows read; above it the run publishes nothing",
            "workers: {type: G.1X, count: 2}",
            "timeout_minutes: 60",
            "",
        ]
    )


def _columns(found: Found) -> list[str]:
    fields = [f"  - {{name: {_value(column.name)}, type: {_type(column.type)}}}" for column in found.columns]
    width = max(map(len, fields))
    return [
        f"{field:<{width}}  # {_on_one_line('; '.join(_said(column, found.rows)))}"
        for field, column in zip(fields, found.columns, strict=True)
    ]


def _said(column: FoundColumn, rows: int) -> list[str]:
    called = [f"the file calls it {column.in_file}"] if column.in_file != column.name else []
    if column.missing == rows:
        return [*called, "no value in this file, so its type is not known"]
    missing = f"missing in {rows_text(column.missing)}" if column.missing else "never missing"
    return [*called, missing, *column.notes]


def _keys(found: Found, keys: Sequence[Sequence[str]]) -> list[str]:
    if not keys:
        why = f"no column, nor two together, name each of these {rows_text(found.rows)}: without a key all stay"
        return [f"# key: []   # {why}"]
    first, *others = (f"[{', '.join(key)}]" for key in keys)
    also = f"; so is {', so is '.join(others)}" if others else ""
    return [f"# key: {first}   # unique and never missing in these {rows_text(found.rows)}{also}"]


def _partitions(keys: Sequence[Sequence[str]], partitions: Sequence[tuple[str, str]]) -> list[str]:
    advice = "; best by columns of the key, where there is a key" if keys else ""
    return [f"# partition_by: [{transform}]   # {span}{advice}" for transform, span in partitions]


def _type(column_type: str) -> str:
    """Return a type as a flow mapping takes it: with a comma or a colon in it, it needs quotes."""
    return f'"{column_type}"' if set(column_type) & set(",:<") else column_type


def _value(value: bool | str) -> str:
    """Return a value in YAML; text in quotes where YAML would take it for anything else."""
    if isinstance(value, bool):
        return str(value).lower()
    plain = value.isidentifier() and yaml.safe_load(value) == value
    return value if plain else json.dumps(value, ensure_ascii=False)


def _on_one_line(text: str) -> str:
    """Return text for a comment: what would end it, or YAML refuses, stands as an escape."""
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)
