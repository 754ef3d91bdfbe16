"""The emulator's log, followed; and groups of CloudWatch Logs as lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.command import log_file, log_group
from local.command.log_group import LogGroup, UnknownLogGroup


def test_following_a_log_gives_each_line_once_also_one_that_comes_in_parts(tmp_path: Path) -> None:
    file = tmp_path / "1.log"
    file.write_text("old\nlast\n")
    written: Iterator[str] = iter(["one\nha", "lf\n", "end without a newline"])

    def running() -> bool:
        """One more piece is written at each look; after the last it has ended."""
        piece = next(written, None)
        if piece is not None:
            with file.open("a") as log:
                log.write(piece)
        return piece is not None

    assert list(log_file.follow(file, 1, running)) == ["last", "one", "half", "end without a newline"]


def test_the_log_of_an_emulator_that_has_ended_is_shown_and_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "1.log"
    file.write_text("one\ntwo\n")
    assert list(log_file.follow(file, 10, lambda: False)) == ["one", "two"]


class Logs:
    """A client of CloudWatch Logs with one group."""

    class exceptions:
        ResourceNotFoundException = ClientError

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def put(self, at: int, stream: str, message: str) -> None:
        self.events.append(
            {"eventId": str(len(self.events)), "timestamp": at, "logStreamName": stream, "message": message}
        )

    def get_paginator(self, name: str) -> Any:
        client = self

        class Pages:
            def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
                if name == "describe_log_groups":
                    return iter([{"logGroups": [{"logGroupName": "/a"}]}, {"logGroups": [{"logGroupName": "/b"}]}])
                if asked["logGroupName"] != "/a":
                    raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "FilterLogEvents")
                found = [one for one in client.events if one["timestamp"] >= asked["startTime"]]
                return iter([{"events": found[:1]}, {"events": found[1:]}])

        return Pages()


def test_events_come_in_order_under_the_name_of_their_stream() -> None:
    logs = Logs()
    logs.put(3_600_000, "jr_2", "second")
    logs.put(1_000, "jr_1", "first")
    logs.put(3_601_000, "jr_2", "third")
    lines = list(LogGroup(logs, "/a").lines())
    assert lines == ["==> jr_1 <==", "00:00:01 first", "==> jr_2 <==", "01:00:00 second", "01:00:01 third"]


def test_of_a_followed_group_only_what_is_new_comes_also_when_it_is_older(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_group, "SECONDS_BETWEEN_LOOKS", 0)
    logs = Logs()
    logs.put(20_000, "jr_1", "first")
    looks = iter([True, False])

    def running() -> bool:
        logs.put(19_000, "jr_1", "late")
        return next(looks)

    assert list(LogGroup(logs, "/a").follow(running)) == ["==> jr_1 <==", "00:00:20 first", "00:00:19 late"]


def test_only_streams_are_shown_whose_name_begins_as_asked() -> None:
    logs = Logs()
    logs.put(1_000, "jr_1", "first")
    logs.put(2_000, "jr_2", "second")
    assert list(LogGroup(logs, "/a", "jr_2").lines()) == ["==> jr_2 <==", "00:00:02 second"]


def test_a_group_that_there_is_not_is_an_error_that_lists_those_that_there_are() -> None:
    with pytest.raises(UnknownLogGroup, match="there is no log group '/c'; those that there are: /a, /b"):
        list(LogGroup(Logs(), "/c").lines())
