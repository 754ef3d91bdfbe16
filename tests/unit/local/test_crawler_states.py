"""The states of a crawler and its crawl, with a crawl that goes on until the test lets it end."""

import threading
from typing import Any

import pytest

from local.glue.classifiers import Classifiers
from local.glue.clock import SystemClock
from local.glue.crawlers.crawl import CrawlSummary
from local.glue.crawlers.errors import CrawlError
from local.glue.crawlers.service import Crawlers
from local.glue.crawlers.state import Crawl, Crawler
from local.glue.errors import GlueError
from local.glue.platform import Platform
from local.glue.scope import Scope
from local.glue.tags import Tags

SCOPE = Scope("123456789012", "eu-west-1")


class Held(Crawlers):
    """Crawlers whose crawls do nothing until `go` is set, and then fail where `failure` says so."""

    def __init__(self) -> None:
        platform = Platform(SCOPE, "http://127.0.0.1:1", None, None, None)  # type: ignore[arg-type] # nothing is run
        super().__init__(platform, Classifiers(), Tags(SCOPE), SystemClock())
        self.go = threading.Event()
        self.failure: str | None = None
        self.ended = threading.Event()
        self.create({"Name": "c", "Role": "r", "Targets": {"S3Targets": [{"Path": "s3://b/x/"}]}})

    def _crawl(self, crawler: Crawler, one: Crawl) -> CrawlSummary:
        assert self.go.wait(timeout=30)
        if self.failure:
            raise CrawlError(self.failure)
        return CrawlSummary(tables_created=["t"])

    def run(self) -> Crawl:
        """Start a crawl; it is over once `ended` is set."""
        self.ended.clear()
        return self.begin("c", lambda _: self.ended.set())

    def let_end(self) -> None:
        self.go.set()
        assert self.ended.wait(timeout=30)

    def code(self, action: str) -> str:
        with pytest.raises(GlueError) as refusal:
            self.actions[action]({"Name": "c"})
        return refusal.value.code

    @property
    def now(self) -> Any:
        return self.actions["GetCrawler"]({"Name": "c"})["Crawler"]

    @property
    def listed(self) -> Any:
        return [one["State"] for one in self.actions["ListCrawls"]({"CrawlerName": "c"})["Crawls"]]


@pytest.fixture
def crawlers() -> Held:
    return Held()


@pytest.mark.shows("crawl-running-error", "crawl-running-unchanged", "crawl-last-status")
def test_a_running_crawler_is_neither_started_nor_changed_nor_deleted(crawlers: Held) -> None:
    one = crawlers.run()
    assert (crawlers.now["State"], one.node()["State"], crawlers.listed) == ("RUNNING", "RUNNING", ["RUNNING"])
    assert "LastCrawl" not in crawlers.now
    assert {crawlers.code(a) for a in ("StartCrawler", "UpdateCrawler", "DeleteCrawler")} == {"CrawlerRunningException"}
    crawlers.let_end()
    assert (crawlers.now["State"], crawlers.now["LastCrawl"]["Status"]) == ("READY", "SUCCEEDED")
    assert (one.node()["State"], crawlers.listed) == ("SUCCEEDED", ["COMPLETED"])
    assert crawlers.actions["DeleteCrawler"]({"Name": "c"}) == {}


@pytest.mark.shows("crawl-stopping", "crawl-stop-errors", "crawl-cancelled")
def test_a_crawl_that_is_being_stopped_is_neither_stopped_again_nor_started(crawlers: Held) -> None:
    assert crawlers.code("StopCrawler") == "CrawlerNotRunningException"
    one = crawlers.run()
    crawlers.actions["StopCrawler"]({"Name": "c"})
    assert (crawlers.now["State"], one.node()["State"], crawlers.listed) == ("STOPPING", "CANCELLING", ["RUNNING"])
    assert crawlers.code("StopCrawler") == "CrawlerStoppingException"
    assert {crawlers.code(a) for a in ("StartCrawler", "UpdateCrawler", "DeleteCrawler")} == {"CrawlerRunningException"}
    crawlers.let_end()
    assert (crawlers.now["State"], crawlers.now["LastCrawl"]["Status"]) == ("READY", "CANCELLED")
    assert (one.node()["State"], crawlers.listed) == ("CANCELLED", ["STOPPED"])
    assert crawlers.code("StopCrawler") == "CrawlerNotRunningException"


@pytest.mark.shows("crawl-last-status")
def test_a_crawl_that_fails_says_why_and_the_last_crawl_stays_while_the_next_runs(crawlers: Held) -> None:
    crawlers.failure = "no such bucket"
    crawlers.run()
    crawlers.let_end()
    crawlers.go.clear()
    crawlers.run()
    last = crawlers.now["LastCrawl"]
    assert (crawlers.now["State"], last["Status"], last["ErrorMessage"]) == ("RUNNING", "FAILED", "no such bucket")
    assert crawlers.listed == ["RUNNING", "FAILED"]
    crawlers.failure = None
    crawlers.let_end()
    assert "ErrorMessage" not in crawlers.now["LastCrawl"]


@pytest.mark.shows("crawl-metrics")
def test_metrics_estimate_a_running_crawl_from_those_before(crawlers: Held) -> None:
    def metrics() -> Any:
        [found] = crawlers.actions["GetCrawlerMetrics"]({"CrawlerNameList": ["c", "none"]})["CrawlerMetricsList"]
        return found

    one = crawlers.run()
    assert (metrics()["StillEstimating"], metrics()["TimeLeftSeconds"]) == (True, 0)
    crawlers.let_end()
    one.started_on -= 100
    crawlers.go.clear()
    crawlers.run()
    assert metrics()["StillEstimating"] is False
    assert 90 < metrics()["TimeLeftSeconds"] <= 101
    assert (metrics()["LastRuntimeSeconds"], metrics()["TablesCreated"]) == (pytest.approx(100, abs=10), 1)
    crawlers.let_end()
    assert (metrics()["TimeLeftSeconds"], metrics()["TablesCreated"]) == (0, 2)
