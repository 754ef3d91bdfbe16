"""What a sample file says about a dataset: plain values, from which the YAML is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lake.column import ALLOWED_COLUMN_NAMES, COLUMN_NAME, suggested_name
from lake.errors import ConfigError


class SampleFileError(ConfigError):
    """Says why no dataset can be made from the file, and what to do about it."""


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column: its name, what the file calls it, its type of Spark SQL, in how many rows it is missing, and why so."""

    name: str
    in_file: str
    type: str
    missing: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """All that the file says. `options` are those that differ from the format's defaults, `notes` say why."""

    format: str
    rows: int
    columns: Sequence[FoundColumn]
    options: Mapping[str, bool | str] = field(default_factory=dict)
    notes: Sequence[str] = ()


def rows_text(count: int) -> str:
    """Return a number of rows in words: 1 row, 2 rows."""
    return f"{count} row" if count == 1 else f"{count} rows"


def column_names(path: Path, in_file: Sequence[str]) -> list[str]:
    """Return the columns' names, lower case. Raises SampleFileError that tells every name that cannot be kept.

    The crawler has names in lower case, and the job finds them in the files whatever their case. Nothing on the way
    renames a column otherwise.
    """
    problems: list[str] = []
    taken: dict[str, str] = {}
    for position, original in enumerate(in_file, start=1):
        name = original.lower()
        if not COLUMN_NAME.fullmatch(name):
            problems.append(f"  column {position} is called '{original}': call it '{_free(original, in_file)}'")
        elif name in taken:
            problems.append(f"  column {position} is called '{original}', as is '{taken[name]}': call it otherwise")
        taken.setdefault(name, original)
    if problems:
        why = f"{path}: has names that no column can have here; allowed: {ALLOWED_COLUMN_NAMES}"
        raise SampleFileError("\n".join([why, *problems, "  rename them in every file of the dataset"]))
    return [name.lower() for name in in_file]


def _free(original: str, others: Sequence[str]) -> str:
    """Return a name for a column that no other column of the file has."""
    base = name = suggested_name(original)
    number = 1
    while name in others:
        number += 1
        name = f"{base}_{number}"
    return name
