"""What Glue publishes of its runs and crawls, in the shapes of AWS's examples."""

from dataclasses import dataclass
from typing import Any

import pytest

from local.glue.crawlers.state import Crawl
from local.glue.crawlers.summary import CrawlSummary
from local.glue.events import Detail, StateChanges
from tests.unit.local.workflows.world import NOON, FakeClock

JOB_STATE_CHANGE, JOB_RUN_STATUS = "Glue Job State Change", "Glue Job Run Status"


class Bus:
    """What was published, and the clock of what is published later."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Detail]] = []
        self.clock = FakeClock()
        self.changes = StateChanges("123456789012", "eu-central-1", self._publish, self.clock)

    def run(self, notify_delay_after: int | None = None) -> "Run":
        """A run that has just begun, of which the bus is told."""
        run = Run(self.changes, notify_delay_after)
        self.changes.job_run_started(run)
        return run

    def _publish(self, detail_type: str, detail: Detail) -> None:
        self.events.append((detail_type, detail))


@dataclass
class Run:
    """A job run that tells of each state that it enters."""

    changes: StateChanges
    notify_delay_after: int | None
    id: str = "jr_1"
    job: str = "MyJob"
    state: str = "STARTING"
    error: str | None = None
    started_on: float = NOON

    def move(self, state: str, error: str | None = None) -> None:
        self.state, self.error = state, error
        self.changes.job_run_moved(self)


@pytest.fixture
def bus() -> Bus:
    return Bus()


def crawl(state: str, **members: Any) -> Crawl:
    return Crawl(
        id="c", crawler="MyCrawler", log_group="/aws-glue/crawlers", log_stream="MyCrawler", started_on=NOON,
        completed_on=NOON + 7.4, state=state, **members,
    )  # fmt: skip


@pytest.mark.shows("job-event")
@pytest.mark.parametrize(
    ("state", "error", "severity", "message"),
    [
        ("SUCCEEDED", None, "INFO", "Job run succeeded"),
        ("FAILED", "ValueError: no", "ERROR", "ValueError: no"),
        ("FAILED", None, "ERROR", "Job run failed"),
        ("TIMEOUT", "Timed out after 60 minutes.", "WARN", "Job run timed out"),
        ("STOPPED", None, "INFO", "Job run stopped"),
    ],
)
def test_each_end_of_a_run_is_told_once_with_its_severity(
    bus: Bus, state: str, error: str | None, severity: str, message: str
) -> None:
    run = bus.run()
    run.move("RUNNING")
    run.move(state, error=error)
    assert bus.events == [
        (
            JOB_STATE_CHANGE,
            {"jobName": "MyJob", "severity": severity, "state": state, "jobRunId": "jr_1", "message": message},
        )
    ]


@pytest.mark.parametrize("state", ["ERROR", "WAITING", "STARTING", "RUNNING", "STOPPING"])
def test_no_other_state_of_a_run_has_an_event(bus: Bus, state: str) -> None:
    bus.run().move(state)
    assert bus.events == []


@pytest.mark.shows("job-event-delay")
def test_a_run_that_takes_longer_than_its_notify_delay_is_told(bus: Bus) -> None:
    run = bus.run(notify_delay_after=2)
    run.move("RUNNING")
    bus.clock.forward(119)
    assert bus.events == []

    bus.clock.forward(1)

    assert bus.events == [
        (
            JOB_RUN_STATUS,
            {
                "jobName": "MyJob",
                "severity": "INFO",
                "notificationCondition": {"NotifyDelayAfter": 2.0},
                "state": "RUNNING",
                "jobRunId": "jr_1",
                "message": "Job is in RUNNING state",
                "startedOn": "2026-11-23T12:00:00.000Z",
            },
        )
    ]


@pytest.mark.shows("job-event-delay")
def test_a_late_run_that_is_stopped_is_told_in_stopping_too(bus: Bus) -> None:
    run = bus.run(notify_delay_after=1)
    bus.clock.forward(90)
    run.move("STOPPING")
    run.move("STOPPED")
    assert [(kind, detail["state"]) for kind, detail in bus.events] == [
        (JOB_RUN_STATUS, "STARTING"), (JOB_RUN_STATUS, "STOPPING"), (JOB_STATE_CHANGE, "STOPPED"),
    ]  # fmt: skip


def test_a_run_that_ends_in_time_or_has_no_notify_delay_is_not_late(bus: Bus) -> None:
    bus.run(notify_delay_after=1).move("SUCCEEDED")
    bus.run()
    bus.clock.forward(3600)
    assert [kind for kind, _ in bus.events] == [JOB_STATE_CHANGE]


@pytest.mark.shows("crawl-event-started", "crawl-event-ended")
def test_a_crawl_is_told_in_strings(bus: Bus) -> None:
    bus.changes.crawl_started(crawl("RUNNING"))
    summary = CrawlSummary(tables_created=["a"], tables_updated=["b", "c"], partitions_created=["a/year=1"] * 12)
    bus.changes.crawl_ended(crawl("SUCCEEDED", summary=summary))
    bus.changes.crawl_ended(crawl("FAILED", error="no objects"))

    link = (
        "https://console.aws.amazon.com/cloudwatch/home?region=eu-central-1"
        "#logEventViewer:group=/aws-glue/crawlers;stream=MyCrawler"
    )
    assert {kind for kind, _ in bus.events} == {"Glue Crawler State Change"}
    assert [detail for _, detail in bus.events] == [
        {
            "accountId": "123456789012", "crawlerName": "MyCrawler", "startTime": "2026-11-23T12:00:00Z",
            "state": "Started", "message": "Crawler Started",
        },
        {
            "accountId": "123456789012", "crawlerName": "MyCrawler", "state": "Succeeded",
            "message": "Crawler Succeeded", "warningMessage": "N/A", "cloudWatchLogLink": link,
            "completionDate": "2026-11-23T12:00:07Z", "runningTime (sec)": "7",
            "tablesCreated": "1", "tablesUpdated": "2", "tablesDeleted": "0",
            "partitionsCreated": "12", "partitionsUpdated": "0", "partitionsDeleted": "0",
        },
        {
            "accountId": "123456789012", "crawlerName": "MyCrawler", "state": "Failed", "message": "Crawler Failed",
            "errorMessage": "no objects", "cloudWatchLogLink": link,
        },
    ]  # fmt: skip


@pytest.mark.shows("crawl-event-cancelled")
def test_a_cancelled_crawl_has_no_event(bus: Bus) -> None:
    bus.changes.crawl_ended(crawl("CANCELLED"))
    assert bus.events == []
