"""A crawler and its crawls: their states and times, and how the API shows them."""

import threading
from dataclasses import dataclass, field
from statistics import median

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
# AWS does not say how many DPUs a crawl has; here it is one, so that a crawl's DPU-hours are its hours.
DPUS = 1
SECONDS_AN_HOUR = 3600


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

    @property
    def seconds(self) -> float:
        """How long it took, or has taken."""
        return (self.completed_on or now()) - self.started_on

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
        ended = self.completed_on is not None
        return model.members(
            "CrawlerHistory",
            {
                "CrawlId": self.id,
                "State": HISTORY_STATE[self.state],
                "StartTime": self.started_on,
                "EndTime": self.completed_on,
                "Summary": self.summary.as_json() if self.summary is not None else None,
                "ErrorMessage": self.error,
                "LogGroup": self.log_group,
                "LogStream": self.log_stream,
                "MessagePrefix": self.id,
                "DPUHour": self.seconds / SECONDS_AN_HOUR * DPUS if ended else None,
            },
        )


@dataclass
class Crawler:
    """A crawler: what was asked for, and what became of it. Of its schedule `scheduled` says whether it is on."""

    request: Request
    definition: CrawlerDefinition
    created: float
    updated: float
    version: int = 1
    state: str = "READY"
    scheduled: bool = False
    crawls: list[Crawl] = field(default_factory=list)

    @property
    def schedule(self) -> str | None:
        """The cron expression by which it starts."""
        return self.request.get("Schedule") or None

    def describe(self) -> Response:
        """The crawler as GetCrawler shows it."""
        ended = self._ended()
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
                "Schedule": self._described_schedule(),
                "State": self.state,
                "CrawlElapsedTime": self._elapsed_milliseconds(),
                "CreationTime": self.created,
                "LastUpdated": self.updated,
                "Version": self.version,
                "LastCrawl": ended[-1].last() if ended else None,
            },
        )

    def metrics(self) -> Response:
        """What GetCrawlerMetrics says of it.

        That the tables are those of all its crawls, and that what is left of a crawl is told from the median of those
        before, is not documented.
        """
        ended = self._ended()
        middle = median([one.seconds for one in ended]) if ended else 0.0
        running = self.state != "READY"
        summaries = [one.summary for one in ended if one.summary is not None]
        return {
            "CrawlerName": self.definition.name,
            "TimeLeftSeconds": max(middle - self.crawls[-1].seconds, 0.0) if running else 0.0,
            "StillEstimating": running and not ended,
            "LastRuntimeSeconds": ended[-1].seconds if ended else 0.0,
            "MedianRuntimeSeconds": middle,
            "TablesCreated": sum(len(one.tables_created) for one in summaries),
            "TablesUpdated": sum(len(one.tables_updated) for one in summaries),
            "TablesDeleted": sum(len(one.tables_deleted) for one in summaries),
        }

    def _ended(self) -> list[Crawl]:
        return [one for one in self.crawls if one.completed_on is not None]

    def _described_schedule(self) -> Response | None:
        if self.schedule is None:
            return None
        return {"ScheduleExpression": self.schedule, "State": "SCHEDULED" if self.scheduled else "NOT_SCHEDULED"}

    def _elapsed_milliseconds(self) -> int:
        return 0 if self.state == "READY" else int(self.crawls[-1].seconds * 1000)


def log_group(request: Request) -> str:
    """With a security configuration the group is `/aws-glue/crawlers-role/ROLE-CONFIGURATION`."""
    configuration = request.get("CrawlerSecurityConfiguration")
    if not configuration:
        return LOG_GROUP
    return f"{LOG_GROUP}-role/{request['Role'].rsplit('/', 1)[-1]}-{configuration}"
