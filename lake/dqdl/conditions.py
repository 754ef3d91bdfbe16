"""Conditions of rules: an operator, and values of one kind."""

from __future__ import annotations

from typing import Final

from lake.dqdl.tokens import Cursor, DqdlError, Token
from lake.dqdl.tree import Condition, Operator, Value, ValueKind

_VALUES: Final = "a number, a text or a date in quotes, NULL, EMPTY, WHITESPACES_ONLY"
_OPERATORS: Final = "= != < <= > >= between in matches"

# Values that may stand beside each other. The first that holds all of a condition's is what the condition is about.
_GROUPS: Final[tuple[frozenset[ValueKind], ...]] = (
    frozenset({"number", "expression", "null"}),
    frozenset({"text", "variable", "null", "empty", "whitespaces_only"}),
    frozenset({"date", "time", "now", "null"}),
    frozenset({"duration"}),
    frozenset({"size"}),
)
_KEYWORDS: Final[dict[str, ValueKind]] = {
    "null": "null", "NULL": "null", "empty": "empty", "EMPTY": "empty",
    "whitespaces_only": "whitespaces_only", "WHITESPACES_ONLY": "whitespaces_only",
}  # fmt: skip
_QUOTED: Final[dict[str, ValueKind]] = {"text": "text", "date": "date", "time": "time"}
_UNITS: Final[dict[str, ValueKind]] = {
    **dict.fromkeys(("days", "hours", "minutes"), "duration"),
    **dict.fromkeys(("B", "KB", "MB", "GB", "TB"), "size"),
}
_SINGLE: Final[tuple[Operator, ...]] = ("=", ">", ">=", "<", "<=")
_NOT_OF_TEXTS: Final = ("<", "<=", ">", ">=", "between", "not between")


def condition(cursor: Cursor) -> Condition | None:
    """Return the condition that stands next, or None where none does. Raises DqdlError where it is broken off."""
    if cursor.takes("!", "="):
        return _checked("!=", (_value(cursor),))
    for sign in _SINGLE:
        if cursor.takes(sign):
            return _checked(sign, (_value(cursor),))
    negated = cursor.takes("not")
    if cursor.takes("between"):
        low = _value(cursor)
        if not (cursor.takes("and") or cursor.takes("AND")):
            raise _unexpected(cursor.peek(), "between A and B")
        return _checked("not between" if negated else "between", (low, _value(cursor)))
    if cursor.takes("in"):
        return _checked("not in" if negated else "in", _list(cursor))
    if cursor.takes("matches"):
        pattern = cursor.take()
        if pattern.kind != "text":
            raise _unexpected(pattern, 'matches "regular expression"')
        value = Value("text", pattern.unquoted, pattern.line)
        return Condition("not matches" if negated else "matches", (value,))
    if negated or cursor.peek().text == "!":
        raise _unexpected(cursor.peek(), _OPERATORS)
    return None


def _list(cursor: Cursor) -> tuple[Value, ...]:
    if cursor.sees("$"):
        return (_value(cursor),)
    if not cursor.takes("["):
        raise _unexpected(cursor.peek(), "in [A, B, …]")
    values = [_value(cursor)]
    while cursor.takes(","):
        values.append(_value(cursor))
    if not cursor.takes("]"):
        raise _unexpected(cursor.peek(), "in [A, B, …]")
    return tuple(values)


def _checked(operator: Operator, values: tuple[Value, ...]) -> Condition:
    kinds = {value.kind for value in values}
    group = next((each for each in _GROUPS if kinds <= each), None)
    if group is None:
        line = next(value.line for value in values if value.kind != values[0].kind)
        raise DqdlError(line, f"'{operator}' mixes values of several kinds; allowed: all numbers, all texts, all dates")
    if operator in _NOT_OF_TEXTS and "text" in group:
        message = f"'{operator}' does not compare texts; allowed of them: = != in matches"
        raise DqdlError(values[0].line, message)
    return Condition(operator, values)


def _value(cursor: Cursor) -> Value:
    token = cursor.peek()
    if token.kind in _QUOTED:
        cursor.take()
        return Value(_QUOTED[token.kind], token.unquoted, token.line)
    if token.text in _KEYWORDS and token.kind == "word":
        cursor.take()
        return Value(_KEYWORDS[token.text], token.text, token.line)
    if cursor.takes("$"):
        return Value("variable", cursor.take().text, token.line)
    if token.kind == "now" or (token.text == "(" and cursor.peek(1).kind == "now"):
        return _now(cursor)
    unit = cursor.peek(1)
    if token.kind == "number" and "." not in token.text and unit.kind == "word" and unit.text in _UNITS:
        cursor.position += 2
        return Value(_UNITS[unit.text], f"{token.text} {unit.text}", token.line)
    return _number(cursor)


def _now(cursor: Cursor) -> Value:
    start = cursor.position
    first = cursor.take()
    if first.kind != "now":
        cursor.take()
        offset = [cursor.take() for _ in range(4)]
        shape = (offset[0].text in "+-", offset[1].kind == "number" and "." not in offset[1].text,
                 _UNITS.get(offset[2].text) == "duration", offset[3].text == ")")  # fmt: skip
        if not all(shape):
            raise _unexpected(offset[shape.index(False)], "(now() - 3 days)")
    return Value("now", cursor.since(start), first.line)


def _number(cursor: Cursor) -> Value:
    """Return a number, or an expression of several."""
    start, line = cursor.position, cursor.peek().line
    value = _factor(cursor)
    while cursor.peek().kind == "sign" and cursor.peek().text in ("+", "-", "*", "/"):
        cursor.take()
        _factor(cursor)
        value = Value("expression", cursor.since(start), line)
    return value


def _factor(cursor: Cursor) -> Value:
    token = cursor.peek()
    if cursor.takes("("):
        inner = _number(cursor)
        if not cursor.takes(")"):
            raise _unexpected(cursor.peek(), ")")
        return inner
    if token.is_name and cursor.peek(1).text == "(":
        return _call(cursor)
    negative = cursor.takes("-")
    number = cursor.take()
    if number.kind != "number":
        raise _unexpected(number, _VALUES)
    return Value("number", f"-{number.text}" if negative else number.text, token.line)


def _call(cursor: Cursor) -> Value:
    start, line = cursor.position, cursor.take().line
    cursor.take()
    if not cursor.takes(")"):
        _number(cursor)
        while cursor.takes(","):
            _number(cursor)
        if not cursor.takes(")"):
            raise _unexpected(cursor.peek(), ")")
    return Value("expression", cursor.since(start), line)


def _unexpected(token: Token, allowed: str) -> DqdlError:
    found = f"'{token.text}'" if token.text else "the end"
    return DqdlError(token.line, f"{found} stands where a condition goes on; allowed: {allowed}")
