"""Spark as the job uses it. Catalog and connections come from the job's own `--conf`."""

from __future__ import annotations

from typing import Final

from pyspark.sql import SparkSession

# What decides which values a run reads, and that it counts them, stands here and not in a cluster's settings.
SETTINGS: Final = {
    # A timestamp without a zone is UTC.
    "spark.sql.session.timeZone": "UTC",
    # A date that is none, such as 2013-02-30, does not fit its column; by default Spark ends the job over it.
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    # Where no row is left, this rule throws away the part of the plan that counted them, and the counts never come.
    "spark.sql.adaptive.optimizer.excludedRules": "org.apache.spark.sql.execution.adaptive.AQEPropagateEmptyRelation",
}


def session() -> SparkSession:
    """Return the session, reading every value in the same way on any cluster."""
    spark = SparkSession.builder.getOrCreate()
    for name, value in SETTINGS.items():
        spark.conf.set(name, value)
    return spark
