from typing import Any

import boto3
import pytest
from lib.counts import Counts
from lib.metrics import metrics, namespace, published_metrics

from lake.names import Names
from tests.unit.glue_scripts.records import a_record


class CloudWatch:
    """Keeps what it is given, or refuses it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.given: list[dict[str, Any]] = []

    def put_metric_data(self, **request: Any) -> None:
        if self.error:
            raise self.error
        self.given.append(request)


@pytest.fixture
def cloudwatch(monkeypatch: pytest.MonkeyPatch) -> CloudWatch:
    fake = CloudWatch()
    monkeypatch.setattr(boto3, "client", lambda service, **options: fake)
    return fake


def values(**changed: Any) -> dict[str, float]:
    record = a_record()
    record.counts = Counts(read=10, inserted=6, superseded=1, quarantined=3)
    for name, value in changed.items():
        setattr(record, name, value)
    return {datum["MetricName"]: datum["Value"] for datum in metrics(record)}


def test_the_namespace_is_the_one_that_the_jobs_role_may_write() -> None:
    assert namespace(a_record("bike_trips")) == Names("local").metrics("bike_trips")


def test_a_published_run_counts_as_published_with_its_rows() -> None:
    found = values(outcome="published", bytes=1234)
    assert found["RunsPublished"] == 1
    assert (found["RowsRead"], found["RowsCurated"], found["RowsQuarantined"]) == (10, 6, 3)
    assert found["BytesRead"] == 1234


@pytest.mark.parametrize("outcome", ["failed", "refused", "empty"])
def test_a_run_that_published_nothing_does_not_end_a_silence(outcome: str) -> None:
    found = values(outcome=outcome)
    assert (found["RunsPublished"], found["RowsCurated"]) == (0, 0)


def test_the_repetition_of_a_published_run_does_not_end_a_silence() -> None:
    assert values(outcome="published", repeated=True)["RunsPublished"] == 0


def test_metrics_are_published_once_however_the_run_ends(cloudwatch: CloudWatch) -> None:
    with published_metrics(a_record()):
        assert cloudwatch.given == []
    with pytest.raises(ZeroDivisionError), published_metrics(a_record()):
        raise ZeroDivisionError
    assert [request["Namespace"] for request in cloudwatch.given] == ["lake-local-bike-trips"] * 2


def test_where_metrics_cannot_be_published_the_run_goes_on_and_says_so(
    cloudwatch: CloudWatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cloudwatch.error = OSError("no way to CloudWatch")
    with published_metrics(a_record()):
        pass
    assert "metrics could not be published: no way to CloudWatch" in capsys.readouterr().out
