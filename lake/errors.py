"""Errors that a user can put right by editing a file or a command. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches


class ConfigError(Exception):
    """Names what is wrong in the configuration, where, and what is allowed; its text needs no traceback."""


def unknown_name(kind: str, name: str, known: Iterable[str]) -> ConfigError:
    """Return the error for a name that does not exist; it lists the known ones and the nearest of them."""
    choices = sorted(known)
    listed = ", ".join(choices) or "none"
    return ConfigError(f"unknown {kind} '{name}'; known: {listed}{nearest(name, choices)}")


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return '; did you mean …?' for a name that is nearly one of `choices`, else an empty string."""
    found = get_close_matches(name, list(choices), n=1)
    return f"; did you mean '{found[0]}'?" if found else ""


class Gathered:
    """Errors of several steps, told at once: `with gathered.step(): …` each, then `raise_all`."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    @contextmanager
    def step(self) -> Iterator[None]:
        """Keep the text of a ConfigError that is raised in the block, and go on after it."""
        try:
            yield
        except ConfigError as error:
            self._texts.append(str(error))

    def add(self, text: str) -> None:
        """Keep one more error's text."""
        self._texts.append(text)

    def raise_all(self) -> None:
        """Raise one ConfigError with all texts, a line each, where there are any."""
        if self._texts:
            raise ConfigError("\n".join(self._texts))
