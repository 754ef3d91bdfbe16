"""AWS's schedule expressions: `cron(…)`, `rate(…)` and `at(…)`, and when they are due.

Rules from the EventBridge guide ("Cron expressions reference") and the EventBridge Scheduler guide ("Schedule
types"); Glue's triggers and crawlers take the same `cron(…)`, in UTC.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_LAST_YEAR_OF_CRONITER = 2099  # AWS's is 2199
_LONGEST_WAIT_YEARS = _LAST_YEAR_OF_CRONITER - 1970


class Schedule(ABC):
    """Times, each a whole second, at which something is due."""

    @abstractmethod
    def next(self, after: datetime) -> datetime | None:
        """The first time later than `after`, in UTC; None where there is none. `after` must have a time zone."""


@dataclass(frozen=True)
class Rate(Schedule):
    """Every `interval`, counted from the time given to `next`: the caller keeps the first one (a start date)."""

    interval: timedelta

    def next(self, after: datetime) -> datetime:
        """`interval` after `after`."""
        return after.astimezone(UTC) + self.interval


@dataclass(frozen=True)
class At(Schedule):
    """Once."""

    time: datetime

    def next(self, after: datetime) -> datetime | None:
        """The one time, where it is still to come."""
        return self.time if self.time > after else None


@dataclass(frozen=True)
class Cron(Schedule):
    """The minutes that match `expression`, croniter's, on the clock of `zone`.

    Where that clock jumps forward the minutes left out are never due, and where it goes back the repeated ones are
    due once: EventBridge Scheduler's rule for daylight saving time.
    """

    expression: str
    zone: ZoneInfo

    def next(self, after: datetime) -> datetime | None:
        """The first matching minute; None where the years of the expression are over, or no day matches."""
        # Only here: who checks an expression need not wait for it.
        from croniter import CroniterBadDateError, croniter

        # croniter would move a time that does not exist to one that does: it is given the clock's face, zoneless.
        face = after.astimezone(self.zone).replace(tzinfo=UTC)
        times = croniter(self.expression, face, datetime, max_years_between_matches=_LONGEST_WAIT_YEARS)
        while True:
            try:
                local = times.get_next(datetime).replace(tzinfo=self.zone)
            except CroniterBadDateError:
                return None
            due = local.astimezone(UTC)
            exists = due.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None)
            if exists and due > after:
                return due


def parse(expression: str, timezone: str = "UTC") -> Schedule:
    """The schedule that `expression` means on the clock of `timezone`, a name such as `Europe/Berlin`.

    Raises ValueError that says what is wrong and what is allowed.
    """
    zone = _zone(timezone)
    kind = re.fullmatch(r"(cron|rate|at)\((.*)\)", expression.strip())
    if kind is None:
        raise ValueError(f"{expression!r} is no schedule expression: cron(…), rate(…) or at(…) is allowed.")
    try:
        if kind[1] == "cron":
            return Cron(_croniters(kind[2].split()), zone)
        return _rate(kind[2]) if kind[1] == "rate" else _at(kind[2], zone)
    except ValueError as error:
        raise ValueError(f"{expression}: {error}") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found, a folder of the time zones, a path out of them
        raise ValueError(f"{name!r} is no time zone: a name such as UTC or Europe/Berlin is allowed.") from None


def _rate(text: str) -> Rate:
    allowed = "rate(value unit) takes a whole number from 1 and minute, minutes, hour, hours, day or days"
    given = re.fullmatch(r"([1-9][0-9]*) +(minute|hour|day)(s?)", text.strip())
    if given is None:
        raise ValueError(f"{text!r} is no rate: {allowed}.")
    # Rules refuse `rate(1 hours)`; EventBridge Scheduler's guide writes plurals only, so that it is taken.
    if int(given[1]) > 1 and not given[3]:
        raise ValueError(f"more than one {given[2]} is written {given[2]}s: {allowed}.")
    return Rate(int(given[1]) * _UNITS[given[2]])


def _at(text: str, zone: ZoneInfo) -> At:
    allowed = "at(yyyy-mm-ddThh:mm:ss) is allowed, such as at(2026-01-01T00:00:00); the time zone is given apart"
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text) is None:
        raise ValueError(f"{text!r} is no time: {allowed}.")
    try:
        return At(datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC))
    except ValueError as error:
        raise ValueError(f"{text!r} is no time ({error}): {allowed}.") from None


@dataclass(frozen=True)
class _Field:
    """A field of AWS's cron expressions: numbers `first` to `last`, or `names` for them."""

    title: str
    first: int
    last: int
    names: tuple[str, ...] = ()
    wildcards: str = ", - * /"

    def numbers(self, text: str) -> set[int]:
        """The numbers that match; both ends of ranges count."""
        return {number for part in text.split(",") for number in self._part(part, text)}

    def number(self, text: str, whole: str) -> int:
        if text.upper() in self.names:
            return self.first + self.names.index(text.upper())
        if not text.isdecimal() or not self.first <= int(text) <= self.last:
            raise self.wrong(whole)
        return int(text)

    def wrong(self, text: str, why: str = "") -> ValueError:
        named = f" or {self.names[0]}-{self.names[-1]}" if self.names else ""
        allowed = f"{self.first}-{self.last}{named} and the wildcards {self.wildcards} are allowed"
        return ValueError(f"{text!r} is no {self.title}{why}: {allowed}.")

    def _part(self, part: str, whole: str) -> list[int]:
        span, slash, step = part.partition("/")
        if slash and ("/" not in self.wildcards or not step.isdecimal() or int(step) == 0):
            raise self.wrong(whole)
        if span == "*":
            start, end = self.first, self.last
        else:
            low, dash, high = span.partition("-")
            start = self.number(low, whole)
            end = self.number(high, whole) if dash else self.last if slash else start
        if start > end and self is _YEAR:
            raise self.wrong(whole, f" (the range {span} runs backwards)")
        # AWS's example `0/30 20-2` goes on past midnight: a range may pass its field's end.
        span_of_field = self.last - self.first + 1
        over_the_end = end + span_of_field if start > end else end
        return [self.first + (n - self.first) % span_of_field for n in range(start, over_the_end + 1, int(step or 1))]


_MINUTE = _Field("minute", 0, 59)
_HOUR = _Field("hour", 0, 23)
_DAY_OF_MONTH = _Field("day of month", 1, 31, wildcards=", - * ? / L W")
_MONTH = _Field("month", 1, 12, _MONTHS)
_DAY_OF_WEEK = _Field("day of week", 1, 7, _DAYS, wildcards=", - * ? L #")
_YEAR = _Field("year", 1970, 2199)


def _croniters(fields: list[str]) -> str:
    """croniter's expression: days of the week from 0, no `?`, seconds before the year."""
    if len(fields) != 6:
        raise ValueError(
            f"a cron expression has six fields (minutes hours day-of-month month day-of-week year), not {len(fields)}."
        )
    minute, hour, day, month, weekday, year = fields
    if (day == "?") == (weekday == "?"):
        raise ValueError(
            f"day-of-month {day!r} and day-of-week {weekday!r}: one of the two, and only one, must be '?'."
        )
    return " ".join(
        (
            _listed(_MINUTE.numbers(minute)),
            _listed(_HOUR.numbers(hour)),
            _day_of_month(day),
            _listed(_MONTH.numbers(month)),
            _day_of_week(weekday),
            "0",
            _year(year),
        )
    )


def _day_of_month(text: str) -> str:
    """`L` is the month's last day; `15W` the weekday nearest to the 15th, in the same month.

    What 31W means in a shorter month is unconfirmed: here its last day stands for the 31st.
    """
    if text in ("?", "*"):
        return "*"
    if text.upper() == "L":
        return "L"
    if text.upper().endswith("W"):
        return f"{_DAY_OF_MONTH.number(text[:-1], text)}W"
    if "L" in text.upper() or "W" in text.upper():
        raise _DAY_OF_MONTH.wrong(text, " (L, or a day with W, stands alone)")
    return _listed(_DAY_OF_MONTH.numbers(text))


def _day_of_week(text: str) -> str:
    """`L` is Saturday, the week's last day; `6L` the month's last Friday; `6#3` its third one."""
    if text in ("?", "*"):
        return "*"
    if text.upper() == "L":
        return str(_DAY_OF_WEEK.last - 1)
    if text.upper().endswith("L"):
        return f"L{_DAY_OF_WEEK.number(text[:-1], text) - 1}"
    weekday, hash_sign, place = text.partition("#")
    if not hash_sign:
        return _listed({number - 1 for number in _DAY_OF_WEEK.numbers(text)})
    if place not in ("1", "2", "3", "4", "5"):
        raise _DAY_OF_WEEK.wrong(text, " (one day, # and its place in the month, 1-5)")
    return f"{_DAY_OF_WEEK.number(weekday, text) - 1}#{place}"


def _year(text: str) -> str:
    if text == "*":
        return "*"
    years = {year for year in _YEAR.numbers(text) if year <= _LAST_YEAR_OF_CRONITER}
    if not years:
        raise ValueError(f"the year {text!r} is later than {_LAST_YEAR_OF_CRONITER}, the last that is kept here.")
    return _listed(years)


def _listed(numbers: set[int]) -> str:
    return ",".join(str(number) for number in sorted(numbers))
