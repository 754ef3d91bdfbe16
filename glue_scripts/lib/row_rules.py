"""Row rules: each row that breaks one is quarantined, told from the others while the rows are read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, Final

from pyspark.errors import AnalysisException, IllegalArgumentException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, DateType, NumericType, StringType, TimestampType

from lib.dataset import RowRule
from lib.errors import RuleError
from lib.row_conditions import breaks, is_pattern

REASON: Final = "row rule: "

_KINDS: Final[Mapping[str, tuple[type[DataType], ...]]] = {
    "number": (NumericType,),
    "date": (DateType, TimestampType),
    "text": (StringType,),
    "null": (DataType,),
}


def breaks_any(rules: Sequence[RowRule]) -> Column:
    """Return whether a row breaks any of the rules; never null."""
    return reduce(or_, (breaks(rule.holds) for rule in rules), F.lit(False))


def reasons(rules: Sequence[RowRule], is_lost: Callable[[str], Column]) -> Column:
    """Return the reasons of all rules that a row breaks; a rule on a column whose value is lost says nothing of it."""
    found = []
    for rule in rules:
        broken = breaks(rule.holds)
        for column in sorted({leaf["column"] for leaf in _leaves(rule.holds)}):
            broken = broken & ~is_lost(column)
        found.append(F.when(broken, reason_of(rule)))
    return F.array_compact(F.array(F.lit(None).cast("string"), *found))


def reason_of(rule: RowRule) -> str:
    """Return why a row that breaks the rule is quarantined."""
    return f"{REASON}{rule.rule}"


def require_fit(rows: DataFrame, rules: Sequence[RowRule]) -> None:
    """Raise RuleError for a rule that cannot be evaluated over the rows; nothing is read.

    Where a dataset declares no columns, what the crawler found shows here only.
    """
    types = {field.name: field.dataType for field in rows.schema.fields}
    for rule in rules:
        for leaf in _leaves(rule.holds):
            column, kind = leaf["column"], _kind(leaf)
            if column not in types:
                raise RuleError(f"row rule {rule.rule}: no column '{column}'; the table has {', '.join(types)}")
            if not isinstance(types[column], _KINDS[kind]):
                raise RuleError(
                    f"row rule {rule.rule}: '{column}' is of type {types[column].simpleString()}, "
                    f"and the rule is about a {kind}"
                )
            if is_pattern(leaf):
                _require_pattern(rows, rule, leaf["values"][0])
        try:
            rows.where(breaks(rule.holds))
        except AnalysisException as error:
            raise RuleError(f"row rule {rule.rule}: {error}") from error


def _kind(leaf: Mapping[str, Any]) -> str:
    match leaf["type"]:
        case "ColumnValues":
            return str(leaf["kind"])
        case "IsComplete":
            return "null"
    return "text"


def _leaves(holds: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    parts = holds.get("and") or holds.get("or")
    if parts is None:
        yield holds
        return
    for part in parts:
        yield from _leaves(part)


def _require_pattern(rows: DataFrame, rule: RowRule, pattern: str) -> None:
    jvm = rows.sparkSession._jvm
    assert jvm is not None
    try:
        jvm.java.util.regex.Pattern.compile(pattern)
    except IllegalArgumentException as error:
        raise RuleError(f"row rule {rule.rule}: {error}") from error
