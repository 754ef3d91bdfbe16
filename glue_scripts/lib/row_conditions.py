"""What breaks a row rule, as a Spark expression that is never null: where deequ's row outcome of it is a failure.

A row that deequ neither passes nor fails is not broken. `and` and `or` then mean with two values what deequ's mean with
three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F

Holds = Mapping[str, Any]


def breaks(holds: Holds) -> Column:
    """Return whether a row breaks a rule, by the JSON of what must hold: a rule, or two with `and` or `or`."""
    if "and" in holds:
        left, right = map(breaks, holds["and"])
        return left | right
    if "or" in holds:
        left, right = map(breaks, holds["or"])
        return left & right
    broken = _BROKEN[holds["type"]](column_of(holds["column"]), holds)
    if holds["where"] is None:
        return broken
    # A row for which the condition is null is not meant; where deequ looks for a pattern it is.
    meant = F.coalesce(F.expr(f"({holds['where']})"), F.lit(is_pattern(holds)))
    return meant & broken


def column_of(name: str) -> Column:
    """Return a column by its name, whatever characters it has."""
    return F.col("`" + name.replace("`", "``") + "`")


def is_pattern(holds: Holds) -> bool:
    """Whether a rule looks for a regular expression."""
    return str(holds.get("operator", "")).endswith("matches")


def _is_complete(column: Column, holds: Holds) -> Column:
    return column.isNull()


def _column_values(column: Column, holds: Holds) -> Column:
    operator, kind, values, keywords = holds["operator"], holds["kind"], holds["values"], holds["keywords"]
    if is_pattern(holds):
        return _no_match(column, operator, values[0])
    if operator in ("=", "in"):
        found = _is_in(column, holds) if values else F.lit(False)
        return _broken(column, found | _is_keyword(column, keywords), on_null=not keywords)
    if operator in ("!=", "not in"):
        found = _is_in(column, holds) if values else F.lit(False)
        return _broken(column, ~(found | _is_keyword(column, keywords)), on_null="null" in keywords)
    if kind == "date":
        holding = _meets(F.to_date(column), operator, [F.lit(each).cast("date") for each in values])
        return _broken(column, holding, on_null=operator != "not between")
    if operator == "not between":
        return _broken(column, _meets(column, operator, [_as_in_sql(each) for each in values]), on_null=True)
    return _broken(column, _meets(column.cast("double"), operator, [F.lit(each) for each in values]), on_null=True)


def _column_length(column: Column, holds: Holds) -> Column:
    operator, values = holds["operator"], holds["values"]
    length = F.length(column)
    if operator in ("=", "in"):
        return _broken(column, length.isin(values), on_null=operator == "in" and 0 not in values)
    if operator in ("!=", "not in"):
        return _broken(column, ~length.isin(values), on_null=False)
    return _broken(column, _meets(length, operator, [F.lit(each) for each in values]), on_null=False)


def _column_data_type(column: Column, holds: Holds) -> Column:
    if holds["format"] is None:
        value = column.cast(holds["data_type"])
    else:
        value = F.to_date(F.concat(F.lit(holds["before"]), column, F.lit(holds["after"])), holds["format"])
    return value.isNull() if holds["operator"] == "=" else value.isNotNull()


_BROKEN = {
    "IsComplete": _is_complete,
    "ColumnValues": _column_values,
    "ColumnLength": _column_length,
    "ColumnDataType": _column_data_type,
}


def _broken(column: Column, holding: Column, *, on_null: bool) -> Column:
    return F.when(column.isNull(), F.lit(on_null)).otherwise(~holding)


def _meets(column: Column, operator: str, values: Sequence[Column]) -> Column:
    """Return whether a column compares so with its values; a range is without its ends."""
    match operator:
        case ">":
            return column > values[0]
        case ">=":
            return column >= values[0]
        case "<":
            return column < values[0]
        case "<=":
            return column <= values[0]
        case "between":
            return (column > values[0]) & (column < values[1])
        case "not between":
            return (column <= values[0]) | (column >= values[1])
    raise ValueError(f"no operator of a row rule: {operator}")


def _is_in(column: Column, holds: Holds) -> Column:
    values = holds["values"]
    match holds["kind"]:
        case "date":
            return F.to_date(column).isin([F.lit(each).cast("date") for each in values])
        case "number" if holds["operator"] == "=":
            return column.cast("double").isin(values)
        case "number":
            return column.isin([_as_in_sql(each) for each in values])
    return column.isin(values)


def _is_keyword(column: Column, keywords: Sequence[str]) -> Column:
    found = F.lit(False)
    if "empty" in keywords:
        found = found | (column == "")
    if "whitespaces_only" in keywords:
        found = found | ((F.length(F.trim(column)) == 0) & (F.length(column) > 0))
    return found


def _no_match(column: Column, operator: str, pattern: str) -> Column:
    """Return whether deequ finds nothing of a pattern: it takes an empty match for none."""
    whole = f"^{pattern}$" if operator == "matches" else rf"^(?!\b{pattern}\b).*$"
    return F.coalesce(F.regexp_extract(column, whole, 0) == "", F.lit(True))


def _as_in_sql(number: float) -> Column:
    """Return a number as Spark reads it in deequ's SQL, where it stands as Scala writes a double: exact, or with E."""
    exact = number == 0 or 1e-3 <= abs(number) < 1e7
    return F.lit(Decimal(repr(number)) if exact else number)
