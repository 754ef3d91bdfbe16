"""The words and signs of a text of rules, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

FRAME: Final = "Rules = [ RULE, … ]"

# Source: the lexer grammar inside AWS's parser (CommonLexerRules.g4 of software.amazon.glue:dqdl). As there, the first
# of two that match the same text wins: what looks like a date in quotes is a date.
_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\n]+|\#[^\n]*\n)
    |(?P<date>"\d{4}-\d\d-\d\d")
    |(?P<time>"(?:\d\d:\d\d|\d\d?:\d\d[ ][AP]M)")
    |(?P<text>"(?:\\["\\]|[^"])*")
    |(?P<number>\d+(?:\.\d+)?(?![\w.]))
    |(?P<now>now\(\))
    |(?P<word>[A-Za-z0-9_.]+)
    |(?P<sign>>=|<=|[][(){},=<>$+*/:!-])""",
    re.VERBOSE | re.ASCII,
)

KEYWORDS: Final = frozenset([
    "and", "AND", "or", "OR", "of", "OF", "null", "NULL", "empty", "EMPTY", "whitespaces_only", "WHITESPACES_ONLY",
    "between", "in", "not", "matches", "where", "with", "days", "hours", "minutes", "B", "KB", "MB", "GB", "TB",
    "Metadata", "DataSources", "Rules", "Analyzers",
])  # fmt: skip


class DqdlError(ValueError):
    """What is wrong in a text of rules; `line` counts from 0 in the text."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Token:
    """A part of the text. `kind` is that of the grammar, or `end`; `spaced`: something empty stands before it."""

    kind: str
    text: str
    line: int
    spaced: bool = False

    @property
    def is_name(self) -> bool:
        """Whether it can name a column or a rule type without quotes."""
        return self.kind == "word" and self.text not in KEYWORDS

    @property
    def unquoted(self) -> str:
        """The text between the quotes, as it stands there."""
        return self.text[1:-1]


class Cursor:
    """The tokens of a text in their order, looked at one by one. Raises DqdlError for what is no part of DQDL."""

    def __init__(self, text: str) -> None:
        self._tokens = [*_tokens(text), Token("end", "", text.rstrip("\n").count("\n"))]
        self.position = 0

    def peek(self, ahead: int = 0) -> Token:
        """Return the next token, or one further ahead; at the end, `end`."""
        return self._tokens[min(self.position + ahead, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Return the next token and go on after it."""
        token = self.peek()
        self.position += 1
        return token

    def sees(self, *texts: str) -> bool:
        """Whether the next tokens are these words or signs."""
        return all(
            self.peek(ahead).kind in ("word", "sign") and self.peek(ahead).text == text
            for ahead, text in enumerate(texts)
        )

    def takes(self, *texts: str) -> bool:
        """Go on after these words or signs where they are the next; return whether they are."""
        found = self.sees(*texts)
        self.position += len(texts) if found else 0
        return found

    def since(self, start: int) -> str:
        """Return the text from a position to here on one line, without comments."""
        return joined(self._tokens[start : self.position])


def joined(tokens: Sequence[Token]) -> str:
    """Return tokens as text, a blank where something empty stood between them."""
    return "".join(f" {each.text}" if each.spaced and at else each.text for at, each in enumerate(tokens))


def _tokens(text: str) -> Iterator[Token]:
    position, line, spaced = 0, 0, False
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise DqdlError(line, f"{_what(text[position])} is no part of DQDL; allowed: {FRAME}")
        if found.lastgroup == "space":
            spaced = True
        else:
            yield Token(str(found.lastgroup), found.group(), line, spaced)
            spaced = False
        line += found.group().count("\n")
        position = found.end()


def _what(character: str) -> str:
    match character:
        case '"':
            return "a quote that is not closed"
        case "#":
            return "a comment that no line end follows"
        case _:
            return f"'{character}'"
