"""GetPartitions' Expression: SQL's WHERE over the partition keys, by their types.

`=`, `<>`, `!=`, `<`, `<=`, `>`, `>=`, AND, OR, NOT, IN, BETWEEN, LIKE and IS NULL (AWS Glue API, GetPartitions). A
value is quoted or not, as the type of its key asks. What is compared with NULL is unknown, and is not returned.
"""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from local.glue.data_catalog.key_types import TEXT, Value, literal, stored, type_of
from local.glue.data_catalog.tokens import Token, tokens
from local.glue.errors import InvalidInput
from local.glue.requests import Request

# What a condition says of a row: None is SQL's unknown.
Truth = bool | None
Row = Sequence[str]
Condition = Callable[[Row], Truth]

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Key:
    """A partition key: where its value stands among a partition's, and its type."""

    at: int
    name: str
    type: str

    def of(self, row: Row) -> Value | None:
        """The value of this key in a partition."""
        return stored(row[self.at], self.type)


def predicate(expression: str, partition_keys: Sequence[Request]) -> Callable[[Row], bool]:
    """Whether an Expression holds, for a partition's values in the order of `partition_keys`.

    Raises InvalidInput, before any partition is looked at, for what is not SQL, names no key, or does not fit its type.
    """
    condition = _Parser(expression, partition_keys).parse()
    return lambda row: condition(row) is True


class _Parser:
    """Recursive descent, a method a rule of the grammar."""

    def __init__(self, expression: str, partition_keys: Sequence[Request]) -> None:
        self._keys = {key["Name"].lower(): (at, key) for at, key in enumerate(partition_keys)}
        self._tokens = tokens(expression)
        self._at = 0

    def parse(self) -> Condition:
        condition = self._or()
        if self._next.kind != "end":
            raise self._unexpected("AND, OR or the end")
        return condition

    def _or(self) -> Condition:
        parts = [self._and()]
        while self._take("keyword", "OR"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else lambda row: _any([part(row) for part in parts])

    def _and(self) -> Condition:
        parts = [self._not()]
        while self._take("keyword", "AND"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else lambda row: _all([part(row) for part in parts])

    def _not(self) -> Condition:
        if self._take("keyword", "NOT"):
            return _negated(self._not())
        if self._take("sign", "("):
            condition = self._or()
            self._expect("sign", ")")
            return condition
        return self._test()

    def _test(self) -> Condition:
        if self._next.kind != "name":
            return self._mirrored()
        key = self._key()
        if self._next.kind == "sign" and self._next.value in COMPARISONS:
            return self._compared(key, self._take_next().value)
        if self._take("keyword", "IS"):
            negated = self._take("keyword", "NOT")
            self._expect("keyword", "NULL")
            return lambda row: (key.of(row) is None) is not negated
        negated = self._take("keyword", "NOT")
        condition = self._between_in_or_like(key)
        return _negated(condition) if negated else condition

    def _mirrored(self) -> Condition:
        """A comparison whose value stands before its key."""
        value = self._value()
        if self._next.kind != "sign" or self._next.value not in COMPARISONS:
            raise self._unexpected(", ".join(COMPARISONS))
        sign = self._take_next().value
        key = self._key()
        return _comparison(key, MIRRORED.get(sign, sign), literal(value, key.type))

    def _compared(self, key: Key, sign: str) -> Condition:
        if self._next.kind != "name":
            return _comparison(key, sign, literal(self._value(), key.type))
        other = self._key()
        if key.type != other.type:
            raise InvalidInput(f"Expression compares {key.name}, a {key.type}, with {other.name}, a {other.type}.")
        compare = COMPARISONS[sign]

        def holds(row: Row) -> Truth:
            left, right = key.of(row), other.of(row)
            return None if left is None or right is None else compare(left, right)

        return holds

    def _between_in_or_like(self, key: Key) -> Condition:
        if self._take("keyword", "BETWEEN"):
            low = literal(self._value(), key.type)
            self._expect("keyword", "AND")
            high = literal(self._value(), key.type)
            above, below = _comparison(key, ">=", low), _comparison(key, "<=", high)
            return lambda row: _all([above(row), below(row)])
        if self._take("keyword", "IN"):
            self._expect("sign", "(")
            options = [literal(self._value(), key.type)]
            while self._take("sign", ","):
                options.append(literal(self._value(), key.type))
            self._expect("sign", ")")
            return lambda row: None if (value := key.of(row)) is None else value in options
        if self._take("keyword", "LIKE"):
            return self._like(key)
        raise self._unexpected("a comparison, IS, BETWEEN, IN or LIKE")

    def _like(self, key: Key) -> Condition:
        if key.type not in TEXT:
            raise InvalidInput(f"LIKE in the Expression is for text; {key.name} is a {key.type}.")
        if self._next.kind != "text":
            raise self._unexpected("text in quotes")
        parts = {"%": ".*", "_": "."}
        pattern = re.compile("".join(parts.get(one, re.escape(one)) for one in self._take_next().value), re.DOTALL)
        return lambda row: None if (value := key.of(row)) is None else pattern.fullmatch(str(value)) is not None

    def _key(self) -> Key:
        if self._next.kind != "name":
            raise self._unexpected("a partition key")
        name = self._take_next().value.lower()
        if name not in self._keys:
            known = ", ".join(self._keys) or "none"
            raise InvalidInput(f"Expression names {name}, which is no partition key; there are {known}.")
        at, key = self._keys[name]
        return Key(at, name, type_of(key.get("Type") or "string"))

    def _value(self) -> str:
        if self._next.kind == "keyword" and self._next.value in ("DATE", "TIMESTAMP"):
            self._take_next()
            if self._next.kind != "text":
                raise self._unexpected("text in quotes")
        if self._next.kind not in ("text", "number"):
            raise self._unexpected("a value")
        return self._take_next().value

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take_next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, kind: str, value: str) -> bool:
        found = self._next == Token(kind, value)
        self._at += found
        return found

    def _expect(self, kind: str, value: str) -> None:
        if not self._take(kind, value):
            raise self._unexpected(value)

    def _unexpected(self, wanted: str) -> InvalidInput:
        return InvalidInput(f"Expression has {self._next.value} where {wanted} must stand.")


def _comparison(key: Key, sign: str, value: Value) -> Condition:
    compare = COMPARISONS[sign]
    return lambda row: None if (found := key.of(row)) is None else compare(found, value)


def _negated(condition: Condition) -> Condition:
    return lambda row: None if (truth := condition(row)) is None else not truth


def _all(truths: Sequence[Truth]) -> Truth:
    if False in truths:
        return False
    return None if None in truths else True


def _any(truths: Sequence[Truth]) -> Truth:
    if True in truths:
        return True
    return None if None in truths else False
