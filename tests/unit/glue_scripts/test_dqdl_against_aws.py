"""The app reads DQDL as AWS's parser does, which the job has in a jar: what one takes, the other takes."""

from __future__ import annotations

import pytest
from pyspark.errors import IllegalArgumentException
from pyspark.sql import SparkSession

from lake.dqdl.parser import parse
from lake.dqdl.tokens import DqdlError

COMPOSITES = [" and ".join(['(IsComplete "a")'] * number) for number in (5, 6, 7)]
TAKEN = [
    'IsComplete "a"', "IsComplete a.b", 'IsComplete of "a"', 'IsComplete "a" # why\n', '((IsComplete "a"))',
    'IsComplete "days"', 'IsComplete ""', 'IsComplete "ä"', 'IsComplete "a\\"b"', 'IsPrimaryKey a "b" and c',
    'ColumnValues "a" > 0', 'ColumnValues "a" > - 5.25', 'ColumnValues "a" ! = 1', 'ColumnValues "a" > (5)',
    'ColumnValues "a" > 5-3', 'ColumnValues "a" > (1 + 2) * avg(last(3), 5)', 'ColumnValues "a" = null',
    'ColumnValues "a" between 1 and 2', 'ColumnValues "a" not between 1 AND 2', 'ColumnValues "a" in [1, NULL]',
    'ColumnValues "a" not in ["x", "y\\"z", empty, WHITESPACES_ONLY]', 'ColumnValues "a" in ["a\\", NULL]',
    'ColumnValues "a" matches "\\d+"', 'ColumnValues "a" not matches "x"', 'ColumnValues "a" = "2024-13-01"',
    'ColumnValues "a" in [NULL, "2024-01-01", now(), (now() - 3 days), "9:30 PM"]', 'ColumnValues "a" > "09:30"',
    'ColumnValues "a" = "9:30"', 'ColumnValues "a" in $x', 'ColumnLength "a" = 5.5', 'DataFreshness "a" <= 24 hours',
    'FileSize "a" between 1 KB and 10 MB', 'ColumnDataType "a" = "Date" with format = "x" with threshold > 0.5',
    'ColumnValues "a" > 1 where "b = \'x\'" with threshold > 0.5', 'CustomSql "select 1" > 0',
    "RowCount > avg(last(3))", 'IsComplete "a" where "b" and (IsComplete "c")',
    'ColumnValues "n" > 0 and ColumnValues "n" < 7 or ColumnValues "s" = EMPTY',
    'IsComplete "a" and (IsComplete "b")', '(IsComplete "a") OR (IsComplete "b") AND (IsComplete "c")', *COMPOSITES[:2],
]  # fmt: skip
REFUSED = [
    "", ",", "()", 'IsComplete "a",', '(IsComplete "a"', 'IsComplete "a")', '(IsComplete "a") (IsComplete "b")',
    '(IsComplete "a") xor (IsComplete "b")', '(IsComplete "a") And (IsComplete "b")', 'and (IsComplete "a")', "> 0",
    'IsComplete "a"; IsComplete "b"', 'IsComplete "2024-01-01"', "IsComplete days", 'IsComplete "a', "Rules > 0",
    'IsComplete "a" and IsComplete "b"', 'IsComplete "a" IsComplete "b"', 'IsComplete "a"\r', 'ColumnValues "a" > "x"',
    'ColumnValues "a" BETWEEN 1 and 2', 'ColumnValues "a" between 1, 2', 'ColumnValues "a" between 1',
    'ColumnValues "a" NOT IN [1]', 'ColumnValues "a" in []', 'ColumnValues "a" in [1 2]',
    'ColumnValues "a" in [1, "x"]', 'ColumnValues "a" = -NULL',
    'ColumnValues "a" in ["2024-01-01", "x"]', 'ColumnValues "a" in 5', 'ColumnValues "a" = Null',
    'ColumnValues "a" == 1', 'ColumnValues "a" not = 1', 'ColumnValues "a" > +5', 'ColumnValues "a" > .5',
    'ColumnValues "a" > 1e3', 'ColumnValues "a" > now() - 3 days', 'ColumnValues "a" > (now() - 3)',
    'ColumnValues "a" > (5 days)', 'ColumnValues "a" matches "2024-01-01"', 'ColumnValues "a" matches EMPTY',
    'ColumnValues "a" > EMPTY', 'ColumnValues "a" > 1 where ""', 'ColumnValues "a" > 1 where x', "ColumnValues ä > 1",
    'ColumnValues "a" > 1 with threshold > 0.5 where "x"', 'ColumnValues "a" > 1 with threshold', COMPOSITES[2],
]  # fmt: skip
# What stands around the one section that is read here, and a column that is called as a rule type is, without quotes.
REFUSED_HERE_ONLY = [
    'Rules = [ IsComplete "a" ] Analyzers = [ RowCount ]',
    'Rules = [ IsComplete "a" ] what follows',
    'Metadata = { "Version": "1.0" } Rules = [ IsComplete "a" ]',
    'x = ["1"] Rules = [ ColumnValues "a" in $x ]',
    "Rules = [ IsPrimaryKey a RowCount ]",
]


def aws_takes(spark: SparkSession, text: str) -> bool:
    jvm = spark._jvm
    assert jvm is not None
    try:
        jvm.com.amazon.deequ.dqdl.util.DefaultDQDLParser.parse(text)
    except IllegalArgumentException:
        return False
    return True


def taken_here(text: str) -> bool:
    try:
        parse(text)
    except DqdlError:
        return False
    return True


@pytest.mark.parametrize("text", TAKEN)
def test_rules_that_aws_takes_are_taken(spark: SparkSession, text: str) -> None:
    ruleset = f"Rules = [ {text} ]"
    assert (aws_takes(spark, ruleset), taken_here(ruleset)) == (True, True)


@pytest.mark.parametrize("text", REFUSED)
def test_rules_that_aws_refuses_are_refused(spark: SparkSession, text: str) -> None:
    ruleset = f"Rules = [ {text} ]"
    assert (aws_takes(spark, ruleset), taken_here(ruleset)) == (False, False)


@pytest.mark.parametrize("text", REFUSED_HERE_ONLY)
def test_what_is_no_rule_of_this_table_is_refused_though_aws_takes_it(spark: SparkSession, text: str) -> None:
    assert (aws_takes(spark, text), taken_here(text)) == (True, False)
