"""AWS's schedule expressions. Expected times are read off a calendar, from what AWS's guides say of each example."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from lake.schedule import Schedule, parse

MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def times(schedule: Schedule, count: int, *, after: datetime = MONDAY) -> list[str]:
    found = []
    at: datetime | None = after
    for _ in range(count):
        assert at is not None
        at = schedule.next(at)
        found.append("never" if at is None else at.strftime("%a %Y-%m-%d %H:%M"))
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(0 10 * * ? *)", ["Tue 2026-11-24 10:00", "Wed 2026-11-25 10:00"]),
        ("cron(15 12 * * ? *)", ["Tue 2026-11-24 12:15", "Wed 2026-11-25 12:15"]),
        ("cron(0 18 ? * MON-FRI *)", ["Tue 2026-11-24 18:00", "Wed 2026-11-25 18:00", "Thu 2026-11-26 18:00"]),
        ("cron(0 8 1 * ? *)", ["Tue 2026-12-01 08:00", "Fri 2027-01-01 08:00"]),
        ("cron(0/15 * * * ? *)", ["Mon 2026-11-23 18:15", "Mon 2026-11-23 18:30", "Mon 2026-11-23 18:45"]),
        ("cron(0/10 * ? * MON-FRI *)", ["Mon 2026-11-23 18:10", "Mon 2026-11-23 18:20"]),
        ("cron(0/5 8-17 ? * MON-FRI *)", ["Tue 2026-11-24 08:00", "Tue 2026-11-24 08:05"]),
        ("cron(0/30 20-2 ? * MON-FRI *)", ["Mon 2026-11-23 20:00", "Mon 2026-11-23 20:30", "Mon 2026-11-23 21:00"]),
        ("cron(5,35 14 * * ? *)", ["Tue 2026-11-24 14:05", "Tue 2026-11-24 14:35", "Wed 2026-11-25 14:05"]),
        ("cron(15 10 ? * 6L 2019-2027)", ["Fri 2026-11-27 10:15", "Fri 2026-12-25 10:15", "Fri 2027-01-29 10:15"]),
        ("cron(0 9 ? * 2#1 *)", ["Mon 2026-12-07 09:00", "Mon 2027-01-04 09:00"]),
        ("cron(1/10 * * * ? *)", ["Mon 2026-11-23 18:01", "Mon 2026-11-23 18:11", "Mon 2026-11-23 18:21"]),
        ("cron(0 0 1 JAN,FEB,MAR ? *)", ["Fri 2027-01-01 00:00", "Mon 2027-02-01 00:00", "Mon 2027-03-01 00:00"]),
        ("cron(0 0 3W * ? *)", ["Thu 2026-12-03 00:00", "Mon 2027-01-04 00:00", "Wed 2027-02-03 00:00"]),
        ("cron(45 13 L * ? 2023-2027)", ["Mon 2026-11-30 13:45", "Thu 2026-12-31 13:45", "Sun 2027-01-31 13:45"]),
    ],
)
def test_aws_own_examples_are_due_when_its_guides_say(expression: str, expected: list[str]) -> None:
    assert times(parse(expression), len(expected)) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(0 0 ? * 1 *)", ["Sun 2026-11-29 00:00", "Sun 2026-12-06 00:00"]),
        ("cron(0 0 ? * 7 *)", ["Sat 2026-11-28 00:00", "Sat 2026-12-05 00:00"]),
        ("cron(0 0 ? * L *)", ["Sat 2026-11-28 00:00", "Sat 2026-12-05 00:00"]),
        ("cron(0 0 ? * sat-sun *)", ["Sat 2026-11-28 00:00", "Sun 2026-11-29 00:00", "Sat 2026-12-05 00:00"]),
        ("cron(0 0 ? * FRIL *)", ["Fri 2026-11-27 00:00", "Fri 2026-12-25 00:00"]),
        ("cron(0 0 ? * 3#5 *)", ["Tue 2026-12-29 00:00", "Tue 2027-03-30 00:00"]),
        ("cron(0 0 ? * * *)", ["Tue 2026-11-24 00:00", "Wed 2026-11-25 00:00"]),
        ("cron(* * ? * 2 *)", ["Mon 2026-11-23 18:01", "Mon 2026-11-23 18:02"]),
    ],
)
def test_days_of_the_week_count_from_sunday_as_one(expression: str, expected: list[str]) -> None:
    assert times(parse(expression), len(expected)) == expected


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("cron(0 0 1W * ? *)", datetime(2027, 4, 30, 12, tzinfo=UTC), "Mon 2027-05-03 00:00"),  # the 1st: a Saturday
        ("cron(0 0 28W 2 ? *)", datetime(2027, 1, 1, tzinfo=UTC), "Fri 2027-02-26 00:00"),  # the 28th: a Sunday
        ("cron(0 0 15W * ? *)", datetime(2027, 5, 1, tzinfo=UTC), "Fri 2027-05-14 00:00"),  # the 15th: a Saturday
        ("cron(0 0 29 2 ? *)", MONDAY, "Tue 2028-02-29 00:00"),
        ("cron(0 0 L 2 ? *)", datetime(2028, 1, 1, tzinfo=UTC), "Tue 2028-02-29 00:00"),
        ("cron(0 0 1 1 ? 2099)", MONDAY, "Thu 2099-01-01 00:00"),
        ("cron(0 22-1/2 * * ? *)", MONDAY + timedelta(hours=5), "Tue 2026-11-24 00:00"),
        ("cron(0 0 1 1 ? 2020)", MONDAY, "never"),
        ("cron(0 0 30 2 ? *)", MONDAY, "never"),
    ],
)
def test_days_of_the_month_follow_the_calendar(expression: str, after: datetime, expected: str) -> None:
    assert times(parse(expression), 1, after=after) == [expected]


def test_the_time_given_is_itself_not_the_next_one() -> None:
    assert times(parse("cron(0 18 * * ? *)"), 1) == ["Tue 2026-11-24 18:00"]
    assert times(parse("cron(0 18 * * ? *)"), 1, after=MONDAY - timedelta(seconds=1)) == ["Mon 2026-11-23 18:00"]


def test_a_cron_expression_is_read_on_the_clock_of_its_time_zone() -> None:
    berlin = parse("cron(0 6 * * ? *)", "Europe/Berlin")
    assert times(berlin, 1) == ["Tue 2026-11-24 05:00"]
    assert times(berlin, 1, after=datetime(2026, 7, 1, tzinfo=UTC)) == ["Wed 2026-07-01 04:00"]
    elsewhere = MONDAY.astimezone(timezone(timedelta(hours=9)))
    assert times(berlin, 1, after=elsewhere) == ["Tue 2026-11-24 05:00"]


def test_a_time_that_the_clock_jumps_over_in_spring_is_skipped() -> None:
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)  # on the 28th Berlin's clock goes from 02:00 to 03:00
    assert times(parse("cron(30 2 * * ? *)", "Europe/Berlin"), 1, after=before) == ["Mon 2027-03-29 00:30"]
    assert times(parse("cron(30 * * * ? *)", "Europe/Berlin"), 3, after=datetime(2027, 3, 27, 23, 45, tzinfo=UTC)) == [
        "Sun 2027-03-28 00:30",
        "Sun 2027-03-28 01:30",
        "Sun 2027-03-28 02:30",
    ]


def test_a_time_that_the_clock_repeats_in_autumn_is_due_once() -> None:
    half_past_two = parse("cron(30 2 * * ? *)", "Europe/Berlin")  # 2027-10-31: 03:00 becomes 02:00
    assert times(half_past_two, 2, after=datetime(2027, 10, 30, 12, tzinfo=UTC)) == [
        "Sun 2027-10-31 00:30",
        "Mon 2027-11-01 01:30",
    ]
    between = datetime(2027, 10, 31, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    assert times(half_past_two, 1, after=between) == ["Mon 2027-11-01 01:30"]


@pytest.mark.parametrize(
    ("expression", "interval"),
    [
        ("rate(1 minute)", timedelta(minutes=1)),
        ("rate(5 minutes)", timedelta(minutes=5)),
        ("rate(1 hour)", timedelta(hours=1)),
        ("rate(12 hours)", timedelta(hours=12)),
        ("rate(1 day)", timedelta(days=1)),
        ("rate(7 days)", timedelta(days=7)),
        ("rate(1 hours)", timedelta(hours=1)),
    ],
)
def test_a_rate_is_due_an_interval_after_the_time_given(expression: str, interval: timedelta) -> None:
    assert parse(expression).next(MONDAY) == MONDAY + interval


def test_a_day_of_a_rate_has_24_hours_whatever_the_clock_does() -> None:
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert parse("rate(1 day)", "Europe/Berlin").next(before) == before + timedelta(hours=24)


def test_a_one_time_schedule_is_due_once() -> None:
    once = parse("at(2026-12-01T08:30:15)", "America/New_York")
    assert once.next(MONDAY) == datetime(2026, 12, 1, 13, 30, 15, tzinfo=UTC)
    assert once.next(datetime(2026, 12, 1, 13, 30, 15, tzinfo=UTC)) is None
    assert parse("at(2026-12-01T08:30:15)").next(MONDAY) == datetime(2026, 12, 1, 8, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("0 6 * * ? *", "cron(…), rate(…) or at(…)"),
        ("every day", "cron(…), rate(…) or at(…)"),
        ("cron(0 6 * * ?)", "has six fields"),
        ("cron(0 0 6 * * ? *)", "not 7"),
        ("cron(0 6 * * * *)", "must be '?'"),
        ("cron(0 6 ? * ? *)", "must be '?'"),
        ("cron(0 6 1 * MON *)", "must be '?'"),
        ("cron(60 6 * * ? *)", "'60' is no minute: 0-59"),
        ("cron(0 24 * * ? *)", "'24' is no hour: 0-23"),
        ("cron(0 6 0 * ? *)", "'0' is no day of month: 1-31"),
        ("cron(0 6 32W * ? *)", "'32W' is no day of month"),
        ("cron(0 6 L,15 * ? *)", "stands alone"),
        ("cron(0 6 LW * ? *)", "'LW' is no day of month"),
        ("cron(0 6 * 13 ? *)", "'13' is no month: 1-12 or JAN-DEC"),
        ("cron(0 6 * JANUARY ? *)", "'JANUARY' is no month"),
        ("cron(0 6 ? * 0 *)", "'0' is no day of week: 1-7 or SUN-SAT"),
        ("cron(0 6 ? * 8 *)", "'8' is no day of week"),
        ("cron(0 6 ? * 2/2 *)", "the wildcards , - * ? L # are allowed"),
        ("cron(0 6 ? * 2#6 *)", "its place in the month, 1-5"),
        ("cron(0 6 ? * 3#1,6#3 *)", "its place in the month, 1-5"),
        ("cron(0/0 6 * * ? *)", "'0/0' is no minute"),
        ("cron(0 6, * * ? *)", "'6,' is no hour"),
        ("cron(0 6 * * ? 2027-2026)", "runs backwards"),
        ("cron(0 6 * * ? 1969)", "'1969' is no year: 1970-2199"),
        ("cron(0 6 * * ? 2150)", "later than 2099"),
        ("rate(0 minutes)", "a whole number from 1"),
        ("rate(5 minute)", "is written minutes"),
        ("rate(5 weeks)", "minute, minutes, hour, hours, day or days"),
        ("rate(1.5 hours)", "a whole number from 1"),
        ("at(2026-12-01)", "at(yyyy-mm-ddThh:mm:ss)"),
        ("at(2026-02-30T00:00:00)", "at(yyyy-mm-ddThh:mm:ss)"),
        ("at(2026-12-01T00:00:00Z)", "the time zone is given apart"),
    ],
)
def test_an_expression_that_aws_has_not_is_refused_with_what_is_allowed(expression: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        parse(expression)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "Europe"])
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no time zone"):
        parse("rate(1 hour)", name)
