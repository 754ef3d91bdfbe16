from __future__ import annotations

import json
from typing import Any

import pytest
from lib.clean import clean
from lib.dataset import RowRule
from lib.errors import RuleError
from lib.read import read
from lib.row_rules import reasons, require_fit
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lake.dqdl.row_rules import resolved
from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import SmallLake

RULES = """Rules = [
  ColumnValues "amount" > 0,
  ColumnLength "note" <= 5,
  (ColumnValues "note" in ["free", EMPTY, NULL]) or (ColumnValues "amount" >= 10), # nothing small is sold
  IsComplete "amount" where "note != 'free'"
]"""
SMALL = '(ColumnValues "note" in ["free", EMPTY, NULL]) or (ColumnValues "amount" >= 10)'
ROWS = """1,2013-01-01,10,good
2,2013-01-01,-1,good
3,2013-01-01,0,free
4,2013-01-01,12,too long
5,2013-01-01,-7,too long
6,2013-01-01,ten,good
7,2013-01-01,NA,good
8,2013-01-01
"""


def rules(text: str) -> tuple[RowRule, ...]:
    return tuple(RowRule(**each) for each in resolved(text))


@pytest.fixture(scope="module")
def ruled(make_lake: MakeLake) -> SmallLake:
    lake = make_lake(row_rules=rules(RULES))
    lake.put("part=1/a.csv", ROWS)
    lake.run("r1")
    return lake


@pytest.fixture(scope="module")
def quarantine(ruled: SmallLake) -> dict[int, dict[str, Any]]:
    return {row["row"]: row.asDict() for row in ruled.spark.table(ruled.tables.ops("quarantine")).collect()}


def test_only_rows_that_break_no_rule_are_curated(ruled: SmallLake) -> None:
    assert ruled.rows() == [(1, 10, "good")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (1, ['row rule: ColumnValues "amount" > 0', f"row rule: {SMALL}"]),
        (2, ['row rule: ColumnValues "amount" > 0']),
        (3, ['row rule: ColumnLength "note" <= 5']),
        (4, ['row rule: ColumnValues "amount" > 0', 'row rule: ColumnLength "note" <= 5', f"row rule: {SMALL}"]),
        (6, ['row rule: ColumnValues "amount" > 0', f"row rule: {SMALL}",
             """row rule: IsComplete "amount" where "note != 'free'\""""]),
    ],
)  # fmt: skip
def test_a_row_is_quarantined_with_every_rule_that_it_breaks(
    quarantine: dict[int, dict[str, Any]], row: int, expected: list[str]
) -> None:
    assert quarantine[row]["reasons"] == expected


def test_a_row_that_breaks_a_rule_is_kept_with_its_values(quarantine: dict[int, dict[str, Any]]) -> None:
    assert quarantine[4]["line"] is None
    assert json.loads(quarantine[4]["fields"]) == {
        "id": 5, "day": "2013-01-01", "amount": -7, "note": "too long", "part": 1,
    }  # fmt: skip


def test_a_rule_says_nothing_of_a_value_that_did_not_survive_its_cast(quarantine: dict[int, dict[str, Any]]) -> None:
    assert quarantine[5]["reasons"] == ["amount: not of type int"]


def test_a_rule_on_another_column_than_the_lost_one_still_speaks(spark: SparkSession) -> None:
    row = spark.createDataFrame([(None, "too long")], "amount int, note string")
    text = 'IsComplete "amount", ColumnLength "note" <= 5, (IsComplete "amount") and (ColumnLength "note" <= 5)'
    asked = rules(f"Rules = [ {text} ]")
    (found,) = row.select(reasons(asked, lambda name: F.lit(name == "amount")).alias("reasons")).collect()
    assert found["reasons"] == ['row rule: ColumnLength "note" <= 5']


def test_no_rule_is_asked_of_a_line_that_could_not_be_parsed(quarantine: dict[int, dict[str, Any]]) -> None:
    assert quarantine[7]["reasons"] == ["too few fields"]


def test_the_record_says_of_each_rule_how_many_rows_it_quarantined(ruled: SmallLake) -> None:
    record = ruled.record("r1")
    assert record["outcome"] == "published"
    assert record["rows"]["quarantined"] == 7
    assert record["rules"] == [
        {"rule": 'ColumnValues "amount" > 0', "outcome": "Failed", "reason": "rows quarantined: 4"},
        {"rule": 'ColumnLength "note" <= 5', "outcome": "Failed", "reason": "rows quarantined: 2"},
        {"rule": SMALL, "outcome": "Failed", "reason": "rows quarantined: 3"},
        {
            "rule": """IsComplete "amount" where "note != 'free'\"""",
            "outcome": "Failed",
            "reason": "rows quarantined: 1",
        },
    ]


def test_rules_that_no_row_breaks_passed_and_table_rules_stand_after_them(make_lake: MakeLake) -> None:
    lake = make_lake(row_rules=rules(RULES), table_rules="Rules = [ RowCount = 1 ]")
    lake.put("part=1/a.csv", "1,2013-01-01,10,good\n")
    outcomes = [(each["rule"], each["outcome"], each["reason"]) for each in lake.run("r1")["rules"]]
    assert outcomes[0] == ('ColumnValues "amount" > 0', "Passed", None)
    assert outcomes[-1] == ("RowCount = 1", "Passed", None)
    assert len(outcomes) == 5


def test_rules_cost_no_further_job_and_no_further_reading_of_the_objects(make_lake: MakeLake) -> None:
    lakes = {"without": make_lake(), "with": make_lake(row_rules=rules(RULES))}
    jobs, scans = {}, {}
    for name, lake in lakes.items():
        lake.put("part=1/a.csv", "1,2013-01-01,10,good\n2,2013-01-01,11,good\n")
        group = f"{lake.name} {name}"
        lake.spark.sparkContext.setJobGroup(group, group)
        lake.run("r1")
        jobs[name] = len(lake.spark.sparkContext.statusTracker().getJobIdsForGroup(group))
        rows = clean(read(lake.spark, lake.dataset, lake.plan("r2")), lake.dataset).rows
        scans[name] = rows._jdf.queryExecution().executedPlan().toString().count("FileScan csv")
    assert jobs["with"] == jobs["without"] > 0
    assert scans["with"] == scans["without"]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('IsComplete "nme"', "row rule IsComplete \"nme\": no column 'nme'; the table has id, name"),
        ('ColumnValues "name" > 5', "row rule ColumnValues \"name\" > 5: 'name' is of type string, "
                                    "and the rule is about a number"),
        ('ColumnLength "id" > 5', "row rule ColumnLength \"id\" > 5: 'id' is of type int, "
                                  "and the rule is about a text"),
        ('ColumnValues "id" in ["a"]', "row rule ColumnValues \"id\" in [\"a\"]: 'id' is of type int, "
                                       "and the rule is about a text"),
        ('(IsComplete "id") and (ColumnValues "name" > "2024-01-31")', "and the rule is about a date"),
        ('IsComplete "id" where "nme > 5"', 'row rule IsComplete "id" where "nme > 5": [UNRESOLVED_COLUMN'),
        ('IsComplete "id" where "id >"', 'row rule IsComplete "id" where "id >": '),
        ('IsComplete "id" where "max(id) > 5"', 'row rule IsComplete "id" where "max(id) > 5": '),
        ('ColumnValues "name" matches "[a-"', 'row rule ColumnValues "name" matches "[a-": Illegal character range'),
    ],
)  # fmt: skip
def test_a_rule_that_does_not_fit_the_rows_is_named_before_any_is_read(
    spark: SparkSession, rule: str, message: str
) -> None:
    rows = spark.createDataFrame([], "id int, name string")
    with pytest.raises(RuleError) as caught:
        require_fit(rows, rules(f"Rules = [ {rule} ]"))
    assert message in str(caught.value)


def test_rules_that_fit_the_rows_are_taken(spark: SparkSession) -> None:
    rows = spark.createDataFrame([], "id int, name string, o boolean, d timestamp")
    fitting = """Rules = [ IsComplete "o", ColumnValues "o" != NULL where "not o", ColumnValues "d" < "2024-01-31",
        ColumnDataType "name" = "Date", ColumnValues "name" not matches "a(b|c)", ColumnValues "id" between 1 and 5 ]"""
    require_fit(rows, rules(fitting))
