"""Durations as people write them: 45m, 90s, 1h30m."""

from __future__ import annotations

import re
from typing import Final

from runner.errors import WrongUse

_DURATION: Final = re.compile(r"(?=\d)(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?(?:(?P<s>\d+)s)?")
_SECONDS: Final = {"h": 3600, "m": 60, "s": 1}


def parse_duration(option: str, text: str) -> float:
    """Return the seconds of `text`. Raises WrongUse, naming the option, for what is none above zero."""
    match = _DURATION.fullmatch(text)
    seconds = sum(int(match[unit] or 0) * _SECONDS[unit] for unit in _SECONDS) if match else 0
    if seconds <= 0:
        raise WrongUse(f"{option} '{text}': allowed are durations like 90s, 45m, 1h30m")
    return float(seconds)


def in_words(seconds: float) -> str:
    """Return a duration as people read it: 4.2 s, 37 s, 12 min 5 s, 1 h 30 min."""
    if seconds < 10:
        return f"{max(seconds, 0):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    minutes = whole % 3600 // 60
    return f"{whole // 3600} h {minutes} min" if minutes else f"{whole // 3600} h"
