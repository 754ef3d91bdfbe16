"""A job run's log as it grows: every line of every stream once, in order, also those that come after its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lake.names import Names
from runner.errors import AwsError, Trouble, asking
from runner.logs import LOG_KINDS, LogKind, groups_of

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import JobRunTypeDef
    from mypy_boto3_logs.client import CloudWatchLogsClient

# A page holds at most 10,000 events or 1 MB (GetLogEvents).
EVENTS_A_PAGE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when it was written (milliseconds of the epoch), by the script or by Spark and Glue, and its text."""

    at: int
    kind: LogKind
    text: str


@dataclass(slots=True)
class Follower:
    """Reads on where it left off. One for each pipeline; `read` takes the job runs as they are known by then."""

    logs: CloudWatchLogsClient
    names: Names
    dataset: str
    kinds: tuple[LogKind, ...] = LOG_KINDS
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    def read(self, job_runs: Iterable[JobRunTypeDef]) -> list[Line]:
        """Return the lines that came since the last call, by time; lines of one stream keep their order.

        Raises AwsError where the log could not be read; what was not returned is returned by the next call.
        """
        lines: list[Line] = []
        read: dict[tuple[str, str], str] = {}
        for job_run in job_runs:
            for kind in self.kinds:
                group, streams = self._streams_of(job_run, kind)
                for stream in streams:
                    events, read[group, stream] = self._events(group, stream)
                    lines += (Line(at, kind, text) for at, message in events for text in message.split("\n"))
        self._tokens |= read
        return sorted(lines, key=lambda line: line.at)

    def _streams_of(self, job_run: JobRunTypeDef, kind: LogKind) -> tuple[str, list[str]]:
        """The run's streams of a kind, and their group: a run writes to one; where it is found no other is asked."""
        for group in groups_of(job_run, self.names, self.dataset, kind):
            if streams := list(self._streams(group, job_run.get("Id", ""))):
                return group, streams
        return "", []

    def _streams(self, group: str, run_id: str) -> Iterator[str]:
        try:
            with asking(f"find the log of {run_id} in {group}"):
                pages = self.logs.get_paginator("describe_log_streams").paginate(
                    logGroupName=group, logStreamNamePrefix=run_id
                )
                for page in pages:
                    yield from (stream.get("logStreamName", "") for stream in page.get("logStreams", []))
        except AwsError as error:
            if error.trouble is not Trouble.MISSING:
                raise

    def _events(self, group: str, stream: str) -> tuple[list[tuple[int, str]], str]:
        """Every page from the last one read on; the token that comes back unchanged is that of the end."""
        token = self._tokens.get((group, stream))
        events: list[tuple[int, str]] = []
        while True:
            with asking(f"read log stream {stream} in {group}"):
                page = self.logs.get_log_events(
                    logGroupName=group,
                    logStreamName=stream,
                    startFromHead=True,
                    limit=EVENTS_A_PAGE,
                    **({"nextToken": token} if token else {}),  # type: ignore[arg-type]  # absent, not null
                )
            events += [(event.get("timestamp", 0), event.get("message", "").rstrip("\n")) for event in page["events"]]
            following = page.get("nextForwardToken", "")
            if not following or following == token:
                return events, following
            token = following
