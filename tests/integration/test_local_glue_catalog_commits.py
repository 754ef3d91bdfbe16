"""Iceberg's commits through local Glue's Data Catalog: of writers at once, none loses what another has committed."""

import pytest

from tests.integration.aws import Aws
from tests.integration.iceberg_writers import Writers

pytestmark = [pytest.mark.integration, pytest.mark.soak]


@pytest.mark.shows("job-iceberg-locks")
def test_two_spark_jobs_and_pyiceberg_committing_to_one_table_lose_no_commit(aws: Aws) -> None:
    writers = Writers(aws, "threewriters")
    reported = writers.commit(sparks=2, commits=6)
    assert {writer for writer, _ in reported} == {"spark-0", "spark-1", "pyiceberg"}
    assert writers.rows() == reported
    assert writers.snapshots() == writers.version() == reported.total()
