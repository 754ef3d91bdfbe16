"""Runs of jobs tell of themselves, and are watched for their NotifyDelayAfter from the start."""

import threading
import time
from pathlib import Path
from typing import Any, cast

import pytest

from local.glue.credentials import RoleCredentialsVendor
from local.glue.errors import InvalidInput
from local.glue.events import StateChanges
from local.glue.platform import Platform
from local.glue.scope import Scope
from local.glue.service import Glue
from tests.integration.aws import wait_for
from tests.unit.local.workflows.world import FakeClock

JOB = {"Name": "j", "Role": "r", "Command": {"Name": "glueetl", "ScriptLocation": "s3://b/script.py"}}


class Vendor:
    """Gives no credentials: each run waits for `answer`, then fails."""

    def __init__(self) -> None:
        self.answer = threading.Event()

    def grant(self, *asked: object) -> dict[str, str]:
        self.answer.wait(timeout=30)
        raise InvalidInput("the role is not there")


@pytest.mark.shows("job-event-delay")
@pytest.mark.parametrize(
    ("of_job", "of_run", "minutes"),
    [({"NotifyDelayAfter": 5}, None, 5), (None, {"NotifyDelayAfter": 7}, 7), ({"NotifyDelayAfter": 5}, {}, None)],
)
def test_the_notify_delay_of_a_run_is_its_own_or_its_jobs(
    tmp_path: Path, of_job: dict[str, int] | None, of_run: dict[str, int] | None, minutes: int | None
) -> None:
    events: list[tuple[str, str, Any]] = []
    clock, vendor = FakeClock(time.time()), Vendor()
    changes = StateChanges(
        publish=lambda kind, detail: events.append((kind, str(detail["state"]), detail.get("notificationCondition"))),
        clock=clock,
    )
    scope = Scope(account="000000000000", region="us-east-1")
    endpoint = "http://127.0.0.1:1"
    platform = Platform(scope, endpoint, cast(RoleCredentialsVendor, vendor), tmp_path, tmp_path, events=changes)
    glue = Glue(platform, clock)
    glue.actions["CreateJob"]({**JOB, **({"NotificationProperty": of_job} if of_job is not None else {})})

    glue.actions["StartJobRun"]({"JobName": "j", **({"NotificationProperty": of_run} if of_run is not None else {})})
    clock.forward((minutes or 60) * 60 - 2)
    assert events == []
    clock.forward(4)
    told = [("Glue Job Run Status", "STARTING", {"NotifyDelayAfter": float(minutes)})] if minutes else []
    assert events == told

    vendor.answer.set()
    wait_for(lambda: len(events) > len(told), seconds=10, what="the run's end")
    assert events[-1] == ("Glue Job State Change", "FAILED", None)
