from __future__ import annotations

import pytest
from lib.errors import RefusedError
from lib.rules import RuleOutcome, evaluate
from pyspark.errors import IllegalArgumentException
from pyspark.sql import SparkSession

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import SmallLake

RULES = 'Rules = [ RowCount > 0, Completeness "amount" > 0.4 ]'
FULL = "1,2013-01-01,10,a\n2,2013-01-02,20,b\n"
HOLLOW = "3,2013-02-01,NA,c\n4,2013-02-02,NA,d\n"


@pytest.fixture(scope="module")
def ruled(make_lake: MakeLake) -> SmallLake:
    """A lake with table rules: one run that they let through, then one that they refuse."""
    lake = make_lake(table_rules=RULES)
    lake.put("part=1/full.csv", FULL)
    lake.run("r1")
    lake.put("part=1/hollow.csv", HOLLOW)
    with pytest.raises(RefusedError):
        lake.run("r2")
    return lake


def test_rules_that_hold_let_the_run_publish_and_stand_in_its_record(ruled: SmallLake) -> None:
    record = ruled.record("r1")
    assert record["outcome"] == "published"
    assert sorted((each["rule"], each["outcome"]) for each in record["rules"]) == [
        ('Completeness "amount" > 0.4', "Passed"),
        ("RowCount > 0", "Passed"),
    ]


def test_a_rule_that_does_not_hold_of_the_runs_rows_refuses_them(ruled: SmallLake) -> None:
    record = ruled.record("r2")
    assert record["outcome"] == "refused"
    # Of all rows of the table half have an amount; of the run's own none has.
    assert 'Completeness "amount" > 0.4: Value: 0.0 does not meet' in record["reason"]
    assert {each["rule"]: each["outcome"] for each in record["rules"]}['Completeness "amount" > 0.4'] == "Failed"
    assert ruled.rows("id") == [(1,), (2,)]


def test_the_objects_of_a_run_refused_by_its_rules_are_tried_again(ruled: SmallLake) -> None:
    assert [each.key.rpartition("/")[2] for each in ruled.plan("r3").objects] == ["hollow.csv"]


def test_no_rule_is_judged_where_no_row_would_be_published(make_lake: MakeLake) -> None:
    lake = make_lake(table_rules="Rules = [ RowCount > 0 ]")
    lake.put("part=1/bad.csv", "x,2013-01-01,10,a\n")
    record = lake.run("r1")
    assert record["outcome"] == "published"
    assert record["rules"] == []


def test_rules_that_do_not_parse_fail(spark: SparkSession) -> None:
    with pytest.raises(IllegalArgumentException, match="RowCountt is not valid"):
        evaluate(spark.range(1).toDF("id"), "Rules = [ RowCountt > 0 ]")


def test_a_rule_of_a_column_that_is_not_there_does_not_hold(spark: SparkSession) -> None:
    outcomes = evaluate(spark.range(1).toDF("id"), 'Rules = [ IsComplete "nosuch" ]')
    assert outcomes == (RuleOutcome('IsComplete "nosuch"', "Failed", "Input data does not include column nosuch!"),)
