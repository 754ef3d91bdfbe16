"""A declared type is a cast: values go to the column's type where they survive it, and where not the loss is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    DataType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegralType,
    MapType,
    StringType,
    StructType,
    TimestampType,
)

from lib.errors import LayoutError
from lib.schema import data_type
from lib.tables import LOST, REASONS, UNKNOWN
from lib.unknown import Unknown

_FLOATING = (FloatType, DoubleType)
_MAX_DIGITS: Final = 38


@dataclass(frozen=True, slots=True)
class Cast:
    """A column on its way to its type: the value, null where it is lost, and a condition that says whether it is."""

    value: Column
    lost: Column | None = None


def cast(name: str, have: DataType, want: str) -> Cast:
    """Return the column `name` of type `have` as type `want`, also what is nested in it: struct's fields by name.

    A value survives if the cast back gives it again. NaN is a missing value, as pandas writes it, for every type but
    the floating ones (for those see `without_nan`). Among floating types, and from decimal to them, rounding is no
    loss. A text survives where Spark's ANSI cast takes it, with nothing rounded, cut off or made up.
    """
    value, lost = _cast(f"`{name}`", have, data_type(want))
    return Cast(F.expr(value), None if lost is None else F.expr(lost))


def _cast(raw: str, have: DataType, want: DataType, depth: int = 0) -> tuple[str, str | None]:
    """Return SQL of the value, and of the condition that it is lost; None where it cannot be."""
    if have == want:
        return raw, None
    match have, want:
        case StructType(), StructType():
            return _cast_struct(raw, have, want, depth)
        case ArrayType(), ArrayType():
            each = f"x{depth}"
            value, lost = _cast(each, have.elementType, want.elementType, depth + 1)
            found = None if lost is None else f"exists({raw}, {each} -> {lost})"
            return f"transform({raw}, {each} -> {value})", found
    if isinstance(have, _FLOATING) and not isinstance(want, _FLOATING):
        raw = f"nullif({raw}, double('NaN'))"
    value = f"try_cast({raw} AS {want.simpleString()})"
    if isinstance(want, StringType) and not isinstance(have, StringType):
        return value, None
    return value, f"{raw} IS NOT NULL AND NOT coalesce({_survives(raw, value, have, want)}, false)"


def _cast_struct(raw: str, have: StructType, want: StructType, depth: int) -> tuple[str, str | None]:
    fields = {field.name.lower(): field for field in have.fields}
    values: list[str] = []
    losses: list[str] = []
    for field in want.fields:
        found = fields.pop(field.name.lower(), None)
        value, lost = f"CAST(NULL AS {field.dataType.simpleString()})", None
        if found is not None:
            value, lost = _cast(f"{raw}.`{found.name}`", found.dataType, field.dataType, depth)
        values.append(f"'{field.name}', {value}")
        losses += [] if lost is None else [f"({lost})"]
    losses += [f"{raw}.`{field.name}` IS NOT NULL" for field in fields.values()]
    lost = f"{raw} IS NOT NULL AND ({' OR '.join(losses)})" if losses else None
    return f"if({raw} IS NULL, NULL, named_struct({', '.join(values)}))", lost


def _survives(raw: str, value: str, have: DataType, want: DataType) -> str:
    match have, want:
        case StringType(), DateType():  # the cast takes a time, and drops it
            return f"{value} IS NOT NULL AND (length({raw}) <= 10 OR try_cast({raw} AS timestamp) = {value})"
        case StringType(), TimestampType():  # the cast takes a time without a day, and adds the day of the run
            colon = f"locate(':', {raw})"
            return f"{value} IS NOT NULL AND ({colon} = 0 OR locate('-', {raw}) BETWEEN 1 AND {colon})"
        case StringType(), DecimalType():
            return _is_not_rounded(raw, value, want)
        case StringType(), FloatType() | DoubleType():
            return f"abs({value}) < double('Infinity') OR ({value} IS NOT NULL AND {raw} RLIKE '(?i)inf|nan')"
        case ((StringType() | MapType()), _):  # maps cannot be compared
            return f"{value} IS NOT NULL"
    if isinstance(have, (*_FLOATING, DecimalType)) and isinstance(want, _FLOATING):
        return f"{value} IS NOT NULL AND (abs({value}) < double('Infinity') OR NOT abs({raw}) < double('Infinity'))"
    if isinstance(have, IntegralType) and isinstance(want, _FLOATING):
        return f"try_cast({value} AS decimal(38)) = {raw}"
    return f"try_cast({value} AS {have.simpleString()}) = {raw}"


def _is_not_rounded(raw: str, value: str, want: DecimalType) -> str:
    wide = wide_decimal(want)
    if wide != want:
        return f"{value} = try_cast({raw} AS {wide.simpleString()})"
    digits = f"^\\\\s*[+-]?[0-9]*([.][0-9]{{0,{want.scale}}}0*)?\\\\s*$"
    return f"{value} IS NOT NULL AND {raw} RLIKE '{digits}'"


def wide_decimal(want: DecimalType) -> DecimalType:
    """Return the decimal with the same digits before the point, and as many after it as there can be."""
    return DecimalType(_MAX_DIGITS, _MAX_DIGITS - (want.precision - want.scale))


def with_casts(
    rows: DataFrame,
    columns: Mapping[str, str],
    kept: list[Column],
    unknown: Unknown,
    *,
    reasons: Column | None = None,
    lost: Mapping[str, Column] | None = None,
    text: Column | None = None,
) -> DataFrame:
    """Return `columns` as the types given, then `kept`, LOST, REASONS and UNKNOWN.

    `reasons` are those of a line that is bad, null of others; `lost` says by reason what else makes a row lose a value;
    `text` is what LOST shows: else the fields as JSON.
    Raises LayoutError for a cast that Spark does not have, such as that of a list to a number.
    """
    fields = {field.name: field.dataType for field in rows.schema.fields}
    casts = {name: cast(name, fields[name], kind) for name, kind in columns.items()}
    losses = dict(lost or {})
    for name, each in casts.items():
        if each.lost is not None:
            _require_cast(rows, each.value, f"{name}: {fields[name].simpleString()} cannot be {columns[name]}")
            losses[not_of_type(name, columns[name])] = each.lost
    if text is None:
        text = F.to_json(F.struct(*columns, *unknown.columns), {"ignoreNullFields": "false"})
    is_lost = reduce(or_, [*losses.values(), *unknown.is_unfit]) if losses or unknown.is_unfit else F.lit(False)
    found = F.array_compact(
        F.array(F.lit(None).cast("string"), *(F.when(condition, reason) for reason, condition in losses.items()))
    )
    if unknown.is_unfit:
        found = F.concat(found, unknown.reasons)
    return rows.select(
        *(each.value.alias(name) for name, each in casts.items()),
        *kept,
        F.when(is_lost, text).alias(LOST),
        (found if reasons is None else F.coalesce(reasons, found)).alias(REASONS),
        unknown.to_add.alias(UNKNOWN),
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
