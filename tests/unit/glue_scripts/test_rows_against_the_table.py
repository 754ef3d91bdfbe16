from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from lib.upsert import compare, touched
from pyspark.sql import DataFrame, SparkSession

from tests.unit.glue_scripts.small_lake import ORDERS

DAY, EARLY, LATE = date(2013, 1, 31), datetime(2013, 1, 1), datetime(2013, 1, 2)
SCHEMA = "id int, day date, amount int, note string, _source_file string, _source_modified timestamp"
COLUMNS = ["id", "day", "amount", "note"]
# id -> (stored row or None, row that comes), each as (amount, note, file, modified)
CASES: dict[str, tuple[tuple[Any, ...] | None, tuple[Any, ...]]] = {
    "inserted": (None, (1, "a", "f", EARLY)),
    "unchanged": ((1, None, "f", EARLY), (1, None, "g", LATE)),
    "updated": ((1, "a", "g", EARLY), (2, "a", "f", LATE)),
    "superseded": ((1, "a", "f", LATE), (2, "a", "g", EARLY)),
}


def frame(spark: SparkSession, values: list[tuple[Any, ...]]) -> DataFrame:
    return spark.createDataFrame(values, SCHEMA)


@pytest.fixture(scope="module")
def actions(spark: SparkSession) -> dict[int, str]:
    stored = [(number, DAY, *case[0]) for number, case in enumerate(CASES.values()) if case[0]]
    incoming = [(number, DAY, *case[1]) for number, case in enumerate(CASES.values())]
    compared = compare(frame(spark, incoming), frame(spark, stored), ORDERS, COLUMNS)
    return {row["id"]: row["_action"] for row in compared.collect()}


@pytest.mark.parametrize("action", CASES)
def test_a_row_is_told_apart_by_what_it_does_to_the_table(actions: dict[int, str], action: str) -> None:
    assert actions[list(CASES).index(action)] == action


def test_a_null_in_a_key_meets_a_null(spark: SparkSession) -> None:
    row = frame(spark, [(None, DAY, 1, "a", "f", EARLY)])
    assert [found["_action"] for found in compare(row, row, ORDERS, COLUMNS).collect()] == ["unchanged"]


def test_only_the_partitions_of_the_rows_are_searched(spark: SparkSession) -> None:
    rows = frame(spark, [(1, DAY, 1, "a", "f", EARLY), (2, date(2013, 3, 1), 1, "a", "f", EARLY)])
    months = (2013 - 1970) * 12
    assert touched(rows, ORDERS).sql("t.") == f"(glue_catalog.system.months(t.`day`) IN ({months}, {months + 2}))"


def test_every_partition_is_searched_where_the_key_does_not_decide_it(spark: SparkSession) -> None:
    assert touched(frame(spark, []), replace(ORDERS, key=("id",))).sql() == "true"
