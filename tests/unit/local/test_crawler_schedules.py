"""Crawlers that start by a schedule, on a clock that the test moves."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from local.glue.classifiers import Classifiers
from local.glue.crawlers.service import Crawlers
from local.glue.errors import CrawlerRunning, GlueError
from local.glue.platform import Platform
from local.glue.scope import Scope
from local.glue.tags import Tags

SCOPE = Scope("123456789012", "eu-west-1")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
HOURLY = "cron(0 * * * ? *)"


class FakeClock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.time = NOON
        self.calls: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> float:
        return self.time

    def at(self, when: float, ring: Callable[[], None]) -> None:
        self.calls.append((when, ring))

    def forward(self, hours: float) -> None:
        until = self.time + hours * 3600
        while due := [one for one in self.calls if one[0] <= until]:
            first = min(due, key=lambda one: one[0])
            self.calls.remove(first)
            self.time, ring = first
            ring()
        self.time = until


class Begun(Crawlers):
    """Crawlers whose crawls are counted and not run."""

    def __init__(self, clock: FakeClock) -> None:
        platform = Platform(SCOPE, "http://127.0.0.1:1", None, None, None)  # type: ignore[arg-type] # nothing is run
        super().__init__(platform, Classifiers(), Tags(SCOPE), clock)
        self.count = 0
        self.running = False

    def begin(self, name: str, ended: Any = None) -> Any:
        if self.running:
            raise CrawlerRunning(name)
        self.count += 1


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def crawlers(clock: FakeClock) -> Begun:
    made = Begun(clock)
    made.create({"Name": "c", "Role": "r", "Targets": {"S3Targets": [{"Path": "s3://b/x/"}]}, "Schedule": HOURLY})
    return made


def schedule(crawlers: Begun) -> Any:
    return crawlers.actions["GetCrawler"]({"Name": "c"})["Crawler"].get("Schedule")


def test_a_crawler_starts_at_each_time_of_its_schedule(crawlers: Begun, clock: FakeClock) -> None:
    assert schedule(crawlers) == {"ScheduleExpression": HOURLY, "State": "SCHEDULED"}
    clock.forward(0.9)
    assert crawlers.count == 0
    clock.forward(2.2)
    assert crawlers.count == 3


def test_a_schedule_that_is_off_starts_nothing_until_it_is_on_again(crawlers: Begun, clock: FakeClock) -> None:
    crawlers.actions["StopCrawlerSchedule"]({"CrawlerName": "c"})
    clock.forward(3)
    assert (crawlers.count, schedule(crawlers)["State"]) == (0, "NOT_SCHEDULED")
    crawlers.actions["StartCrawlerSchedule"]({"CrawlerName": "c"})
    clock.forward(1)
    assert (crawlers.count, schedule(crawlers)["State"]) == (1, "SCHEDULED")


def test_a_changed_schedule_holds_from_now_on_and_the_old_one_no_more(crawlers: Begun, clock: FakeClock) -> None:
    crawlers.actions["UpdateCrawlerSchedule"]({"CrawlerName": "c", "Schedule": "cron(30 13 * * ? *)"})
    clock.forward(1.4)
    assert crawlers.count == 0
    clock.forward(24)
    assert crawlers.count == 1
    crawlers.update({"Name": "c", "Schedule": HOURLY})
    clock.forward(2)
    assert crawlers.count == 3
    crawlers.update({"Name": "c", "Description": "the schedule is not named"})
    clock.forward(1)
    assert crawlers.count == 4


@pytest.mark.parametrize("change", ["delete", "empty", "replaced"])
def test_a_crawler_without_its_schedule_starts_no_more(crawlers: Begun, clock: FakeClock, change: str) -> None:
    if change == "delete":
        crawlers.delete({"Name": "c"})
    elif change == "empty":
        crawlers.update({"Name": "c", "Schedule": ""})
        assert schedule(crawlers) is None
    else:
        crawlers.replace({"Name": "c", "Role": "r", "Targets": {"S3Targets": [{"Path": "s3://b/x/"}]}})
    clock.forward(5)
    assert crawlers.count == 0


def test_a_crawl_that_runs_when_the_next_is_due_goes_on_and_the_schedule_too(crawlers: Begun, clock: FakeClock) -> None:
    crawlers.running = True
    clock.forward(2)
    crawlers.running = False
    clock.forward(1)
    assert crawlers.count == 1


@pytest.mark.parametrize(
    ("action", "request_", "code"),
    [
        ("StartCrawlerSchedule", {"CrawlerName": "c"}, "SchedulerRunningException"),
        ("StartCrawlerSchedule", {"CrawlerName": "none"}, "EntityNotFoundException"),
        ("StopCrawlerSchedule", {"CrawlerName": "none"}, "EntityNotFoundException"),
        ("UpdateCrawlerSchedule", {"CrawlerName": "none", "Schedule": HOURLY}, "EntityNotFoundException"),
        ("UpdateCrawlerSchedule", {"CrawlerName": "c", "Schedule": "rate(1 hour)"}, "InvalidInputException"),
        ("UpdateCrawlerSchedule", {"CrawlerName": "c", "Schedule": "cron(0 0 31 2 *)"}, "InvalidInputException"),
    ],
)
def test_what_cannot_be_done_to_a_schedule_is_refused(
    crawlers: Begun, action: str, request_: dict[str, str], code: str
) -> None:
    with pytest.raises(GlueError) as refusal:
        crawlers.actions[action](request_)
    assert refusal.value.code == code
    assert schedule(crawlers) == {"ScheduleExpression": HOURLY, "State": "SCHEDULED"}


def test_a_schedule_that_is_off_is_not_switched_off_and_one_that_is_none_not_on(crawlers: Begun) -> None:
    crawlers.actions["StopCrawlerSchedule"]({"CrawlerName": "c"})
    with pytest.raises(GlueError) as refusal:
        crawlers.actions["StopCrawlerSchedule"]({"CrawlerName": "c"})
    assert refusal.value.code == "SchedulerNotRunningException"
    crawlers.update({"Name": "c", "Schedule": ""})
    with pytest.raises(GlueError) as refusal:
        crawlers.actions["StartCrawlerSchedule"]({"CrawlerName": "c"})
    assert refusal.value.code == "NoScheduleException"


def test_there_are_at_most_a_thousand_crawlers(crawlers: Begun) -> None:
    request = {"Role": "r", "Targets": {"S3Targets": [{"Path": "s3://b/x/"}]}}
    for number in range(999):
        crawlers.create({"Name": f"c{number}", **request})
    with pytest.raises(GlueError) as refusal:
        crawlers.create({"Name": "one-more", **request})
    assert refusal.value.code == "ResourceNumberLimitExceededException"
