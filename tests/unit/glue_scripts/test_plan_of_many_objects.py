"""Planning a hundred thousand objects: what the driver holds of each, and that none is consumed twice."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from lib import ops

from tests.unit.glue_scripts.small_lake import FakeS3, SmallLake

OBJECTS = 100_000
BYTES_AN_OBJECT = 1500
MODIFIED = datetime(2013, 1, 1, tzinfo=UTC)


def key(prefix: str, number: int) -> str:
    return f"{prefix}year=2013/month=01/day=01/part-{number:05}-5b7ac7f3-6f5f-4c0b-9c1d-0123456789ab.csv"


class ManyObjects(FakeS3):
    """Lists more objects than a folder should hold."""

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:
        for first in range(0, OBJECTS, 1000):
            yield {
                "Contents": [
                    {"Key": key(Prefix, number), "ETag": f'"{number:032x}"', "Size": 1, "LastModified": MODIFIED}
                    for number in range(first, first + 1000)
                ]
            }


@pytest.fixture
def many(lake: SmallLake) -> SmallLake:
    """All of the objects but one were consumed."""
    lake.put("part=1/a.csv", "1,2013-01-01,10,a\n")
    lake.run("first")
    prefix = lake.key("")
    files = (("first", key(prefix, number), f'"{number:032x}"', 1, MODIFIED) for number in range(OBJECTS - 1))
    ops.write_values(lake.spark, lake.tables, ops.FILES, files)
    lake.s3 = ManyObjects()
    return lake


@pytest.mark.soak
def test_the_driver_holds_little_of_each_object_that_it_lists_and_compares(many: SmallLake) -> None:
    tracemalloc.start()
    planned = many.plan("second")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [each.key for each in planned.objects] == [key(many.key(""), OBJECTS - 1)]
    assert peak / OBJECTS < BYTES_AN_OBJECT
