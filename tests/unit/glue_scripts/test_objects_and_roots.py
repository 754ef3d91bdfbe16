from datetime import UTC, datetime
from typing import Any, cast

import pytest
from lib.counts import Counts
from lib.errors import AccountingError
from lib.read import roots
from lib.source import RawTable, list_objects

LISTED = ["raw/t/m=1/a.csv", "raw/t/m=1/b.csv", "raw/t/m=2/a.csv", "raw/t/c.csv"]


class Pages:
    def __init__(self, keys: list[str]) -> None:
        self.keys = keys

    def get_paginator(self, operation: str) -> "Pages":
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> list[dict[str, Any]]:
        modified = datetime(2013, 1, 1, tzinfo=UTC)
        contents = [{"Key": key, "ETag": "e", "Size": 0, "LastModified": modified} for key in self.keys]
        return [{"Contents": contents}, {}]


@pytest.mark.parametrize(
    "key",
    [
        "raw/t/",
        "raw/t/m=1/",
        "raw/t/_SUCCESS",
        "raw/t/.hidden",
        "raw/t/_tmp/a.csv",
        "raw/t/.x/a.csv",
        "raw/t/m_$folder$",
    ],
)
def test_what_spark_does_not_read_is_no_object(key: str) -> None:
    assert list(list_objects(cast(Any, Pages([key])), RawTable("s3://b/raw/t/", (), (), {}))) == []


@pytest.mark.parametrize("key", ["raw/t/a.csv", "raw/t/m=1/a_b.csv", "raw/t/_m=1/a.csv", "raw/t/empty"])
def test_what_spark_reads_is_an_object(key: str) -> None:
    found = list(list_objects(cast(Any, Pages([key])), RawTable("s3://b/raw/t", (), (), {})))
    assert [each.key for each in found] == [key]


def test_all_objects_are_read_by_their_common_folder() -> None:
    assert roots(set(LISTED), LISTED, "raw/t/") == ["raw/t/"]


def test_a_folder_of_only_new_objects_is_read_as_one() -> None:
    assert roots({"raw/t/m=1/a.csv", "raw/t/m=1/b.csv"}, LISTED, "raw/t/") == ["raw/t/m=1/"]


def test_a_new_object_beside_an_old_one_is_read_by_itself() -> None:
    assert roots({"raw/t/m=1/a.csv", "raw/t/c.csv"}, LISTED, "raw/t/") == ["raw/t/c.csv", "raw/t/m=1/a.csv"]


def test_rows_that_do_not_add_up_are_an_error() -> None:
    with pytest.raises(
        AccountingError, match=r"5 rows were read, but 2 curated \+ 1 superseded \+ 1 quarantined are 4"
    ):
        Counts(read=5, inserted=1, unchanged=1, superseded=1, quarantined=1).verify()


def test_counts_survive_in_a_snapshots_summary() -> None:
    counts = Counts(read=6, inserted=1, updated=1, unchanged=1, superseded=2, quarantined=1)
    assert Counts.from_properties({"total-records": "9", **counts.properties()}) == counts
