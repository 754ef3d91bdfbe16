"""Crawlers that start by a schedule: cron expressions in UTC, on or off."""

from collections.abc import Callable, Mapping
from threading import RLock

from lake.schedule import parse
from local.glue.clock import Clock
from local.glue.crawlers.state import Crawler
from local.glue.errors import EntityNotFound, InvalidInput, NoSchedule, SchedulerNotRunning, SchedulerRunning
from local.glue.requests import Action, Request, Response
from local.glue.timetable import Timetable


class CrawlerSchedules:
    """The schedules of one scope's crawlers. `due` is called with a crawler's name when its schedule says so.

    What is not documented: a schedule that is given or changed is on; an empty one is none.
    """

    def __init__(self, crawlers: Mapping[str, Crawler], lock: RLock, clock: Clock, due: Callable[[str], None]) -> None:
        self._crawlers = crawlers
        self._lock = lock
        self._timetable = Timetable(clock, due)
        self.actions: dict[str, Action] = {
            "UpdateCrawlerSchedule": self.update,
            "StartCrawlerSchedule": self.start,
            "StopCrawlerSchedule": self.stop,
        }

    def check(self, request: Request) -> None:
        """Raise InvalidInput where a request's Schedule is no cron expression."""
        expression = request.get("Schedule")
        if not expression:
            return
        if not expression.startswith("cron("):
            raise InvalidInput(f"Schedule {expression!r} is none: cron(…) is allowed.")
        try:
            parse(expression)
        except ValueError as problem:
            raise InvalidInput(f"Schedule: {problem}") from problem

    def put(self, crawler: Crawler) -> None:
        """The crawler's schedule, if it has one, is on from now on."""
        crawler.scheduled = crawler.schedule is not None
        if crawler.schedule is None:
            self._timetable.drop(crawler.definition.name)
        else:
            self._timetable.put(crawler.definition.name, parse(crawler.schedule))

    def drop(self, name: str) -> None:
        """The crawler is gone."""
        self._timetable.drop(name)

    def update(self, request: Request) -> Response:
        """UpdateCrawlerSchedule."""
        self.check(request)
        with self._lock:
            crawler = self._find(request["CrawlerName"])
            crawler.request = {**crawler.request, "Schedule": request.get("Schedule")}
            self.put(crawler)
        return {}

    def start(self, request: Request) -> Response:
        """StartCrawlerSchedule."""
        with self._lock:
            crawler = self._find(request["CrawlerName"])
            if crawler.schedule is None:
                raise NoSchedule(f"Crawler with name {crawler.definition.name} has no schedule")
            if crawler.scheduled:
                raise SchedulerRunning(f"The schedule of crawler with name {crawler.definition.name} is on already")
            self.put(crawler)
        return {}

    def stop(self, request: Request) -> Response:
        """StopCrawlerSchedule: a crawl that runs goes on."""
        with self._lock:
            crawler = self._find(request["CrawlerName"])
            if not crawler.scheduled:
                raise SchedulerNotRunning(f"The schedule of crawler with name {crawler.definition.name} is not on")
            crawler.scheduled = False
            self._timetable.drop(crawler.definition.name)
        return {}

    def _find(self, name: str) -> Crawler:
        if name not in self._crawlers:
            raise EntityNotFound(f"Crawler with name {name} does not exist")
        return self._crawlers[name]
