"""What a row holds and the table has no column for: to be added as a column, or a reason to quarantine the row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyspark.sql import Column
from pyspark.sql import functions as F

# A column that is added needs no quotes in any SQL, and is none of the job's own.
_COLUMN_NAME: Final = "^[A-Za-z][A-Za-z0-9_]{0,127}$"
_NO_COLUMN: Final = "no column of the table"
_NO_NAME: Final = "a name that cannot be added as a column: allowed are letters, digits and _, a letter first"


def can_be_added(name: str) -> bool:
    """Whether the table can get a column of this name."""
    return re.match(_COLUMN_NAME, name) is not None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The names in which a row holds values without a column, as arrays of texts.

    `to_add` are those that may become columns, `reasons` those of a row that is unfit for the others. `is_unfit` is the
    condition that there are such, as a list of at most one; `columns` the columns of the rows with these values.
    """

    to_add: Column = field(default_factory=lambda: _no_names())
    reasons: Column = field(default_factory=lambda: _no_names())
    is_unfit: tuple[Column, ...] = ()
    columns: tuple[Column, ...] = ()


def _no_names() -> Column:
    return F.array().cast("array<string>")


def unknown_columns(names: Mapping[str, str], drift: str) -> Unknown:
    """Return what is unknown of rows that have columns without a place in the table: their names by column."""
    if not names:
        return Unknown()
    held = F.array_compact(
        F.array(F.lit(None).cast("string"), *(F.when(F.col(f"`{at}`").isNotNull(), name) for at, name in names.items()))
    )
    return unknown_names(held, drift, columns=tuple(F.col(f"`{at}`").alias(name or "_") for at, name in names.items()))


def unknown_names(held: Column, drift: str, known: Sequence[str] = (), columns: tuple[Column, ...] = ()) -> Unknown:
    """Return what is unknown of rows with values in the names `held`; a known one in another case is to be read."""

    def can_be_read(name: Column) -> Column:
        is_known = F.lower(name).isin(*known)
        return is_known if drift == "quarantine" else is_known | name.rlike(_COLUMN_NAME)

    why = _NO_COLUMN if drift == "quarantine" else _NO_NAME
    is_held = F.size(held) > 0
    unfit = F.filter(held, lambda name: ~can_be_read(name))
    return Unknown(
        F.when(is_held, F.filter(held, can_be_read)).otherwise(_no_names()),
        F.when(is_held, F.transform(unfit, lambda name: F.concat(name, F.lit(f": {why}")))).otherwise(_no_names()),
        (is_held & (F.size(unfit) > 0),),
        columns,
    )
