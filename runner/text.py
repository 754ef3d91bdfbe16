"""Text that came from elsewhere, made safe for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def printable(value: object) -> str:
    """Return `value` as text whose control characters are written out: data cannot steer the terminal."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else char.encode("unicode_escape").decode() for char in str(value)
    )


def on_one_line(value: object, limit: int = 200) -> str:
    """Return `value` as one printable line of at most `limit` characters."""
    line = printable(value).replace("\n", " ").replace("\t", " ")
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def say(console: Console, text: object = "", **style: Any) -> None:
    """Print `text` as it is: no markup, no wrapping, no control characters."""
    console.print(printable(text), markup=False, highlight=False, soft_wrap=True, emoji=False, **style)
