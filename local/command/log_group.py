"""A group of CloudWatch Logs on the emulator, as lines: what jobs print, and what crawls say."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

SECONDS_BETWEEN_LOOKS = 1.0
# An event may become visible after one that is younger; so far back every look goes.
MILLISECONDS_OF_OVERLAP = 10_000


class UnknownLogGroup(Exception):
    """There is no such group; the text lists those that there are."""


@dataclass
class LogGroup:
    """The events of a group's streams whose names begin with `stream`; `logs` is a client of CloudWatch Logs."""

    logs: Any
    name: str
    stream: str = ""
    _seen: set[str] = field(default_factory=set)
    _youngest: int = 0
    _stream_shown: str = ""

    def lines(self) -> Iterator[str]:
        """What has come since the last time, oldest first; a heading where another stream begins.

        Raises UnknownLogGroup.
        """
        for event in sorted(self._new_events(), key=lambda one: int(one["timestamp"])):
            if event["logStreamName"] != self._stream_shown:
                self._stream_shown = event["logStreamName"]
                yield f"==> {self._stream_shown} <=="
            at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC).strftime("%H:%M:%S")
            yield f"{at} {event['message']}"

    def follow(self, running: Callable[[], bool]) -> Iterator[str]:
        """The lines that there are and those that come, until `running` says that no more will."""
        while True:
            yield from self.lines()
            time.sleep(SECONDS_BETWEEN_LOOKS)
            if not running():
                return

    def _new_events(self) -> list[Any]:
        since = max(self._youngest - MILLISECONDS_OF_OVERLAP, 0)
        reader = self.logs.get_paginator("filter_log_events")
        try:
            # MiniStack passes over logStreamNamePrefix.
            events = [
                event
                for page in reader.paginate(logGroupName=self.name, startTime=since)
                for event in page["events"]
                if event["logStreamName"].startswith(self.stream) and event["eventId"] not in self._seen
            ]
        except self.logs.exceptions.ResourceNotFoundException as problem:
            raise UnknownLogGroup(_unknown(self.name, _names(self.logs))) from problem
        self._seen.update(event["eventId"] for event in events)
        self._youngest = max([self._youngest, *(event["timestamp"] for event in events)])
        return events


def _names(logs: Any) -> list[str]:
    pages = logs.get_paginator("describe_log_groups").paginate()
    return [group["logGroupName"] for page in pages for group in page["logGroups"]]


def _unknown(name: str, known: list[str]) -> str:
    there = f"those that there are: {', '.join(known)}" if known else "there are none yet: no job or crawl has logged"
    return f"there is no log group '{name}'; {there}"
