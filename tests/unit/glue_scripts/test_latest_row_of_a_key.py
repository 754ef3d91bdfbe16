from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from lib.dataset import Transform
from lib.latest import latest
from pyspark.sql import SparkSession

from tests.unit.glue_scripts.small_lake import ORDERS

EARLY, LATE = datetime(2013, 1, 1), datetime(2013, 1, 2)
SCHEMA = (
    "id int, day date, amount int, note string, updated int, "
    "_source_file string, _source_modified timestamp, _source_block bigint, _source_row bigint"
)
# id -> rows as (note, updated, file, modified, block, row); the row noted "wins" must survive.
CASES: dict[str, list[tuple[Any, ...]]] = {
    "order_by before all else": [("loses", 1, "z", LATE, 9, 9), ("wins", 2, "a", EARLY, 0, 0)],
    "any order_by before none": [("loses", None, "z", LATE, 9, 9), ("wins", 1, "a", EARLY, 0, 0)],
    "then the later object": [("wins", 1, "a", LATE, 0, 0), ("loses", 1, "z", EARLY, 9, 9)],
    "then the greater key": [("loses", 1, "a", EARLY, 9, 9), ("wins", 1, "b", EARLY, 0, 0)],
    "then the later block": [("wins", 1, "a", EARLY, 5, 0), ("loses", 1, "a", EARLY, 0, 9)],
    "then the later row": [("loses", 1, "a", EARLY, 5, 1), ("wins", 1, "a", EARLY, 5, 2)],
    "a row alone": [("wins", None, "a", EARLY, 0, 0)],
}
DATASETS = {
    "one shuffle by partition": replace(ORDERS, order_by=("updated",)),
    "partitioned by no key column": replace(ORDERS, order_by=("updated",), partition_by=(Transform("note"),)),
    "not partitioned": replace(ORDERS, order_by=("updated",), partition_by=()),
}


def rows(spark: SparkSession) -> Any:
    day = datetime(2013, 1, 1).date()
    values = [
        (number, day, 0, note, updated, file, modified, block, row)
        for number, case in enumerate(CASES.values())
        for note, updated, file, modified, block, row in case
    ]
    return spark.createDataFrame(values, SCHEMA)


@pytest.fixture(scope="module", params=DATASETS)
def survivors(spark: SparkSession, request: pytest.FixtureRequest) -> list[tuple[int, str]]:
    found = latest(rows(spark), DATASETS[request.param], source_bytes=2**30)
    return sorted((row["id"], row["note"]) for row in found.collect())


@pytest.mark.parametrize("case", CASES)
def test_the_later_of_two_rows_with_one_key_survives(survivors: list[tuple[int, str]], case: str) -> None:
    number = list(CASES).index(case)
    assert [note for found, note in survivors if found == number] == ["wins"]


def test_rows_without_a_key_all_survive(spark: SparkSession) -> None:
    assert latest(rows(spark), replace(ORDERS, key=()), source_bytes=0).count() == sum(map(len, CASES.values()))
