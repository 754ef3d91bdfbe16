"""Rules over all rows of a run, checked as far as the text tells: their form, their types, the columns they name.

What a condition may say is left to the engine that evaluates it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from lake.dqdl.parser import parse
from lake.dqdl.rule_types import COLUMNS_OF, MANY, NOT_HERE, YES_OR_NO
from lake.dqdl.tokens import DqdlError
from lake.dqdl.tree import Rule
from lake.errors import nearest

HERE: Final = tuple(name for name in COLUMNS_OF if name not in NOT_HERE)


def problems_in(text: str, columns: Collection[str]) -> Iterator[DqdlError]:
    """Yield what is wrong in a ruleset over a table with `columns`; with none, columns are not looked at."""
    try:
        items = parse(text)
    except DqdlError as error:
        yield error
        return
    for item in items:
        for rule in item.rules():
            yield from _problems_of(rule, columns)


def column_problems(rule: Rule, columns: Collection[str]) -> Iterator[DqdlError]:
    """Yield what is wrong with the columns that a rule of a known type names."""
    count = COLUMNS_OF[rule.type]
    named = rule.parameters[:count]
    if len(named) < (1 if count == MANY else count):
        wanted = "columns" if count > 1 else "column"
        yield DqdlError(rule.line, f'{rule.type} names no {wanted}; allowed: {rule.type} "column"')
    for name in named:
        if columns and name not in columns and rule.type != "ColumnExists":
            listed = ", ".join(columns)
            yield DqdlError(rule.line, f"{rule.type}: no column '{name}'; declared: {listed}{nearest(name, columns)}")


def _problems_of(rule: Rule, columns: Collection[str]) -> Iterator[DqdlError]:
    if rule.type not in COLUMNS_OF:
        yield DqdlError(
            rule.line, f"'{rule.type}' is no rule type; allowed: {', '.join(HERE)}{nearest(rule.type, HERE)}"
        )
        return
    if rule.type in NOT_HERE:
        yield DqdlError(rule.line, f"{rule.type} {NOT_HERE[rule.type]}; allowed are rules over this table's rows")
        return
    yield from column_problems(rule, columns)
    if rule.type not in YES_OR_NO and rule.condition is None:
        yield DqdlError(rule.line, f"{rule.type} says not what must hold; allowed: a condition after it, such as > 0.5")
