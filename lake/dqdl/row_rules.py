"""Rules over single rows: which there are, what each may say of a column, and what the job gets of them.

The job compiles what `resolved` returns to Spark expressions, which must give what deequ's row outcomes give. What
deequ gets wrong, or evaluates by the clock, is refused here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from lake.dqdl.checked_text import data_type, date_problem, pattern_problem, text_problem, where_problem
from lake.dqdl.parser import parse
from lake.dqdl.rule_types import COLUMNS_OF, NOT_HERE
from lake.dqdl.table_rules import column_problems
from lake.dqdl.tokens import DqdlError
from lake.dqdl.tree import Condition, Node, Rule, Value, ValueKind
from lake.errors import nearest

ROW_TYPES: Final = ("IsComplete", "ColumnValues", "ColumnLength", "ColumnDataType")
_ALLOWED: Final = ", ".join(ROW_TYPES)
_NEAREST: Final = {"Completeness": "IsComplete", "ColumnExists": "IsComplete"}

# Of what kind the values of a column are, by its type's name in Spark.
_KINDS: Final = {
    **dict.fromkeys(("int", "bigint", "float", "double", "decimal"), "number"),
    **dict.fromkeys(("date", "timestamp"), "date"),
    "string": "text",
}
# What a column of a kind may be compared with. Deequ compares others by casts that are seldom meant, or not at all.
_COMPARED_WITH: Final = {
    "number": "numbers, NULL",
    "date": 'dates such as "2024-01-31", NULL',
    "text": 'texts in quotes, NULL, EMPTY, WHITESPACES_ONLY, matches "regular expression"',
    "null": '= NULL, != NULL; what else holds of it may stand in where "…"',
}
_VALUE_KINDS: Final[dict[ValueKind, str]] = {
    "number": "number", "text": "text", "empty": "text", "whitespaces_only": "text", "date": "date", "null": "null",
}  # fmt: skip
_WITH_NULL: Final = ("=", "!=", "in", "not in")


def row_problems(text: str, types: Mapping[str, str]) -> Iterator[DqdlError]:
    """Yield what is wrong in row rules over columns of `types`; with none, columns are not looked at."""
    try:
        items = parse(text)
    except DqdlError as error:
        yield error
        return
    seen: set[str] = set()
    for item in items:
        if item.text in seen:
            yield DqdlError(item.line, f"'{item.text}' is given twice; allowed is once")
        seen.add(item.text)
        for rule in item.rules():
            yield from _problems_of(rule, types)


def resolved(text: str) -> list[dict[str, Any]]:
    """Return valid row rules as the job gets them: plain JSON, `rule` the text and `holds` what must hold of a row."""
    return [{"rule": item.text, "holds": _holds(item.node)} for item in parse(text)]


def _problems_of(rule: Rule, types: Mapping[str, str]) -> Iterator[DqdlError]:
    if rule.type not in ROW_TYPES:
        yield DqdlError(rule.line, _other_type(rule.type))
        return
    yield from column_problems(rule, types)
    for surplus in rule.parameters[1:]:
        yield DqdlError(rule.line, f"{rule.type} is about one column; '{surplus}' is a second: allowed is a rule each")
    for tag in rule.tags:
        if tag.name == "threshold":
            yield DqdlError(tag.line, "a threshold is a share of many rows; allowed in row_rules: none")
        elif (rule.type, tag.name) != ("ColumnDataType", "format"):
            yield DqdlError(tag.line, f"{rule.type} has no '{tag.name}'; allowed: with format, of ColumnDataType")
    if rule.where is not None and (problem := where_problem(rule.where, types)):
        yield DqdlError(rule.line, f"where: {problem}")
    yield from (DqdlError(rule.line, f"{rule.type}: {problem}") for problem in _condition_problems(rule, types))


def _other_type(name: str) -> str:
    allowed = f"allowed in row_rules: {_ALLOWED}"
    if name not in COLUMNS_OF:
        return f"'{name}' is no rule type; {allowed}{nearest(name, ROW_TYPES)}"
    if name in ("IsUnique", "IsPrimaryKey", "Uniqueness"):
        return f"{name} compares rows, and each is seen alone, once; {allowed}; or use key, or table_rules"
    if name in NOT_HERE:
        return f"{name} {NOT_HERE[name]}; {allowed}"
    hint = f"; did you mean '{_NEAREST[name]}'?" if name in _NEAREST else ""
    return f"{name} is about all rows together; {allowed}; it may stand in table_rules{hint}"


def _condition_problems(rule: Rule, types: Mapping[str, str]) -> Iterator[str]:
    condition = rule.condition
    column = rule.parameters[0] if rule.parameters else ""
    if rule.type == "IsComplete":
        if condition is not None:
            yield 'it has no condition; allowed: IsComplete "column"'
        return
    if condition is None:
        yield f"it says not what must hold; allowed: a condition after it, such as {_EXAMPLES[rule.type]}"
        return
    match rule.type:
        case "ColumnValues":
            yield from _value_problems(condition, column, types.get(column))
        case "ColumnLength":
            yield from _length_problems(condition)
        case "ColumnDataType":
            yield from _data_type_problems(rule, condition)
    if rule.type != "ColumnValues" and types.get(column, "string") != "string":
        yield f"'{column}' is of type {types[column]}; allowed is a column of type string"


_EXAMPLES: Final = {"ColumnValues": "> 0", "ColumnLength": "<= 20", "ColumnDataType": '= "Integer"'}


def _value_problems(condition: Condition, column: str, column_type: str | None) -> Iterator[str]:
    yield from (problem for value in condition.values if (problem := _value_problem(condition.operator, value)))
    kind = kind_of(condition)
    if column_type is None or kind is None:
        return
    wanted = _KINDS.get(column_type.partition("(")[0], "null")
    if kind not in ("null", wanted):
        but = ", and in DQDL that is a date" if (kind, wanted) == ("date", "text") else ""
        yield f"'{column}' is of type {column_type}{but}; allowed: {_COMPARED_WITH[wanted]}"


def _value_problem(operator: str, value: Value) -> str | None:
    """Return what is wrong with one of the values that a column is compared with."""
    match value.kind:
        case "now":
            return f'{value.text} gives other rows another day, of the same bytes; allowed: a date such as "2024-01-31"'
        case "time":
            return f'"{value.text}" is a time of an unknown day; allowed: a date such as "2024-01-31"'
        case "expression":
            return f"'{value.text}' is to be calculated; allowed: a number"
        case "variable":
            return f"'${value.text}' is a variable; allowed: its values, written out"
        case "duration" | "size":
            return f"'{value.text}' has a unit; allowed: a number"
        case "null" if operator not in _WITH_NULL:
            return f"'{operator}' does not compare with NULL; allowed: = != in"
        case "number" if float(value.text) in (float("inf"), float("-inf")):
            return "a number is too large; allowed: up to 1.7e308"
        case "date":
            return date_problem(value.text)
        case "text" if operator.endswith("matches"):
            return pattern_problem(value.text)
        case "text":
            return text_problem(_unescaped(value.text))
    return None


def _length_problems(condition: Condition) -> Iterator[str]:
    if any(value.kind != "number" for value in condition.values):
        yield "a length is compared with something else; allowed: numbers"
    elif condition.operator in ("not in", "not between") and any(float(each.text) == 0 for each in condition.values):
        # Deequ's SQL for it begins `column IS NOT NULL OR`.
        yield f"with 0, deequ takes '{condition.operator}' to hold of every text; allowed: other numbers, and > 0"


def _data_type_problems(rule: Rule, condition: Condition) -> Iterator[str]:
    (value, *_) = condition.values
    if condition.operator not in ("=", "!=") or value.kind != "text":
        yield 'a type is compared in another way; allowed: = "TYPE", != "TYPE"'
        return
    formats = [tag for tag in rule.tags if tag.name == "format"]
    values = [tag.condition.values[0] for tag in formats if tag.condition.operator == "="]
    if len(formats) > 1 or len(values) != len(formats) or any(each.kind != "text" for each in values):
        yield 'its format is not one text; allowed: with format = "dd/MM/yyyy"'
        return
    try:
        data_type(value.text, values[0].text if values else None)
    except ValueError as error:
        yield str(error)


def kind_of(condition: Condition) -> str | None:
    """Return what a condition compares with: number, text, date, or null for NULL alone; None: with nothing here."""
    kinds = {_VALUE_KINDS.get(value.kind) for value in condition.values}
    others = kinds - {"null"}
    return "null" if not others else others.pop()


def _holds(node: Node) -> dict[str, Any]:
    if isinstance(node, Rule):
        return _rule(node)
    return {node.operator: [_holds(node.left), _holds(node.right)]}


def _rule(rule: Rule) -> dict[str, Any]:
    leaf: dict[str, Any] = {"type": rule.type, "column": rule.parameters[0], "where": rule.where}
    condition = rule.condition
    if condition is None:
        return leaf
    leaf["operator"] = condition.operator
    if rule.type == "ColumnDataType":
        formats = [tag.condition.values[0].text for tag in rule.tags]
        return leaf | asdict(data_type(condition.values[0].text, formats[0] if formats else None))
    leaf["kind"] = kind_of(condition)
    leaf["values"] = [
        _plain(condition, value) for value in condition.values if value.kind in ("number", "text", "date")
    ]
    leaf["keywords"] = sorted({each.kind for each in condition.values if each.kind not in ("number", "text", "date")})
    return leaf


def _plain(condition: Condition, value: Value) -> float | str:
    if value.kind == "number":
        return float(value.text)
    # A pattern is Java's as it stands: there a backslash before a quote is no harm.
    return value.text if condition.operator.endswith("matches") else _unescaped(value.text)


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"')
