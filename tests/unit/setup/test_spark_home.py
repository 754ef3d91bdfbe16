"""SPARK_HOME: what it links to."""

from pathlib import Path

import pytest

from local.setup.jars import Jar, Use
from local.setup.paths import PROJECT, Paths
from local.setup.spark_home import artifact_name, build_spark_home, links

TABLE = [
    Jar("g", "hadoop-client-api", "3.4.1", "", Use.SPARK),
    Jar("g", "iceberg-spark-runtime-3.5_2.12", "1.10.0", "", Use.ICEBERG),
    Jar("g", "deequ", "2.1.0-spark-3.5", "", Use.RULES),
]


@pytest.fixture
def pyspark(tmp_path: Path) -> Path:
    folder = tmp_path / "pyspark"
    (folder / "bin").mkdir(parents=True)
    (folder / "jars").mkdir()
    for name in ("hadoop-client-api-3.3.4.jar", "hive-shims-2.3.9.jar"):
        (folder / "jars" / name).touch()
    return folder


def test_our_jar_replaces_pysparks_of_the_same_name(pyspark: Path) -> None:
    assert links(pyspark, Path("/ours"), TABLE) == {
        "bin": str(pyspark / "bin"),
        "iceberg/iceberg-spark-runtime-3.5_2.12-1.10.0.jar": ("/ours/iceberg-spark-runtime-3.5_2.12-1.10.0.jar"),
        "jars/hadoop-client-api-3.4.1.jar": "/ours/hadoop-client-api-3.4.1.jar",
        "jars/hive-shims-2.3.9.jar": str(pyspark / "jars" / "hive-shims-2.3.9.jar"),
    }


def test_it_is_built_once_and_again_when_a_link_is_wrong(tmp_path: Path, pyspark: Path) -> None:
    paths = Paths(tmp_path)
    assert build_spark_home(paths, pyspark)
    assert not build_spark_home(paths, pyspark)
    (paths.spark_home / "bin").unlink()
    assert build_spark_home(paths, pyspark)
    (paths.spark_home / "jars" / "stray.jar").touch()
    assert build_spark_home(paths, pyspark)
    assert not (paths.spark_home / "jars" / "stray.jar").exists()
    assert not build_spark_home(paths, pyspark)


def test_what_a_run_keeps_beside_its_class_path_stays(tmp_path: Path, pyspark: Path) -> None:
    paths = Paths(tmp_path)
    build_spark_home(paths, pyspark)
    (paths.spark_home / "classes.jsa").touch()
    assert not build_spark_home(paths, pyspark)
    assert (paths.spark_home / "classes.jsa").exists()


@pytest.mark.parametrize(
    ("file_name", "artifact"),
    [
        ("hadoop-client-api-3.3.4.jar", "hadoop-client-api"),
        ("scala-parser-combinators_2.12-2.3.0.jar", "scala-parser-combinators_2.12"),
        ("dropwizard-metrics-hadoop-metrics2-reporter-0.1.2.jar", "dropwizard-metrics-hadoop-metrics2-reporter"),
    ],
)
def test_artifact_name_is_what_stands_before_the_version(file_name: str, artifact: str) -> None:
    assert artifact_name(file_name) == artifact


def test_the_installed_one_has_hadoop_in_one_version_and_no_dead_link() -> None:
    files = list((PROJECT.spark_home / "jars").iterdir())
    assert [file for file in files if not file.exists()] == []
    hadoop = {file.name for file in files if file.name.startswith(("hadoop-client", "hadoop-aws"))}
    assert hadoop == {
        "hadoop-aws-3.4.1.jar",
        "hadoop-client-api-3.4.1.jar",
        "hadoop-client-runtime-3.4.1.jar",
    }
