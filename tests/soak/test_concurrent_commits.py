"""Many commits of several writers to one Iceberg table: none is lost, and the writers do meet."""

import pytest

from local.settings import Settings
from tests.integration.aws import Aws
from tests.integration.conftest import emulator  # noqa: F401 - a fixture
from tests.integration.iceberg_writers import Writers

pytestmark = pytest.mark.soak


def test_three_spark_jobs_and_pyiceberg_committing_for_minutes_lose_no_commit(emulator: Settings) -> None:  # noqa: F811
    writers = Writers(Aws(emulator.endpoint), "manywriters", retries=0)
    reported = writers.commit(sparks=3, commits=60)
    assert writers.conflicts > 0  # of writers that give up at once, some do where they meet
    assert writers.rows() == reported
    assert writers.snapshots() == writers.version() == reported.total()
