"""Crawlers and their crawls: the API's actions and states. The crawl itself is `crawl.crawl`."""

import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.glue.classifiers import Classifiers
from local.glue.clock import Clock
from local.glue.crawlers.crawl import CrawlSummary, crawl
from local.glue.crawlers.definition import CrawlerDefinition
from local.glue.crawlers.errors import CrawlCancelled, CrawlError, InvalidDefinition
from local.glue.crawlers.errors import Unsupported as UnsupportedSetting
from local.glue.crawlers.queries import CrawlerQueries
from local.glue.crawlers.scheduling import CrawlerSchedules
from local.glue.crawlers.state import LOG_GROUP, Crawl, Crawler, log_group
from local.glue.errors import (
    AlreadyExists,
    CrawlerNotRunning,
    CrawlerRunning,
    CrawlerStopping,
    EntityNotFound,
    GlueError,
    InvalidInput,
    ResourceNumberLimitExceeded,
    Unsupported,
)
from local.glue.platform import Platform, now
from local.glue.requests import Action, Request, Response
from local.glue.tags import Tags

# The session name that AWS's crawlers have, seen as `CreatedBy` of the tables that they write.
SESSION_NAME = "AWS-Crawler"
# 'Crawlers per account' (AWS Glue endpoints and quotas).
CRAWLERS = 1000


class Crawlers:
    """The crawlers of one scope. Every change happens under one lock; crawls run in threads of their own."""

    def __init__(self, platform: Platform, classifiers: Classifiers, tags: Tags, clock: Clock) -> None:
        self._platform = platform
        self._classifiers = classifiers
        self._lock = threading.RLock()
        self._crawlers: dict[str, Crawler] = {}
        self._schedules = CrawlerSchedules(self._crawlers, self._lock, clock, self._due)
        self.actions: dict[str, Action] = {
            "CreateCrawler": self.create,
            "UpdateCrawler": self.update,
            "DeleteCrawler": self.delete,
            "StartCrawler": self.start,
            "StopCrawler": self.stop,
            **self._schedules.actions,
            **CrawlerQueries(platform.scope, self._crawlers, self._lock, tags).actions,
        }

    def create(self, request: Request) -> Response:
        """CreateCrawler."""
        with self._lock:
            name = request["Name"]
            if name in self._crawlers:
                raise AlreadyExists(f"{name} already exists")
            if len(self._crawlers) >= CRAWLERS:
                raise ResourceNumberLimitExceeded(f"There are {CRAWLERS} crawlers, as many as there may be")
            self._schedules.check(request)
            time = now()
            self._crawlers[name] = Crawler(request, _definition(request), created=time, updated=time)
            self._schedules.put(self._crawlers[name])
        return {}

    def update(self, request: Request) -> Response:
        """UpdateCrawler: the members that are given replace those that were."""
        with self._lock:
            crawler = self._idle(request["Name"])
            self._change(crawler, {**crawler.request, **request})
            if "Schedule" in request:
                self._schedules.put(crawler)
        return {}

    def replace(self, request: Request) -> Response:
        """CloudFormation's update: what the new properties leave out is reset."""
        with self._lock:
            crawler = self._idle(request["Name"])
            self._change(crawler, request)
            self._schedules.put(crawler)
        return {}

    def delete(self, request: Request) -> Response:
        """DeleteCrawler."""
        with self._lock:
            self._idle(request["Name"])
            self._schedules.drop(request["Name"])
            del self._crawlers[request["Name"]]
        return {}

    def start(self, request: Request) -> Response:
        """StartCrawler."""
        self.begin(request["Name"])
        return {}

    def stop(self, request: Request) -> Response:
        """StopCrawler."""
        with self._lock:
            crawler = self._find(request["Name"])
            if crawler.state == "READY":
                raise CrawlerNotRunning(f"Crawler with name {request['Name']} isn't running")
            if crawler.state == "STOPPING":
                raise CrawlerStopping(f"Crawler with name {request['Name']} is stopping")
            crawler.state = "STOPPING"
            crawler.crawls[-1].state = "CANCELLING"
            crawler.crawls[-1].stop.set()
        return {}

    def begin(self, name: str, ended: Callable[[Crawl], None] = lambda crawl: None) -> Crawl:
        """Start a crawl and return at once; `ended` is called with it, in the crawl's thread, when it has ended."""
        with self._lock:
            crawler = self._find(name)
            if crawler.state != "READY":
                raise CrawlerRunning(f"Crawler with name {name} has already started")
            one = Crawl(
                id=str(uuid.uuid4()),
                crawler=name,
                log_group=log_group(crawler.request),
                log_stream=name,
                started_on=now(),
            )
            crawler.crawls.append(one)
            crawler.state = "RUNNING"
            self._platform.events.crawl_started(one)
        threading.Thread(target=self._run, args=(crawler, one, ended), name=f"crawl {name}", daemon=True).start()
        return one

    def begin_triggered(self, name: str, ended: Callable[[Crawl], None]) -> Crawl:
        """As `begin`, for a trigger's action: what prevents the start is a crawl that has ended in ERROR.

        The guide names no state for it; ERROR is the one of the model's that no crawl ends in by itself.
        """
        try:
            return self.begin(name, ended)
        except GlueError as problem:
            time = now()
            return Crawl(
                id=str(uuid.uuid4()),
                crawler=name,
                log_group=LOG_GROUP,
                log_stream=name,
                started_on=time,
                state="ERROR",
                completed_on=time,
                error=problem.message,
            )

    def _run(self, crawler: Crawler, one: Crawl, ended: Callable[[Crawl], None]) -> None:
        state, error = "SUCCEEDED", None
        try:
            one.summary = self._crawl(crawler, one)
            if one.stop.is_set():  # it was told so before it had said that it has ended
                state = "CANCELLED"
        except CrawlCancelled:
            state = "CANCELLED"
        except (CrawlError, GlueError, ClientError, BotoCoreError) as problem:
            state, error = "FAILED", str(problem)
        except Exception as problem:
            state, error = "FAILED", f"Internal Service Exception: {type(problem).__name__}: {problem}"
            raise
        finally:
            with self._lock:
                one.state, one.error, one.completed_on = state, error, now()
                crawler.state = "READY"
                self._platform.events.crawl_ended(one)
            ended(one)

    def _crawl(self, crawler: Crawler, one: Crawl) -> CrawlSummary:
        platform, definition = self._platform, crawler.definition
        session = platform.vendor.session(platform.scope.role_arn(definition.role), SESSION_NAME)
        stream = platform.log_stream(definition.role, SESSION_NAME, group=one.log_group, stream=one.log_stream)

        def log(level: str, text: str) -> None:
            stream.write(f"[{one.id}] {level} : {text}")

        try:
            return crawl(
                definition,
                s3=session.client("s3", endpoint_url=platform.endpoint),
                glue=session.client("glue", endpoint_url=platform.endpoint),
                log=log,
                cancelled=one.stop.is_set,
                classifiers=self._classifiers.formats(definition.classifiers),
                crawl_id=one.id,
            )
        except Exception as problem:
            log("ERROR", str(problem))
            raise
        finally:
            stream.close()

    def _due(self, name: str) -> None:
        """A crawl is due by its schedule; one that runs meanwhile goes on, and is not started twice."""
        with suppress(CrawlerRunning, EntityNotFound):
            self.begin(name)

    def _change(self, crawler: Crawler, request: Request) -> None:
        self._schedules.check(request)
        crawler.definition = _definition(request)
        crawler.request = request
        crawler.version += 1
        crawler.updated = now()

    def _find(self, name: str) -> Crawler:
        if name not in self._crawlers:
            raise EntityNotFound(f"Crawler with name {name} does not exist")
        return self._crawlers[name]

    def _idle(self, name: str) -> Crawler:
        crawler = self._find(name)
        if crawler.state != "READY":
            raise CrawlerRunning(f"Crawler with name {name} is running")
        return crawler


def _definition(request: dict[str, Any]) -> CrawlerDefinition:
    try:
        return CrawlerDefinition.from_request(request)
    except UnsupportedSetting as problem:
        raise Unsupported(str(problem)) from problem
    except InvalidDefinition as problem:
        raise InvalidInput(str(problem)) from problem
