"""Rules in DQDL, checked as far as the text tells: their form, their types, and the columns that they name.

Source of the rules: 'DQDL reference' and 'DQDL rule type reference' of the Glue guide. What a condition may say is left
to the engine that evaluates it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lake.errors import nearest

# How many of a rule's first parameters are columns of the table. MANY: all of them.
MANY: Final = 99
COLUMNS_OF: Final[dict[str, int]] = {
    "AggregateMatch": 0,
    "ColumnCorrelation": 2,
    "ColumnCount": 0,
    "ColumnDataType": 1,
    "ColumnExists": 1,
    "ColumnLength": 1,
    "ColumnNamesMatchPattern": 0,
    "ColumnValues": 1,
    "Completeness": 1,
    "CustomSql": 0,
    "DataFreshness": 1,
    "DatasetMatch": 0,
    "DetectAnomalies": 0,
    "DistinctValuesCount": 1,
    "Entropy": 1,
    "FileFreshness": 0,
    "FileMatch": 0,
    "FileSize": 0,
    "FileUniqueness": 0,
    "IsComplete": 1,
    "IsPrimaryKey": MANY,
    "IsUnique": 1,
    "Mean": 1,
    "ReferentialIntegrity": 0,
    "RowCount": 0,
    "RowCountMatch": 0,
    "SchemaMatch": 0,
    "StandardDeviation": 1,
    "Sum": 1,
    "UniqueValueRatio": 1,
    "Uniqueness": 1,
}

# A run has one table: there is nothing to compare it with, no history of statistics, and no file.
NOT_HERE: Final = {
    **dict.fromkeys(("AggregateMatch", "DatasetMatch", "ReferentialIntegrity", "RowCountMatch", "SchemaMatch"),
                    "compares with another table, and a run has one"),
    **dict.fromkeys(("FileFreshness", "FileMatch", "FileSize", "FileUniqueness"), "is about files, not about rows"),
    "DetectAnomalies": "needs statistics that Glue keeps of earlier runs",
}  # fmt: skip

# Rules that say nothing without a condition: what they give is a number or a list of values.
YES_OR_NO: Final = frozenset(
    {"ColumnExists", "ColumnNamesMatchPattern", "CustomSql", "IsComplete", "IsPrimaryKey", "IsUnique"}
)

_FRAME: Final = "Rules = [ RULE, … ]"
_JOINED: Final = "(RULE) and (RULE), (RULE) or (RULE)"
_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
    |(?P<text>"(?:\\["\\]|[^"])*")
    |(?P<number>\d+(?:\.\d+)?(?![\w.]))
    |(?P<word>[A-Za-z0-9_.]+)
    |(?P<sign>>=|<=|!=|[][(){},=<>$+*/:!-])""",
    re.VERBOSE,
)


class DqdlError(ValueError):
    """What is wrong in a text of rules; `line` counts from 0 in the text."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its type, its quoted or plain parameters, and whether anything follows them."""

    type: str
    line: int
    parameters: tuple[str, ...]
    has_condition: bool


def problems_in(text: str, columns: Collection[str]) -> Iterator[DqdlError]:
    """Yield what is wrong in a ruleset over a table with `columns`; with none, columns are not looked at."""
    try:
        rules = list(parse(text))
    except DqdlError as error:
        yield error
        return
    for rule in rules:
        yield from _problems_of(rule, columns)


def parse(text: str) -> Iterator[Rule]:
    """Yield the rules of a ruleset, those in parentheses one by one. Raises DqdlError where it is none."""
    tokens = list(_tokens(text))
    if [token.text for token in tokens[:3]] != ["Rules", "=", "["] or len(tokens) < 5 or tokens[-1].text != "]":
        raise DqdlError(0, f"must be rules in DQDL; allowed: {_FRAME}")
    start, depth = 3, 0
    for position, token in enumerate(tokens[3:-1], start=3):
        depth += (token.text in "([") - (token.text in ")]")
        if depth < 0:
            raise DqdlError(token.line, f"'{token.text}' closes nothing; allowed: {_FRAME}")
        if token.text == "," and depth == 0:
            yield from _composite(tokens[start:position], token)
            start = position + 1
    if depth:
        raise DqdlError(tokens[-1].line, f"a bracket is not closed; allowed: {_FRAME}")
    yield from _composite(tokens[start:-1], tokens[-1])


def _tokens(text: str) -> Iterator[_Token]:
    position, line = 0, 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            what = "a quote that is not closed" if text[position] == '"' else f"'{text[position]}'"
            raise DqdlError(line, f"{what} is no part of DQDL; allowed: {_FRAME}")
        if found.lastgroup not in (None, "space"):
            yield _Token(str(found.lastgroup), found.group(), line)
        line += found.group().count("\n")
        position = found.end()


def _composite(tokens: Sequence[_Token], end: _Token) -> Iterator[Rule]:
    """Yield the rules of one item of the list: a rule, or rules in parentheses with `and` or `or` between them."""
    if not tokens:
        raise DqdlError(end.line, f"a rule is missing before '{end.text}'; allowed: {_FRAME}")
    if tokens[0].text != "(":
        yield _rule(tokens)
        return
    start, depth = 0, 0
    joined = True
    for position, token in enumerate(tokens):
        if depth == 0 and token.text != "(":
            if joined or token.text.lower() not in ("and", "or"):
                message = f"'{token.text}' does not join rules; allowed: {_JOINED}"
                raise DqdlError(token.line, message)
            joined = True
            continue
        if depth == 0:
            if not joined:
                message = f"a rule stands after another with nothing between them; allowed: {_JOINED}"
                raise DqdlError(token.line, message)
            start = position
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            yield from _composite(tokens[start + 1 : position], token)
            joined = False
    if joined:
        raise DqdlError(end.line, f"a rule is missing before '{end.text}'; allowed: {_JOINED}")


def _rule(tokens: Sequence[_Token]) -> Rule:
    kind, *rest = tokens
    if kind.kind != "word":
        raise DqdlError(kind.line, f"'{kind.text}' is no rule type; allowed: {', '.join(COLUMNS_OF)}")
    parameters: list[str] = []
    for token in rest:
        if token.kind == "word" and token.text in COLUMNS_OF:
            raise DqdlError(token.line, f"a comma is missing before '{token.text}'; allowed: {_FRAME}")
    for token in rest:
        if token.kind == "text":
            parameters.append(re.sub(r'\\(["\\])', r"\1", token.text[1:-1]))
        elif token.kind != "word" or token.text in ("between", "in", "not", "matches", "where", "with"):
            break
        elif token.text.lower() not in ("of", "and"):
            parameters.append(token.text)
    conditions = [token for token in rest if token.kind == "sign" or token.text in ("between", "in", "matches")]
    return Rule(kind.text, kind.line, tuple(parameters), bool(conditions))


def _problems_of(rule: Rule, columns: Collection[str]) -> Iterator[DqdlError]:
    count = COLUMNS_OF.get(rule.type)
    if count is None:
        allowed = [name for name in COLUMNS_OF if name not in NOT_HERE]
        yield DqdlError(
            rule.line, f"'{rule.type}' is no rule type; allowed: {', '.join(allowed)}{nearest(rule.type, allowed)}"
        )
        return
    if rule.type in NOT_HERE:
        yield DqdlError(rule.line, f"{rule.type} {NOT_HERE[rule.type]}; allowed are rules over this table's rows")
        return
    named = rule.parameters[:count]
    if len(named) < (1 if count == MANY else count):
        wanted = "columns" if count > 1 else "column"
        yield DqdlError(rule.line, f'{rule.type} names no {wanted}; allowed: {rule.type} "column"')
    for name in named:
        if columns and name not in columns and rule.type != "ColumnExists":
            listed = ", ".join(columns)
            yield DqdlError(rule.line, f"{rule.type}: no column '{name}'; declared: {listed}{nearest(name, columns)}")
    if rule.type not in YES_OR_NO and not rule.has_condition:
        yield DqdlError(rule.line, f"{rule.type} says not what must hold; allowed: a condition after it, such as > 0.5")
