"""The last lines of a job run's log: the traceback where there is one, for that is what its user wants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, get_args

from lake.names import Names
from runner.errors import AwsError, Trouble, asking

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import JobRunTypeDef
    from mypy_boto3_logs.client import CloudWatchLogsClient

LogKind = Literal["output", "error"]
"""`output` is the script's stdout and stderr, `error` what Spark and Glue say."""
LOG_KINDS: Final[tuple[LogKind, ...]] = get_args(LogKind)
DEFAULT_LOG_GROUP: Final = "/aws-glue/jobs"
TRACEBACK: Final = "Traceback (most recent call last):"

EVENTS_READ: Final = 500
STREAMS_READ: Final = 5
LINES_SHOWN: Final = 20
TRACEBACK_LINES_SHOWN: Final = 60


def last_lines(logs: CloudWatchLogsClient, job_run: JobRunTypeDef, names: Names, dataset: str) -> list[str]:
    """Return the last traceback in the run's log, else its last lines; empty where it wrote none.

    Raises AwsError where the log could not be read.
    """
    by_kind = []
    for kind in LOG_KINDS:
        tails = (_tail(logs, group, job_run.get("Id", "")) for group in groups_of(job_run, names, dataset, kind))
        by_kind.append(next(filter(None, tails), []))
    for lines in by_kind:
        if found := last_traceback(lines):
            return found
    return next((lines[-LINES_SHOWN:] for lines in by_kind if lines), [])


def groups_of(job_run: JobRunTypeDef, names: Names, dataset: str, kind: LogKind) -> list[str]:
    """Return the log groups where a run's lines of a kind may be; JobRun.LogGroupName holds the base only.

    AWS may give the base without the part that a security configuration puts into it.
    """
    base = job_run.get("LogGroupName") or DEFAULT_LOG_GROUP
    # The dataset's own first: those who may look at this environment's groups alone get no further.
    return list(dict.fromkeys((names.job_log_group(dataset, kind), f"{base}/{kind}")))


def last_traceback(lines: Sequence[str]) -> list[str]:
    """Return the last traceback of `lines` and what follows, cut in the middle where long; else nothing."""
    starts = [index for index, line in enumerate(lines) if TRACEBACK in line]
    if not starts:
        return []
    # A chain of exceptions is several tracebacks; the last says what ended the job.
    found = list(lines[starts[-1] :])
    if len(found) <= TRACEBACK_LINES_SHOWN:
        return found
    head = TRACEBACK_LINES_SHOWN // 2
    left_out = len(found) - TRACEBACK_LINES_SHOWN
    return [*found[:head], f"... {left_out} lines left out ...", *found[-(TRACEBACK_LINES_SHOWN - head) :]]


def _tail(logs: CloudWatchLogsClient, group: str, run_id: str) -> list[str]:
    """Return the last lines of the streams whose names begin with the run's id, in order of time."""
    try:
        with asking(f"find the log of {run_id} in {group}"):
            streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=run_id)["logStreams"]
    except AwsError as error:
        if error.trouble is Trouble.MISSING:
            return []
        raise
    events: list[tuple[int, str]] = []
    for stream in streams[:STREAMS_READ]:
        name = stream.get("logStreamName", "")
        with asking(f"read log stream {name} in {group}"):
            page = logs.get_log_events(logGroupName=group, logStreamName=name, limit=EVENTS_READ, startFromHead=False)
        events += [(event.get("timestamp", 0), event.get("message", "")) for event in page["events"]]
    # Stable: events of one millisecond keep the order of their stream.
    events.sort(key=lambda event: event[0])
    return [line for _, message in events for line in message.rstrip("\n").split("\n")]
