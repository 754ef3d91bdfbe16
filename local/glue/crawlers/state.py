"""A crawler and its crawls: their states and times, and how the API shows them."""

import threading
from dataclasses import dataclass, field

from local.glue import model
from local.glue.crawlers.definition import CrawlerDefinition
from local.glue.crawlers.summary import CrawlSummary
from local.glue.platform import now
from local.glue.requests import Request, Response

LOG_GROUP = "/aws-glue/crawlers"
# The state of a crawl as ListCrawls has it; a workflow's node and Crawler.LastCrawl have the state itself.
HISTORY_STATE = {
    "RUNNING": "RUNNING",
    "CANCELLING": "RUNNING",
    "SUCCEEDED": "COMPLETED",
    "FAILED": "FAILED",
    "CANCELLED": "STOPPED",
}


@dataclass
class Crawl:
    """One run of a crawler. `state` is one of the states of a workflow's crawl node."""

    id: str
    crawler: str
    log_group: str
    log_stream: str
    started_on: float
    state: str = "RUNNING"
    completed_on: float | None = None
    error: str | None = None
    summary: CrawlSummary | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def node(self) -> Response:
        """The crawl as a workflow's graph shows it (`Crawl` of the model)."""
        return model.members(
            "Crawl",
            {
                "State": self.state,
                "StartedOn": self.started_on,
                "CompletedOn": self.completed_on,
                "ErrorMessage": self.error,
                "LogGroup": self.log_group,
                "LogStream": self.log_stream,
            },
        )

    def last(self) -> Response:
        """The crawl as GetCrawler shows it (`LastCrawlInfo`)."""
        return model.members(
            "LastCrawlInfo",
            {
                "Status": self.state,
                "ErrorMessage": self.error,
                "LogGroup": self.log_group,
                "LogStream": self.log_stream,
                "MessagePrefix": self.id,
                "StartTime": self.started_on,
            },
        )

    def history(self) -> Response:
        """The crawl as ListCrawls shows it (`CrawlerHistory`)."""
        return model.members(
            "CrawlerHistory",
            {
                "CrawlId": self.id,
                "State": HISTORY_STATE[self.state],
                "StartTime": self.started_on,
                "EndTime": self.completed_on,
                "ErrorMessage": self.error,
                "LogGroup": self.log_group,
                "LogStream": self.log_stream,
                "MessagePrefix": self.id,
            },
        )


@dataclass
class Crawler:
    """A crawler: what was asked for, and what became of it."""

    request: Request
    definition: CrawlerDefinition
    created: float
    updated: float
    version: int = 1
    state: str = "READY"
    crawls: list[Crawl] = field(default_factory=list)

    def describe(self) -> Response:
        """The crawler as GetCrawler shows it."""
        ended = [one for one in self.crawls if one.completed_on is not None]
        return model.members(
            "Crawler",
            {
                "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
                "SchemaChangePolicy": {
                    "UpdateBehavior": "UPDATE_IN_DATABASE",
                    "DeleteBehavior": "DEPRECATE_IN_DATABASE",
                },
                "LineageConfiguration": {"CrawlerLineageSettings": "DISABLE"},
                "Classifiers": [],
                **self.request,
                "State": self.state,
                "CrawlElapsedTime": self._elapsed_milliseconds(),
                "CreationTime": self.created,
                "LastUpdated": self.updated,
                "Version": self.version,
                "LastCrawl": ended[-1].last() if ended else None,
            },
        )

    def _elapsed_milliseconds(self) -> int:
        return 0 if self.state == "READY" else int((now() - self.crawls[-1].started_on) * 1000)


def log_group(request: Request) -> str:
    """With a security configuration the group is `/aws-glue/crawlers-role/ROLE-CONFIGURATION`."""
    configuration = request.get("CrawlerSecurityConfiguration")
    if not configuration:
        return LOG_GROUP
    return f"{LOG_GROUP}-role/{request['Role'].rsplit('/', 1)[-1]}-{configuration}"
