"""Row rules give what deequ's row outcomes give: every form once over fixed rows, then rules and rows at random."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from lib.row_conditions import breaks
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lake.dqdl.row_rules import resolved, row_problems
from tests.unit.glue_scripts.rules_to_compare import (
    ROWS,
    RULES,
    TYPES,
    data_types,
    every_form,
    fixed_rows,
    with_conditions,
)

Row = tuple[Any, ...]
# So many rules are one call of deequ: the plan that it makes of more takes Spark longer than their number.
_AT_ONCE = 25


def ruleset(rules: Iterable[str]) -> str:
    return "Rules = [\n" + ",\n".join(rules) + "\n]"


def frame(spark: SparkSession, rows: Sequence[Row]) -> DataFrame:
    """The rows, numbered, as they lie in memory: each is read once for all rules."""
    schema = ", ".join(f"{name} {kind}" for name, kind in {"at": "int", **TYPES}.items())
    found = spark.createDataFrame([(at, *row) for at, row in enumerate(rows)], schema).coalesce(1)
    return found.localCheckpoint()


def broken_here(rows: DataFrame, rules: Sequence[str]) -> dict[str, list[int]]:
    """Which rows break each rule, by their numbers, as the job has it."""
    text = ruleset(rules)
    assert [str(problem) for problem in row_problems(text, TYPES)] == []
    compiled = [breaks(rule["holds"]).alias(str(at)) for at, rule in enumerate(resolved(text))]
    found = rows.select("at", *compiled).orderBy("at").collect()
    return {rule: [row["at"] for row in found if row[at + 1]] for at, rule in enumerate(rules)}


def broken_in_deequ(rows: DataFrame, rules: Sequence[str]) -> dict[str, list[int]]:
    """Which rows deequ's row outcomes fail for each rule."""
    spark, text = rows.sparkSession, ruleset(rules)
    jvm = spark._jvm
    assert jvm is not None
    parsed = jvm.software.amazon.glue.dqdl.parser.DQDLParser().parse(text).getRules()
    named = {rule: parsed.get(at).toString() for at, rule in enumerate(rules)}
    deequ = jvm.com.amazon.deequ.dqdl.EvaluateDataQuality
    outcomes = deequ.processRows(rows._jdf, text, jvm.PythonUtils.toScalaMap({})).apply("rowLevelOutcomes")
    found = DataFrame(outcomes, spark).select("at", "DataQualityRulesFail").orderBy("at").collect()
    return {rule: [row[0] for row in found if name in row[1]] for rule, name in named.items()}


def assert_same(rows: DataFrame, rules: Sequence[str]) -> None:
    here, deequ = broken_here(rows, rules), broken_in_deequ(rows, rules)
    values = {row["at"]: row.asDict() for row in rows.collect()}
    differing = {
        rule: [values[at] for at in sorted(set(here[rule]) ^ set(deequ[rule]))][:3]
        for rule in rules
        if here[rule] != deequ[rule]
    }
    assert differing == {}


@pytest.fixture(scope="module")
def rows(spark: SparkSession) -> DataFrame:
    return frame(spark, fixed_rows())


def in_batches(rules: Iterable[str]) -> list[list[str]]:
    listed = list(rules)
    return [listed[at : at + _AT_ONCE] for at in range(0, len(listed), _AT_ONCE)]


@pytest.mark.parametrize("rules", in_batches(every_form()), ids=lambda rules: rules[0])
def test_every_form_of_a_rule_breaks_on_the_rows_that_deequ_fails(rows: DataFrame, rules: list[str]) -> None:
    assert_same(rows, rules)


@pytest.mark.soak
@pytest.mark.parametrize("rules", in_batches(with_conditions()), ids=lambda rules: rules[0])
def test_a_rule_with_a_condition_breaks_on_the_rows_that_deequ_fails(rows: DataFrame, rules: list[str]) -> None:
    assert_same(rows, rules)


@pytest.mark.soak
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
@given(values=ROWS, rules=RULES)
def test_rules_and_rows_at_random_break_as_in_deequ(spark: SparkSession, values: list[Row], rules: list[str]) -> None:
    # With fixed rows among them: where a column is null in all rows, deequ fails them all, whatever the rule.
    assert_same(frame(spark, [*fixed_rows(), *values]), rules)


def test_of_a_data_type_as_many_rows_are_broken_as_deequ_counts(spark: SparkSession, rows: DataFrame) -> None:
    """Deequ gives no row outcomes of ColumnDataType, but the share of rows for which it holds."""
    rules = list(data_types())
    jvm = spark._jvm
    assert jvm is not None
    parsed = jvm.software.amazon.glue.dqdl.parser.DQDLParser().parse(ruleset(rules)).getRules()
    named = {rule: parsed.get(at).toString() for at, rule in enumerate(rules)}
    deequ = jvm.com.amazon.deequ.dqdl.EvaluateDataQuality
    outcomes = deequ.process(rows._jdf, ruleset(rules), jvm.PythonUtils.toScalaMap({}))
    found = DataFrame(outcomes, spark).select("Rule", F.map_values("EvaluatedMetrics")[0].alias("share")).collect()
    shares = {row["Rule"]: row["share"] for row in found}
    total = {rule: rows.where("t is not null").count() if "where" in rule else rows.count() for rule in rules}
    here = {rule: 1 - len(broken) / total[rule] for rule, broken in broken_here(rows, rules).items()}
    assert here == pytest.approx({rule: shares[named[rule]] for rule in rules})
