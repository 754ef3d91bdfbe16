"""Values as text in Markdown: nothing in them is taken for markup, and what is long is cut where it is the same."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from lake.review.differences import ABSENT

LONGEST: Final = 160
_AROUND: Final = 30


def code(text: str) -> str:
    """Return `text` as code; whatever it holds stays text, on one line."""
    line = re.sub(r"\s+", " ", text).strip()
    fence = "`" * (max((len(run) for run in re.findall(r"`+", line)), default=0) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def value(held: Any) -> str:
    """Return a value as code, or what stands for none."""
    return "nothing" if held is ABSENT else code(_cut(_plain(held)))


def arrow(before: Any, after: Any) -> str:
    """Return `before → after`; of two long texts the part that differs, with a little around it."""
    if isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > LONGEST:
        start = _common(before, after)
        end = _common(before[start:][::-1], after[start:][::-1])
        before, after = (_window(text, start, len(text) - end) for text in (before, after))
    return f"{value(before)} → {value(after)}"


def _common(left: str, right: str) -> int:
    return next(
        (at for at, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), min(len(left), len(right))
    )


def _window(text: str, start: int, end: int) -> str:
    first, last = max(start - _AROUND, 0), min(end + _AROUND, len(text))
    return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")


def _plain(held: Any) -> str:
    if isinstance(held, str):
        return held or '""'
    if isinstance(held, list) and all(isinstance(each, str) for each in held):
        return ", ".join(held)
    return json.dumps(held, sort_keys=True)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"
