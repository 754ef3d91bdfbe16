"""The words of an Expression: names, text, numbers and signs, as SQL has them."""

import re
from dataclasses import dataclass

from local.glue.errors import InvalidInput

KEYWORDS = ("AND", "BETWEEN", "DATE", "IN", "IS", "LIKE", "NOT", "NULL", "OR", "TIMESTAMP")
TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^']|'')*')
      | (?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+))(?![\w.])
      | (?P<quoted>`[^`]+`|"[^"]+")
      | (?P<word>[A-Za-z_]\w*)
      | (?P<sign><>|!=|<=|>=|=|<|>|\(|\)|,)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """One word. `kind`: text, number, name, keyword, sign or end; `value` without quotes, keywords in capitals."""

    kind: str
    value: str


def tokens(expression: str) -> list[Token]:
    """The words of `expression`, and an end. Raises InvalidInput where it is none of SQL's."""
    found, at = [], 0
    while expression[at:].strip():
        match = TOKEN.match(expression, at)
        if match is None:
            raise InvalidInput(f"Expression cannot be read from {expression[at:].strip()!r} on.")
        found.append(_token(str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return [*found, Token("end", "the end")]


def _token(kind: str, raw: str) -> Token:
    if kind == "text":
        return Token("text", raw[1:-1].replace("''", "'"))
    if kind == "quoted":
        return Token("name", raw[1:-1])
    if kind == "word":
        return Token("keyword", raw.upper()) if raw.upper() in KEYWORDS else Token("name", raw)
    return Token(kind, raw)
