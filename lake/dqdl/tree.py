"""Rules as they were read: what the parser makes of a text, and all that the checks look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Operator = Literal[
    "=", "!=", "<", "<=", ">", ">=", "between", "not between", "in", "not in", "matches", "not matches"
]  # fmt: skip
ValueKind = Literal[
    "number", "text", "date", "time", "now", "null", "empty", "whitespaces_only",
    "expression", "variable", "duration", "size",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """What a column or a statistic is compared with; `text` of a quoted one is what stands between the quotes."""

    kind: ValueKind
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold: an operator and its values; `between` has two, `in` any number, every other one."""

    operator: Operator
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """`with NAME CONDITION`, such as a threshold or the format of a date."""

    name: str
    line: int
    condition: Condition


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its type, its parameters without quotes, and what may follow them."""

    type: str
    line: int
    parameters: tuple[str, ...] = ()
    condition: Condition | None = None
    where: str | None = None
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """Two rules, or joined ones, with `and` or `or` between them."""

    operator: Literal["and", "or"]
    left: Node
    right: Node


Node = Rule | Joined


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the list of rules; `text` is it as written, on one line."""

    text: str
    line: int
    node: Node

    def rules(self) -> Iterator[Rule]:
        """Yield its rules one by one, as they are written."""
        return _rules(self.node)


def _rules(node: Node) -> Iterator[Rule]:
    if isinstance(node, Rule):
        yield node
        return
    yield from _rules(node.left)
    yield from _rules(node.right)
