"""What Glue tells EventBridge's default bus of runs and crawls, in AWS's shapes.

Source: the event types of AWS Glue in the Amazon CloudWatch Events user guide, with its examples; which states have an
event, too. A run that ended in ERROR and a crawl that was cancelled have none.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from local.glue.clock import Clock, SystemClock

if TYPE_CHECKING:
    from local.glue.crawlers.state import Crawl

Detail = Mapping[str, object]
Publish = Callable[[str, Detail], None]

JOB_STATE_CHANGE = "Glue Job State Change"
JOB_RUN_STATUS = "Glue Job Run Status"
CRAWLER_STATE_CHANGE = "Glue Crawler State Change"

# State: severity and message. A failed run's message is what it failed with.
_ENDS = {
    "SUCCEEDED": ("INFO", "Job run succeeded"),
    "FAILED": ("ERROR", "Job run failed"),
    "TIMEOUT": ("WARN", "Job run timed out"),
    "STOPPED": ("INFO", "Job run stopped"),
}
_STATES_THAT_ARE_LATE = frozenset({"STARTING", "RUNNING", "STOPPING"})


class Run(Protocol):
    """A job run, as far as events tell of it."""

    @property
    def id(self) -> str:
        """`jr_…`."""

    @property
    def job(self) -> str:
        """The job's name."""

    @property
    def state(self) -> str:
        """JobRunState."""

    @property
    def error(self) -> str | None:
        """ErrorMessage."""

    @property
    def started_on(self) -> float:
        """StartedOn, in seconds since the epoch."""

    @property
    def notify_delay_after(self) -> int | None:
        """NotifyDelayAfter, in minutes, if there is one."""


def _nobody(detail_type: str, detail: Detail) -> None:
    """Publishes nothing: a Glue without a bus."""


class StateChanges:
    """Publishes the changes of one scope; `publish` takes detail-type and detail, and must return at once."""

    def __init__(
        self, account: str = "", region: str = "", publish: Publish = _nobody, clock: Clock | None = None
    ) -> None:
        self._account = account
        self._region = region
        self._publish = publish
        self._clock = clock or SystemClock()

    def job_run_started(self, run: Run) -> None:
        """A run is in STARTING: from now on it is watched for its NotifyDelayAfter, if it has one."""
        due = _late_from(run)
        if due is not None:
            self._clock.at(due, lambda: self._tell_if_late(run))

    def job_run_moved(self, run: Run) -> None:
        """A run has entered a state."""
        if run.state in _ENDS:
            severity, message = _ENDS[run.state]
            self._publish(
                JOB_STATE_CHANGE,
                {
                    "jobName": run.job,
                    "severity": severity,
                    "state": run.state,
                    "jobRunId": run.id,
                    "message": (run.state == "FAILED" and run.error) or message,
                },
            )
        due = _late_from(run)
        if due is not None and self._clock.now() >= due:
            self._tell_if_late(run)

    def crawl_started(self, crawl: "Crawl") -> None:
        """A crawl has begun."""
        self._publish(
            CRAWLER_STATE_CHANGE,
            {
                "accountId": self._account,
                "crawlerName": crawl.crawler,
                "startTime": _time(crawl.started_on),
                "state": "Started",
                "message": "Crawler Started",
            },
        )

    def crawl_ended(self, crawl: "Crawl") -> None:
        """A crawl has ended."""
        detail = {
            "accountId": self._account,
            "crawlerName": crawl.crawler,
            "cloudWatchLogLink": self._log_link(crawl),
        }
        if crawl.state == "SUCCEEDED":
            detail |= {"state": "Succeeded", "message": "Crawler Succeeded", "warningMessage": "N/A", **_counts(crawl)}
        elif crawl.state == "FAILED":
            detail |= {"state": "Failed", "message": "Crawler Failed", "errorMessage": crawl.error or ""}
        else:
            return
        self._publish(CRAWLER_STATE_CHANGE, detail)

    def _tell_if_late(self, run: Run) -> None:
        if run.state in _STATES_THAT_ARE_LATE and run.notify_delay_after:
            self._publish(
                JOB_RUN_STATUS,
                {
                    "jobName": run.job,
                    "severity": "INFO",
                    "notificationCondition": {"NotifyDelayAfter": float(run.notify_delay_after)},
                    "state": run.state,
                    "jobRunId": run.id,
                    "message": f"Job is in {run.state} state",
                    "startedOn": _time(run.started_on, "milliseconds"),
                },
            )

    def _log_link(self, crawl: "Crawl") -> str:
        return (
            f"https://console.aws.amazon.com/cloudwatch/home?region={self._region}"
            f"#logEventViewer:group={crawl.log_group};stream={crawl.log_stream}"
        )


def _late_from(run: Run) -> float | None:
    """NotifyDelayAfter is in minutes, counted from StartedOn."""
    return run.started_on + run.notify_delay_after * 60 if run.notify_delay_after else None


def _counts(crawl: "Crawl") -> dict[str, str]:
    ended = crawl.completed_on or crawl.started_on
    changed = {
        "tablesCreated": "tables_created",
        "tablesUpdated": "tables_updated",
        "tablesDeleted": "tables_deleted",
        "partitionsCreated": "partitions_created",
        "partitionsUpdated": "partitions_updated",
        "partitionsDeleted": "partitions_deleted",
    }
    return {
        "completionDate": _time(ended),
        "runningTime (sec)": str(round(ended - crawl.started_on)),
        **{member: str(len(getattr(crawl.summary, names, []))) for member, names in changed.items()},
    }


def _time(seconds: float, precision: str = "seconds") -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec=precision).replace("+00:00", "Z")
