"""Exclude patterns: an object is left out exactly when one of its target's globs matches its path below the target.

The grammar is AWS Glue's: `*` and `?` stay inside one path part, `**` crosses parts, `[abc]`, `[a-z]`, `[!a-c]` are one
character, `{csv,avro}` are alternatives without nesting, a backslash takes the next character as itself. A leading dot
is a character like any other.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from local.glue.crawlers.errors import InvalidDefinition


@dataclass(frozen=True)
class Exclusion:
    """One exclude pattern of a target."""

    glob: str

    @classmethod
    def parse(cls, glob: str) -> Self:
        """Read `glob`; raises InvalidDefinition where it is not a pattern."""
        exclusion = cls(glob)
        _ = exclusion._expression
        return exclusion

    def matches(self, path: str) -> bool:
        """Whether `path`, an object's key relative to the include path, is left out."""
        return self._expression.fullmatch(path) is not None

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile(_Translation(self.glob).run(), re.DOTALL)


class _Translation:
    """One walk over a glob, from left to right."""

    def __init__(self, glob: str) -> None:
        self.glob = glob
        self.at = 0
        self.in_group = False

    def run(self) -> str:
        parts = []
        while self.at < len(self.glob):
            parts.append(self._next())
        if self.in_group:
            raise self._invalid("a '{' is not closed")
        return "".join(parts)

    def _next(self) -> str:
        if self.glob.startswith("**", self.at):
            self.at += 2
            return ".*"
        character = self.glob[self.at]
        self.at += 1
        match character:
            case "*":
                return "[^/]*"
            case "?":
                return "[^/]"
            case "[":
                return self._class()
            case "\\":
                return re.escape(self._escaped())
            case "{":
                if self.in_group:
                    raise self._invalid("groups cannot be nested")
                self.in_group = True
                return "(?:"
            case "}" if self.in_group:
                self.in_group = False
                return ")"
            case "," if self.in_group:
                return "|"
        return re.escape(character)

    def _class(self) -> str:
        negated = self.glob.startswith("!", self.at)
        start = self.at + negated
        # A bracket that comes first is a member of the class, as everywhere in globs.
        end = self.glob.find("]", start + 1)
        if end < 0:
            raise self._invalid("a '[' is not closed")
        self.at = end + 1
        members = re.sub(r"([\\\[\]^&~|])", r"\\\1", self.glob[start:end])
        expression = f"(?!/)[{'^' if negated else ''}{members}]"
        try:
            re.compile(expression)
        except re.error as error:
            raise self._invalid(str(error)) from None
        return expression

    def _escaped(self) -> str:
        if self.at == len(self.glob):
            raise self._invalid("it ends in a backslash")
        self.at += 1
        return self.glob[self.at - 1]

    def _invalid(self, reason: str) -> InvalidDefinition:
        return InvalidDefinition(f"Targets.S3Targets.Exclusions: {self.glob!r} is not a pattern: {reason}")
