"""Spark as the job uses it. Catalog and connections come from the job's own `--conf`."""

from __future__ import annotations

from typing import Final

from pyspark.sql import DataFrame, SparkSession

# What decides which values a run reads, and that it counts them, stands here and not in a cluster's settings.
SETTINGS: Final = {
    # A timestamp without a zone is UTC.
    "spark.sql.session.timeZone": "UTC",
    # A date that is none, such as 2013-02-30, does not fit its column; by default Spark ends the job over it.
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    # A folder's value is text until it is cast to its column's type: `month=01` is no number.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    # Times in nanoseconds, as pandas writes them to Parquet, come as numbers; Spark refuses the object otherwise.
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    # Where no row is left, this rule throws away the part of the plan that counted them, and the counts never come.
    "spark.sql.adaptive.optimizer.excludedRules": "org.apache.spark.sql.execution.adaptive.AQEPropagateEmptyRelation",
}

# Of a shuffle's data, what one task gets, about; and the tasks that each core gets of a small one.
_BYTES_A_TASK: Final = 32 * 1024 * 1024
_TASKS_A_CORE: Final = 4


def session() -> SparkSession:
    """Return the session, reading every value in the same way on any cluster."""
    spark = SparkSession.builder.getOrCreate()
    for name, value in SETTINGS.items():
        spark.conf.set(name, value)
    return spark


def size_shuffles(spark: SparkSession, data_bytes: int) -> None:
    """Give the shuffles that follow as many tasks as the data needs.

    Spark starts at 200 and then joins the small ones, but not inside what it caches: there each stays a task.
    """
    tasks = max(_TASKS_A_CORE * spark.sparkContext.defaultParallelism, data_bytes // _BYTES_A_TASK)
    spark.conf.set("spark.sql.shuffle.partitions", tasks)


def estimated_bytes(rows: DataFrame) -> int:
    """Return how large the optimizer takes the rows to be, from the statistics of what they are read from."""
    return int(rows._jdf.queryExecution().optimizedPlan().stats().sizeInBytes())
