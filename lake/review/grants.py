"""What policies allow and deny, one action on one resource each, so that two policies can be compared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lake.review.template import Json

ANYONE: Final = "*"
# Operators that a further value makes stricter, not wider.
_NEGATIVE: Final = "not"
_ITSELF: Final = "itself"
# Actions that take no resource, and the condition key that says instead what they may touch
# (service authorization reference, CloudWatch).
_NARROWED_BY: Final = {"cloudwatch:PutMetricData": "cloudwatch:namespace"}


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action on one resource; `who` is empty in a role's own policy, `only_if` JSON of the condition or empty."""

    effect: str
    who: str
    action: str
    resource: str
    only_if: str

    def covers(self, other: Grant) -> bool:
        """Tell whether all that `other` says of a request is said by this one too."""
        return (
            self.effect == other.effect
            and _matches(self.who, other.who)
            and _matches(self.action.lower(), other.action.lower())
            and _matches(self.resource, other.resource)
            and _as_wide(self.only_if, other.only_if)
        )


def grants(resource: Json) -> list[Grant]:
    """Return what the policies inside a resource say, wherever in it they stand."""
    return sorted(set(_found(resource.get("Properties", {}))))


def widened(before: Iterable[Grant], after: Iterable[Grant]) -> list[Grant]:
    """Return what is allowed now and was not, and the denials that no longer hold."""
    old, new = list(before), list(after)
    allowed = [one for one in new if one.effect == "Allow" and not any(each.covers(one) for each in old)]
    undenied = [one for one in old if one.effect == "Deny" and not any(each.covers(one) for each in new)]
    return [*allowed, *undenied]


def is_wide(grant: Grant, *, of_a_role: bool) -> bool:
    """Tell whether a new grant deserves a look though nothing had it before: all actions, all things, or anyone."""
    if grant.effect != "Allow":
        return False
    if grant.who:
        return ANYONE in grant.who or not grant.who.startswith("Service ")
    if grant.action.rpartition(":")[2] == "*":
        return of_a_role
    narrowed = _NARROWED_BY.get(grant.action)
    return of_a_role and grant.resource == "*" and (narrowed is None or f'"{narrowed}"' not in grant.only_if)


def sentences(found: Iterable[Grant]) -> list[str]:
    """Return grants in words, those that differ in their action or resource alone put together."""
    by_rest: dict[tuple[str, str, str, str], list[str]] = {}
    for one in found:
        by_rest.setdefault((one.effect, one.who, one.resource, one.only_if), []).append(one.action)
    by_actions: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for (effect, who, resource, only_if), actions in by_rest.items():
        by_actions.setdefault((effect, who, only_if, tuple(actions)), []).append(resource)
    return [
        f"{effect.lower()}{f' {who}' if who else ''}: {', '.join(actions)} on {', '.join(on)}"
        + (f" if {only_if}" if only_if else "")
        for (effect, who, only_if, actions), on in by_actions.items()
    ]


def _found(value: Any) -> Iterator[Grant]:
    if isinstance(value, list):
        for each in value:
            yield from _found(each)
    if not isinstance(value, dict):
        return
    if "Statement" in value:
        for statement in _list(value["Statement"]):
            yield from _of_statement(statement)
        return
    for each in value.values():
        yield from _found(each)


def _of_statement(statement: Json) -> Iterator[Grant]:
    condition = statement.get("Condition")
    only_if = json.dumps(condition, sort_keys=True) if condition else ""
    for who in _principals(statement):
        for action in _named(statement, "Action"):
            for resource in _named(statement, "Resource"):
                yield Grant(statement["Effect"], who, action, resource, only_if)


def _principals(statement: Json) -> list[str]:
    for name, prefix in (("Principal", ""), ("NotPrincipal", "not ")):
        held = statement.get(name)
        if isinstance(held, str):
            return [prefix + held]
        if held is not None:
            return [
                # The account that is everyone is everyone.
                ANYONE if who == ANYONE and not prefix else f"{prefix}{kind} {who}"
                for kind, every in held.items()
                for who in _list(every)
            ]
    return [""]


def _named(statement: Json, element: str) -> list[str]:
    """The actions or resources of a statement. `Not…` is one name of its own, that only itself covers."""
    if element in statement:
        return [str(each) for each in _list(statement[element])]
    if f"Not{element}" in statement:
        return ["not " + " or ".join(sorted(map(str, _list(statement[f"Not{element}"]))))]
    return [_ITSELF]  # a trust policy is about its role


def _matches(pattern: str, text: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _as_wide(old: str, new: str) -> bool:
    """Tell whether a condition holds wherever another does: it asks less, or the same of more values."""
    if old in ("", new):
        return True
    if not new:
        return False
    mine, other = json.loads(old), json.loads(new)
    for operator, keys in mine.items():
        for key, values in keys.items():
            asked = other.get(operator, {}).get(key)
            if asked is None:
                return False
            wanted, had = set(map(str, _list(asked))), set(map(str, _list(values)))
            if wanted != had and (_NEGATIVE in operator.lower() or not wanted <= had):
                return False
    return True


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
