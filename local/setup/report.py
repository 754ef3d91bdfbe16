"""Tells what is being done and how long it took, a line each, as it happens. Standard library only."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """Print `text` at once, also into a pipe."""
    print(text, flush=True)


@contextmanager
def step(title: str, doing: str) -> Iterator[None]:
    """Announce the step, and say how many seconds it took when it has succeeded."""
    say(f"▸ {title}: {doing}")
    started = time.monotonic()
    yield
    say(f"✓ {title}: {time.monotonic() - started:.1f} s")
