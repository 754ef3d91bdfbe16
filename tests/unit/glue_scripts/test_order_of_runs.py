"""The same objects give the same rows, in one run or in many, in whatever order the runs meet them."""

import random
from datetime import timedelta

import pytest

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import MODIFIED, SmallLake

MONTHS = ("01", "02", "03")
ROWS_A_MONTH = 200


def month_of_rows(month: str) -> str:
    """Rows of a month, and of 5% of the keys of all months another row: later, earlier, or of no known order."""
    numbers = random.Random(month)
    own = [f"{number},2013-{month}-{number % 28 + 1:02},{number},{month}\n" for number in range(ROWS_A_MONTH)]
    others = [
        f"{number},2013-{other}-{number % 28 + 1:02},{numbers.choice(['NA', -number, number + int(month) * 1000])},"
        f"again {month}\n"
        for other in MONTHS
        for number in numbers.sample(range(ROWS_A_MONTH), ROWS_A_MONTH // 20)
    ]
    return "".join(own + others)


def load(make_lake: MakeLake, *runs: tuple[str, ...]) -> SmallLake:
    """A lake whose runs each met the objects of some months."""
    lake = make_lake(order_by=("amount",))
    for number, months in enumerate(runs):
        for month in months:
            lake.put(f"part=1/{month}.csv", month_of_rows(month), modified=MODIFIED + timedelta(days=int(month)))
        lake.run(f"r{number}")
    return lake


@pytest.fixture(scope="module")
def at_once(make_lake: MakeLake) -> SmallLake:
    return load(make_lake, MONTHS)


@pytest.mark.parametrize(
    "order",
    [
        pytest.param((0, 1, 2), id="in order", marks=pytest.mark.soak),
        pytest.param((2, 1, 0), id="in reverse"),
        pytest.param((1, 2, 0), id="at random", marks=pytest.mark.soak),
    ],
)
def test_a_run_for_each_object_leaves_the_rows_of_one_run_for_all(
    make_lake: MakeLake, at_once: SmallLake, order: tuple[int, ...]
) -> None:
    columns = ("id", "day", "amount", "note", "part")
    found = load(make_lake, *((MONTHS[at],) for at in order))
    assert found.rows(*columns) == at_once.rows(*columns)
    assert len(found.rows()) == len(MONTHS) * ROWS_A_MONTH


def test_only_the_partitions_that_rows_fall_into_are_rewritten(at_once: SmallLake) -> None:
    before = data_files(at_once)
    at_once.put("part=1/more.csv", "3,2013-02-04,99999,later\n", modified=MODIFIED + timedelta(days=9))
    assert at_once.run("more")["rows"]["updated"] == 1
    after = data_files(at_once)
    months = (2013 - 1970) * 12
    assert {partition for partition, _ in before ^ after} == {months + 1}


def data_files(lake: SmallLake) -> set[tuple[int, str]]:
    rows = lake.spark.sql(f"SELECT partition.day_month, file_path FROM {lake.tables.curated}.files").collect()
    return {(row[0], row[1]) for row in rows}


def test_a_null_comes_before_every_value(make_lake: MakeLake) -> None:
    lake = make_lake(order_by=("amount",))
    lake.put("part=1/a.csv", "1,2013-01-01,NA,null\n2,2013-01-01,-5,value\n3,2013-01-01,NA,null\n")
    lake.run("first")
    lake.put(
        "part=1/b.csv",
        "1,2013-01-01,-9,value\n2,2013-01-01,NA,null\n3,2013-01-01,NA,later null\n",
        modified=MODIFIED + timedelta(days=1),
    )
    rows = lake.run("second")["rows"]
    assert (rows["updated"], rows["superseded"]) == (2, 1)
    assert lake.rows("id", "note") == [(1, "value"), (2, "value"), (3, "later null")]
