"""Twenty runs of one workflow, started at once: all end, and the machine has room for other things."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local import process
from local.settings import Settings
from tests.integration.aws import Aws
from tests.integration.conftest import free_port
from tests.integration.many_runs import assert_all_succeeded, ended_runs, start_runs
from tests.integration.watching import watched

pytestmark = pytest.mark.soak

RUNS = 20
SECONDS = 1200
MOST_BYTES = 6 * 2**30


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(port=free_port(), state_dir=tmp_path)
    process.start(settings)
    yield settings
    process.stop(settings)


def test_twenty_runs_at_once_all_end_in_6_gib(settings: Settings) -> None:
    aws = Aws(settings.endpoint)
    pid = int(settings.pid_file.read_text())

    with watched(pid) as seen:
        start_runs(aws, "twenty", RUNS)
        runs = ended_runs(aws, "twenty", RUNS, seconds=SECONDS)

    assert_all_succeeded(aws, "twenty", runs)
    assert seen.java_seen
    assert seen.most_memory < MOST_BYTES, f"{seen.most_memory / 2**30:.1f} GiB"
    assert [one.name() for one in psutil.Process(pid).children(recursive=True) if one.name() == "java"] == []
