"""What came of the rules: deequ's DQDL engine judges the table rules; a row rule failed where it quarantined rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lib.arguments import Job
from lib.dataset import RowRule
from lib.quarantine import Reason
from lib.row_rules import reason_of
from lib.tables import LINEAGE_TYPES, RUN_ID
from lib.write import Written

PASSED = "Passed"
FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What came of one rule: `outcome` is deequ's Passed, Failed or Error, `reason` why it is not Passed."""

    rule: str
    outcome: str
    reason: str | None = None


def row_outcomes(rules: Sequence[RowRule], quarantined: Iterable[Reason]) -> tuple[RuleOutcome, ...]:
    """Return what came of each row rule, by the reasons for which rows were quarantined."""
    rows = {each.reason: each.rows for each in quarantined}
    counted = ((rule.rule, rows.get(reason_of(rule), 0)) for rule in rules)
    return tuple(
        RuleOutcome(rule, FAILED, f"rows quarantined: {broken:,}") if broken else RuleOutcome(rule, PASSED)
        for rule, broken in counted
    )


def judge(spark: SparkSession, job: Job, written: Written) -> tuple[RuleOutcome, ...]:
    """Return what came of each of the dataset's table rules over the rows that the run would publish.

    None are judged where the run publishes no row. Raises IllegalArgumentException for rules that do not parse.
    """
    rules = job.dataset.table_rules
    if rules is None or written.counts.inserted + written.counts.updated == 0:
        return ()
    branch = spark.table(f"{job.tables.curated}.branch_{written.branch}")
    return evaluate(branch.where(F.col(RUN_ID) == job.run_id).drop(*LINEAGE_TYPES), rules)


def evaluate(rows: DataFrame, rules: str) -> tuple[RuleOutcome, ...]:
    """Return the outcomes of DQDL `rules` over `rows`, in the order in which deequ gives them."""
    spark = rows.sparkSession
    jvm = spark._jvm
    assert jvm is not None
    no_other_sources = jvm.PythonUtils.toScalaMap({})
    outcomes = jvm.com.amazon.deequ.dqdl.EvaluateDataQuality.process(rows._jdf, rules, no_other_sources)
    found = DataFrame(outcomes, spark).select("Rule", "Outcome", "FailureReason").collect()
    return tuple(RuleOutcome(row["Rule"], row["Outcome"], row["FailureReason"]) for row in found)
