"""When a dataset's pipeline starts by itself: by the clock, or because objects arrived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Final
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from lake.config_model import ConfigModel
from lake.errors import nearest
from lake.schedule import parse

ALLOWED_SCHEDULES: Final = (
    "cron(minutes hours day-of-month month day-of-week year) and rate(value unit), such as "
    "cron(0 6 * * ? *) for each day at six, or rate(1 hour)"
)
# What Glue's EventBatchingCondition takes.
MAX_BATCH_SIZE: Final = 100
MAX_BATCH_WINDOW: Final = 900

_FIELDS_OF_CRON: Final = 5  # of a crontab; AWS adds the year


def _checked_schedule(text: str) -> str:
    """Return the expression unchanged, or raise ValueError that says what is wrong and what is nearest to it."""
    try:
        # Of AWS's third kind, at(…), a dataset has no use: it is due once.
        if not re.fullmatch(r"(?:cron|rate)\(.*\)", text):
            raise ValueError(f"'{text}' is no schedule")
        parse(text)
    except ValueError as error:
        right = next((each for each in _rewritten(text) if _is_right(each)), None)
        hint = f"; did you mean '{right}'?" if right else ""
        reason = str(error).rstrip(".")
        raise ValueError(f"{reason}; allowed: {ALLOWED_SCHEDULES}{hint}") from error
    return text


def _rewritten(text: str) -> Iterator[str]:
    """Yield what `text` may have been meant for: a crontab's line, both days given, a unit in the wrong number."""
    inner = text.strip().removesuffix(")").rpartition("(")[2].strip()
    rate = re.fullmatch(r"(\d+) *(minute|hour|day)s?", inner.lower())
    if rate:
        yield f"rate({rate[1]} {rate[2]}{'' if rate[1] == '1' else 's'})"
    fields = inner.split()
    if len(fields) == _FIELDS_OF_CRON:
        fields = [*fields, "*"]
    if len(fields) == _FIELDS_OF_CRON + 1:
        minute, hour, day, month, weekday, year = fields
        weekdays = [(day, "?"), ("?", weekday)] if weekday in ("*", "?") else [("?", weekday)]
        for days in weekdays:
            yield f"cron({minute} {hour} {days[0]} {month} {days[1]} {year})"


def _is_right(text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _checked_timezone(name: str) -> str:
    try:
        parse("rate(1 day)", name)
    except ValueError as error:
        raise ValueError(f"{str(error).rstrip('.')}{nearest(name, available_timezones())}") from error
    return name


ScheduleText = Annotated[
    str, AfterValidator(_checked_schedule), Field(json_schema_extra={"pattern": r"^(?:cron|rate)\(.+\)$"})
]
TimezoneName = Annotated[str, AfterValidator(_checked_timezone)]


class OnArrival(ConfigModel):
    """A run starts when so many objects have arrived, or so long after the first of them: whichever is first."""

    batch_size: Annotated[int, Field(ge=1, le=MAX_BATCH_SIZE)] = MAX_BATCH_SIZE
    """Objects."""
    batch_window: Annotated[int, Field(ge=1, le=MAX_BATCH_WINDOW)] = 300
    """Seconds."""
