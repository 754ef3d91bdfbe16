"""Errors that a user can put right by editing a file or a command. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable
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
