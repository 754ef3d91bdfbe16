"""Crawlers and their crawls: the API's actions and states. The crawl itself is `crawl.crawl`."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.glue.classifiers import Classifiers
from local.glue.crawlers.crawl import CrawlSummary, crawl
from local.glue.crawlers.definition import CrawlerDefinition
from local.glue.crawlers.errors import CrawlCancelled, CrawlError, InvalidDefinition
from local.glue.crawlers.errors import Unsupported as UnsupportedSetting
from local.glue.crawlers.state import LOG_GROUP, Crawl, Crawler, log_group
from local.glue.errors import (
    AlreadyExists,
    CrawlerNotRunning,
    CrawlerRunning,
    CrawlerStopping,
    EntityNotFound,
    GlueError,
    InvalidInput,
    Unsupported,
)
from local.glue.platform import Platform, now
from local.glue.requests import Action, Request, Response, page
from local.glue.tags import Tags

# The session name that AWS's crawlers have, seen as `CreatedBy` of the tables that they write.
SESSION_NAME = "AWS-Crawler"


class Crawlers:
    """The crawlers of one scope. Every change happens under one lock; crawls run in threads of their own."""

    def __init__(self, platform: Platform, classifiers: Classifiers, tags: Tags) -> None:
        self._platform = platform
        self._classifiers = classifiers
        self._tags = tags
        self._lock = threading.RLock()
        self._crawlers: dict[str, Crawler] = {}
        self.actions: dict[str, Action] = {
            "CreateCrawler": self.create,
            "UpdateCrawler": self.update,
            "DeleteCrawler": self.delete,
            "GetCrawler": self.get,
            "GetCrawlers": self.get_all,
            "StartCrawler": self.start,
            "StopCrawler": self.stop,
            "ListCrawls": self.list_crawls,
        }

    def create(self, request: Request) -> Response:
        """CreateCrawler."""
        with self._lock:
            name = request["Name"]
            if name in self._crawlers:
                raise AlreadyExists(f"{name} already exists")
            time = now()
            self._crawlers[name] = Crawler(request, _definition(request), created=time, updated=time)
        return {}

    def update(self, request: Request) -> Response:
        """UpdateCrawler: the members that are given replace those that were."""
        with self._lock:
            crawler = self._idle(request["Name"])
            changed = {**crawler.request, **request}
            crawler.definition = _definition(changed)
            crawler.request = changed
            crawler.version += 1
            crawler.updated = now()
        return {}

    def replace(self, request: Request) -> Response:
        """CloudFormation's update: what the new properties leave out is reset."""
        with self._lock:
            crawler = self._idle(request["Name"])
            crawler.definition = _definition(request)
            crawler.request = request
            crawler.version += 1
            crawler.updated = now()
        return {}

    def delete(self, request: Request) -> Response:
        """DeleteCrawler."""
        with self._lock:
            self._idle(request["Name"])
            del self._crawlers[request["Name"]]
        return {}

    def get(self, request: Request) -> Response:
        """GetCrawler."""
        with self._lock:
            return {"Crawler": self._find(request["Name"]).describe()}

    def get_all(self, request: Request) -> Response:
        """GetCrawlers."""
        with self._lock:
            return page([crawler.describe() for crawler in self._crawlers.values()], request, key="Crawlers")

    def list_crawls(self, request: Request) -> Response:
        """ListCrawls, newest first."""
        if request.get("Filters"):
            raise Unsupported("ListCrawls with Filters is not supported by the Glue on this machine.")
        with self._lock:
            crawls = [one.history() for one in reversed(self._find(request["CrawlerName"]).crawls)]
        return page(crawls, request, key="Crawls", default=20)

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
    if request.get("Schedule"):
        raise Unsupported("A crawler's Schedule is not supported by the Glue on this machine.")
    try:
        return CrawlerDefinition.from_request(request)
    except UnsupportedSetting as problem:
        raise Unsupported(str(problem)) from problem
    except InvalidDefinition as problem:
        raise InvalidInput(str(problem)) from problem
