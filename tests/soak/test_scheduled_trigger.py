"""A SCHEDULED trigger by the machine's own clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local import process
from local.settings import Settings
from tests.integration.aws import Aws, wait_for
from tests.integration.conftest import free_port

pytestmark = pytest.mark.soak

SECONDS = 150


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[Aws]:
    settings = Settings(port=free_port(), state_dir=tmp_path)
    process.start(settings)
    yield Aws(settings.endpoint)
    process.stop(settings)


def test_a_schedule_starts_a_run_at_its_minute(aws: Aws) -> None:
    glue = aws.client("glue")
    due = (datetime.now(UTC) + timedelta(minutes=1, seconds=10)).replace(second=0, microsecond=0)
    glue.create_workflow(Name="timed")
    glue.create_trigger(
        Name="timed", Type="SCHEDULED", WorkflowName="timed", StartOnCreation=True, Actions=[{"JobName": "none"}],
        Schedule=f"cron({due.minute} {due.hour} {due.day} {due.month} ? {due.year})",
    )  # fmt: skip

    def look() -> Any:
        return glue.get_workflow_runs(Name="timed")["Runs"]

    (run,) = wait_for(look, seconds=SECONDS, what="the scheduled run")

    assert timedelta(0) <= run["StartedOn"] - due < timedelta(seconds=5)
    assert run["Status"] == "COMPLETED"
