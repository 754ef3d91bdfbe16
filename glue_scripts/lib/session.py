"""Spark as the job uses it. Catalog and connections come from the job's own `--conf`."""

from __future__ import annotations

from pyspark.sql import SparkSession


def session() -> SparkSession:
    """Return the session, in which a timestamp without a zone is UTC whatever the cluster's setting."""
    spark = SparkSession.builder.getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    return spark
