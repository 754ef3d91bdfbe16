"""Rulesets, read as AWS's own parser reads them: a test holds the two equal."""

from __future__ import annotations

import re
from typing import Final

from lake.dqdl.conditions import condition
from lake.dqdl.rule_types import COLUMNS_OF
from lake.dqdl.tokens import FRAME, Cursor, DqdlError, Token
from lake.dqdl.tree import Item, Joined, Node, Rule, Tag

_JOINED: Final = "(RULE) and (RULE), (RULE) or (RULE)"
# AWS's limit. `a and b and c` counts as `(a and b) and c`: a rule in it stands two deep.
MAX_DEPTH: Final = 5


def parse(text: str) -> tuple[Item, ...]:
    """Return the items of a ruleset. Raises DqdlError where it is none.

    Only the section Rules is read: the others give rules nothing that they could say of one table.
    """
    cursor = Cursor(text)
    if not cursor.takes("Rules", "=", "[") or cursor.peek().kind == "end" or cursor.sees("]"):
        raise DqdlError(0, f"must be rules in DQDL; allowed: {FRAME}")
    items = [_item(cursor)]
    while not cursor.takes("]"):
        if not cursor.takes(","):
            raise _after_a_rule(cursor.peek())
        items.append(_item(cursor))
    if cursor.peek().kind != "end":
        last = cursor.peek()
        wrong = f"'{last.text}' closes nothing" if last.text in ")]" else f"'{last.text}' stands after the rules"
        raise DqdlError(last.line, f"{wrong}; allowed: {FRAME}")
    return tuple(items)


def _item(cursor: Cursor) -> Item:
    start, first = cursor.position, cursor.peek()
    node = _either(cursor)
    if _depth(node) > MAX_DEPTH:
        raise DqdlError(first.line, f"rules are joined more than {MAX_DEPTH} deep; allowed: fewer in one, or several")
    return Item(cursor.since(start), first.line, node)


def _either(cursor: Cursor) -> Node:
    node = _both(cursor)
    while cursor.takes("or") or cursor.takes("OR"):
        node = Joined("or", node, _both(cursor))
    return node


def _both(cursor: Cursor) -> Node:
    node = _one(cursor)
    while cursor.takes("and") or cursor.takes("AND"):
        node = Joined("and", node, _one(cursor))
    return node


def _one(cursor: Cursor) -> Node:
    if not cursor.takes("("):
        return _rule(cursor)
    node = _either(cursor)
    if not cursor.takes(")"):
        raise _after_a_rule(cursor.peek(), inside=True)
    return node


def _depth(node: Node) -> int:
    return 0 if isinstance(node, Rule) else 1 + max(_depth(node.left), _depth(node.right))


def _after_a_rule(token: Token, *, inside: bool = False) -> DqdlError:
    """Return what is wrong where a rule is over, and `token` neither closes, ends nor joins it."""
    allowed = FRAME
    if token.kind == "end" or (inside and token.text in ("]", ",")):
        wrong = "a bracket is not closed"
    elif token.text in COLUMNS_OF:
        wrong = f"a comma is missing before '{token.text}'"
    elif token.text == ")":
        wrong = "')' closes nothing"
    elif token.text == "(":
        wrong, allowed = "a rule stands after another with nothing between them", _JOINED
    elif token.kind == "word":
        wrong, allowed = f"'{token.text}' does not join rules", _JOINED
    else:
        wrong = f"'{token.text}' stands where a rule is over"
    return DqdlError(token.line, f"{wrong}; allowed: {allowed}")


def _rule(cursor: Cursor) -> Rule:
    kind = cursor.take()
    if kind.kind == "end":
        raise DqdlError(kind.line, f"a bracket is not closed; allowed: {FRAME}")
    if kind.text in (",", "]", ")", "and", "AND", "or", "OR"):
        allowed = FRAME if kind.text in ",]" else _JOINED
        raise DqdlError(kind.line, f"a rule is missing before '{kind.text}'; allowed: {allowed}")
    if not kind.is_name:
        raise DqdlError(kind.line, f"'{kind.text}' is no rule type; allowed: {', '.join(COLUMNS_OF)}")
    parameters = _parameters(cursor)
    compared = condition(cursor)
    where = _where(cursor) if cursor.takes("where") else None
    tags: list[Tag] = []
    while cursor.takes("with"):
        tags.append(_tag(cursor))
    return Rule(kind.text, kind.line, parameters, compared, where, tuple(tags))


def _parameters(cursor: Cursor) -> tuple[str, ...]:
    """Return what stands between the type and its condition; `of` and `and` before a name belong to it."""
    parameters: list[str] = []
    while True:
        connector = cursor.peek().kind == "word" and cursor.peek().text in ("of", "OF", "and", "AND")
        token = cursor.peek(1 if connector else 0)
        if token.kind not in ("text", "date", "time") and not token.is_name:
            return tuple(parameters)
        if token.kind in ("date", "time"):
            raise DqdlError(token.line, f"{token.text} is a date or a time in DQDL; allowed is a column's name")
        if token.text in COLUMNS_OF:
            raise _join_or_comma(cursor.peek(), token) if connector else _after_a_rule(token)
        cursor.position += 2 if connector else 1
        parameters.append(_unescaped(token.unquoted) if token.kind == "text" else token.text)


def _join_or_comma(connector: Token, token: Token) -> DqdlError:
    message = f"'{connector.text}' before '{token.text}' would join columns; allowed: {_JOINED}"
    return DqdlError(connector.line, message)


def _where(cursor: Cursor) -> str:
    clause = cursor.take()
    if clause.kind != "text" or not clause.unquoted:
        allowed = 'where "column > 0", a condition in SQL'
        raise DqdlError(clause.line, f"'where' is followed by no condition; allowed: {allowed}")
    return clause.unquoted


def _tag(cursor: Cursor) -> Tag:
    name = cursor.take()
    compared = condition(cursor) if name.is_name else None
    if compared is None:
        message = "'with' is followed by no name and condition; allowed: with threshold > 0.9"
        raise DqdlError(name.line, message)
    return Tag(name.text, name.line, compared)


def _unescaped(text: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", text)
