"""Spark's settings of every job: one table."""

from __future__ import annotations

from collections.abc import Mapping

from lake.names import CATALOG

ICEBERG_CATALOG = f"spark.sql.catalog.{CATALOG}"


def spark_conf(*, region: str, warehouse: str) -> dict[str, str]:
    """Return the settings: Iceberg's catalog on the Data Catalog, S3 in `region`, times in UTC.

    `warehouse` is the S3 URL under which a table would lie that is created without its own location; ours all have one.
    """
    return {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        ICEBERG_CATALOG: "org.apache.iceberg.spark.SparkCatalog",
        f"{ICEBERG_CATALOG}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        f"{ICEBERG_CATALOG}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        f"{ICEBERG_CATALOG}.warehouse": warehouse,
        # Without it S3A takes us-east-2 (Glue guide, 'Migrating to AWS Glue 5.1').
        "spark.hadoop.fs.s3a.endpoint.region": region,
        # A split holds many small objects: with Spark's 4 MB each, a thousand of them took twice the CPU time.
        "spark.sql.files.openCostInBytes": "65536",
        "spark.sql.session.timeZone": "UTC",
    }


def conf_argument(settings: Mapping[str, str]) -> str:
    """Return settings as the value of Glue's `--conf`: the first as it is, each other after a `--conf` of its own."""
    return " --conf ".join(f"{name}={value}" for name, value in settings.items())
