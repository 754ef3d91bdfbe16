"""How long a dataset may go without a run that publishes, before it is told."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

# CloudWatch looks back at most 7 days where a period is an hour ('Alarm evaluation', CloudWatch guide).
MAX_HOURS: Final = 7 * 24
ALLOWED: Final = "whole hours up to 168h, or days up to 7d: CloudWatch looks back 7 days at most"
_AGE: Final = re.compile(r"(?P<number>[1-9]\d{0,2})(?P<unit>[hd])")


def hours_of(text: str) -> int:
    """Return the hours that `text`, such as 36h or 2d, means. Raises ValueError for what CloudWatch cannot watch."""
    match = _AGE.fullmatch(text)
    hours = int(match["number"]) * {"h": 1, "d": 24}[match["unit"]] if match else 0
    if not 1 <= hours <= MAX_HOURS:
        raise ValueError(f"'{text}' is no age that can be watched; allowed: {ALLOWED}")
    return hours


def _checked(text: str) -> str:
    hours_of(text)
    return text


_pattern: Final[dict[str, Any]] = {"pattern": r"^[1-9]\d{0,2}[hd]$"}
MaxAge = Annotated[str, AfterValidator(_checked), Field(json_schema_extra=_pattern)]
