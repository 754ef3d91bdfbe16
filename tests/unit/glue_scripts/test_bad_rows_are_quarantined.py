import json
from typing import Any

import pytest

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import SmallLake

ROWS = """1,2013-01-01,10,good
2,2013-01-01,ten,
3,2013-01-01
4,2013-01-01,40,x,too,many
NA,2013-01-01,50,no id
6,2013-02-30,sixty,two reasons
7,2013-01-01,"70,never closed
8,2013-01-01,80,"has, a comma"
9,2013-01-01,NA,NA
10,2013-01-01,99999999999,too large
"""
CASES = {
    "a text in a number column": (1, "2,2013-01-01,ten,", ["amount: not of type int"]),
    "a row with too few fields": (2, "3,2013-01-01", ["too few fields"]),
    "a row with too many fields": (3, "4,2013-01-01,40,x,too,many", ["too many fields"]),
    "a row with two bad values": (
        5,
        "6,2013-02-30,sixty,two reasons",
        ["day: not of type date", "amount: not of type int"],
    ),
    "a row with a quote that is never closed": (6, '7,2013-01-01,"70,never closed', ["an open quote"]),
    "a number too large for its type": (9, "10,2013-01-01,99999999999,too large", ["amount: not of type int"]),
}


@pytest.fixture(scope="module")
def dirty(make_lake: MakeLake) -> SmallLake:
    lake = make_lake()
    lake.put("part=1/a.csv", ROWS)
    lake.put("part=2/clean.csv", "1,2013-02-01,1,elsewhere\n")
    lake.run("r1")
    return lake


@pytest.fixture(scope="module")
def quarantine(dirty: SmallLake) -> dict[int, dict[str, Any]]:
    rows = dirty.spark.table(dirty.tables.ops("quarantine")).collect()
    return {row["row"]: row.asDict() for row in rows}


@pytest.mark.parametrize("case", CASES)
def test_a_row_that_does_not_fit_is_quarantined_with_its_line_and_every_reason(
    quarantine: dict[int, dict[str, Any]], case: str
) -> None:
    position, line, reasons = CASES[case]
    found = quarantine[position]
    assert (found["line"], found["reasons"]) == (line, reasons)


def test_a_row_that_lacks_a_required_value_is_quarantined_with_its_fields(
    quarantine: dict[int, dict[str, Any]],
) -> None:
    found = quarantine[4]
    assert found["line"] is None
    assert json.loads(found["fields"]) == {"id": None, "day": "2013-01-01", "amount": 50, "note": "no id", "part": 1}
    assert found["reasons"] == ["id: required, but missing"]


def test_a_quarantined_row_names_its_object_and_run(dirty: SmallLake, quarantine: dict[int, dict[str, Any]]) -> None:
    places = {(row["run_id"], row["key"].rpartition("/raw/")[2], row["block"]) for row in quarantine.values()}
    assert places == {("r1", "part=1/a.csv", 0)}


def test_the_good_rows_beside_bad_ones_are_curated(dirty: SmallLake) -> None:
    assert dirty.rows("id", "amount", "note", "part") == [
        (1, 10, "good", 1),
        (1, 1, "elsewhere", 2),
        (8, 80, "has, a comma", 1),
        (9, None, None, 1),
    ]


def test_the_numbers_of_the_record_add_up(dirty: SmallLake) -> None:
    assert dirty.record("r1")["rows"] == {
        "read": 11, "inserted": 4, "updated": 0, "unchanged": 0, "superseded": 0, "quarantined": 7, "curated": 4,
        "replaced": 0,
    }  # fmt: skip


def test_the_record_counts_each_reason_and_gives_an_example(dirty: SmallLake) -> None:
    reasons = {each["reason"]: (each["rows"], each["example"]) for each in dirty.record("r1")["quarantine"]}
    assert reasons["too few fields"] == (1, "3,2013-01-01")
    assert reasons["amount: not of type int"][0] == 3


def test_a_run_whose_rows_are_all_bad_publishes_no_row_and_consumes_its_objects(make_lake: MakeLake) -> None:
    lake = make_lake()
    lake.put("part=1/a.csv", "x,y\n")
    record = lake.run("r1")
    assert (record["outcome"], record["rows"]["read"], record["rows"]["quarantined"]) == ("published", 1, 1)
    assert lake.rows() == []
    assert lake.run("r2")["outcome"] == "empty"


def test_an_object_without_a_row_is_consumed(make_lake: MakeLake) -> None:
    lake = make_lake()
    lake.put("part=1/a.csv", "")
    assert (lake.run("r1")["rows"]["read"], lake.run("r2")["outcome"]) == (0, "empty")
