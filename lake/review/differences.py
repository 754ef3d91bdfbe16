"""What differs between two values of a template, leaf by leaf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lake.review.template import Json, parsed, same

# What tells the elements of a list apart, by any of these: tags, rules of a bucket's lifecycle, statements, policies.
_IDENTITIES: Final = ("Key", "Id", "Sid", "PolicyName", "Name", "name")


class _Absent:
    def __repr__(self) -> str:
        return "nothing"


ABSENT: Final = _Absent()
"""Stands for a value that is not there."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One leaf that differs: `path` as in `Rules[Housekeeping].Status`; either side may be ABSENT."""

    path: str
    before: Any
    after: Any


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Yield each leaf that differs. Text that holds JSON is compared by what it holds."""
    before, after = parsed(before), parsed(after)
    if same(before, after):
        return
    # What is new or gone is told leaf by leaf too.
    if isinstance(before, dict) or isinstance(after, dict):
        mine, other = _members(before), _members(after)
        if mine is not None and other is not None:
            yield from _of_members(mine, other, path)
            return
    if isinstance(before, list) or isinstance(after, list):
        old, new = _elements(before), _elements(after)
        if old is not None and new is not None:
            yield from _of_elements(old, new, path)
            return
    yield Difference(path, before, after)


def _members(value: Any) -> Json | None:
    if value is ABSENT:
        return {}
    return value if isinstance(value, dict) else None


def _elements(value: Any) -> list[Any] | None:
    if value is ABSENT:
        return []
    return value if isinstance(value, list) else None


def _of_members(before: Json, after: Json, path: str) -> Iterator[Difference]:
    for name in [*before, *(name for name in after if name not in before)]:
        inner = f"{path}.{name}" if path else name
        yield from differences(before.get(name, ABSENT), after.get(name, ABSENT), inner)


def _of_elements(before: list[Any], after: list[Any], path: str) -> Iterator[Difference]:
    for identity in _IDENTITIES:
        old, new = _by(identity, before), _by(identity, after)
        if old is not None and new is not None:
            for name in [*old, *(name for name in new if name not in old)]:
                yield from differences(old.get(name, ABSENT), new.get(name, ABSENT), f"{path}[{name}]")
            if list(old) != list(new) and sorted(old) == sorted(new):
                yield Difference(f"{path} (order)", ", ".join(old), ", ".join(new))
            return
    if len(before) == len(after) and any(isinstance(each, dict | list) for each in (*before, *after)):
        for position, (left, right) in enumerate(zip(before, after, strict=True)):
            yield from differences(left, right, f"{path}[{position}]")
        return
    yield Difference(path, before or ABSENT, after or ABSENT)


def _by(identity: str, elements: list[Any]) -> Json | None:
    """Return the elements by what tells them apart; None where that does not."""
    if not all(isinstance(each, dict) and isinstance(each.get(identity), str) for each in elements):
        return None
    found = {each[identity]: each for each in elements}
    return found if len(found) == len(elements) else None
