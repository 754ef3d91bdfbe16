"""A declared type is a cast: values go to the column's type where they survive it, and where not the loss is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, DecimalType, DoubleType, FloatType, IntegralType, MapType, StringType

from lib.errors import LayoutError
from lib.schema import data_type
from lib.tables import LOST, REASONS

_FLOATING = (FloatType, DoubleType)


@dataclass(frozen=True, slots=True)
class Cast:
    """A column on its way to its type: the value, null where it is lost, and a condition that says whether it is."""

    value: Column
    lost: Column | None = None


def cast(name: str, have: DataType, want: str) -> Cast:
    """Return the column `name` of type `have` as type `want`.

    A value survives if the cast back gives it again. NaN is a missing value, as pandas writes it, for every type but
    the floating ones (for those see `without_nan`). Among floating types, and from decimal to them, rounding is no
    loss. A text survives where Spark's ANSI cast takes it.
    """
    wanted = data_type(want)
    if have == wanted:
        return Cast(F.col(name))
    raw = f"`{name}`"
    if isinstance(have, _FLOATING) and not isinstance(wanted, _FLOATING):
        raw = f"nullif({raw}, double('NaN'))"
    value = f"try_cast({raw} AS {want})"
    if isinstance(wanted, StringType) and not isinstance(have, StringType):
        return Cast(F.expr(value))
    return Cast(F.expr(value), F.expr(f"{raw} IS NOT NULL AND NOT ({_survives(raw, value, have, wanted)})"))


def _survives(raw: str, value: str, have: DataType, want: DataType) -> str:
    if isinstance(have, StringType | MapType):  # maps cannot be compared
        return f"{value} IS NOT NULL"
    if isinstance(have, (*_FLOATING, DecimalType)) and isinstance(want, _FLOATING):
        return f"{value} IS NOT NULL AND (abs({value}) < double('Infinity') OR NOT abs({raw}) < double('Infinity'))"
    if isinstance(have, IntegralType) and isinstance(want, _FLOATING):
        return f"coalesce(try_cast({value} AS decimal(38)) = {raw}, false)"
    return f"coalesce(try_cast({value} AS {have.simpleString()}) = {raw}, false)"


def with_casts(rows: DataFrame, columns: Mapping[str, str], kept: list[Column], reasons: Column) -> DataFrame:
    """Return `columns` as the types given, then `kept`, LOST and REASONS; `reasons` are those of a line that is bad.

    Raises LayoutError for a cast that Spark does not have, such as that of a list to a number.
    """
    fields = {field.name: field.dataType for field in rows.schema.fields}
    casts = {name: cast(name, fields[name], kind) for name, kind in columns.items()}
    for name, each in casts.items():
        if each.lost is not None:
            _require_cast(rows, each.value, f"{name}: {fields[name].simpleString()} cannot be {columns[name]}")
    lost = {name: each.lost for name, each in casts.items() if each.lost is not None}
    text = F.lit(None).cast("string")
    if lost:
        as_read = F.to_json(F.struct(*columns), {"ignoreNullFields": "false"})
        text = F.when(reduce(or_, lost.values()), as_read)
    found = (F.when(condition, not_of_type(name, columns[name])) for name, condition in lost.items())
    return rows.select(
        *(each.value.alias(name) for name, each in casts.items()),
        *kept,
        text.alias(LOST),
        F.coalesce(reasons, F.array_compact(F.array(F.lit(None).cast("string"), *found))).alias(REASONS),
    )


def _require_cast(rows: DataFrame, value: Column, otherwise: str) -> None:
    try:
        rows.select(value)
    except AnalysisException as error:
        raise LayoutError(otherwise) from error


def not_of_type(name: str, kind: str) -> str:
    """Return the reason for a value that does not fit its column."""
    return f"{name}: not of type {kind}"


def without_nan(name: str, kind: str) -> Column:
    """Return the column with NaN as null: it is how pandas writes a missing number, and no table needs both."""
    column = F.col(name)
    if kind not in ("float", "double"):
        return column
    return F.when(~F.isnan(column), column).alias(name)
