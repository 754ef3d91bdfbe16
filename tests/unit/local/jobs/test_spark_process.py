"""What a Spark job's JVM is started with."""

from dataclasses import replace
from pathlib import Path

import pytest

from local.glue.errors import InternalService
from local.glue.jobs.arguments import special
from local.glue.jobs.capacity import Capacity
from local.glue.jobs.spark import SparkProcess


@pytest.fixture
def process(tmp_path: Path) -> SparkProcess:
    for jar in ("jars/spark.jar", "iceberg/iceberg.jar"):
        (tmp_path / jar).parent.mkdir()
        (tmp_path / jar).touch()
    return SparkProcess(
        folder=tmp_path,
        endpoint="http://127.0.0.1:1",
        py_files=[],
        script=tmp_path / "script.py",
        command_line=[],
        spark_home=tmp_path,
        capacity=Capacity(2, "G.1X", 2),
        special=special({}),
        jars=[Path("own.jar")],
    )


def names(process: SparkProcess) -> list[str]:
    return [path.name for path in process.class_path()]


def test_a_runs_own_jars_come_after_sparks_unless_they_are_to_be_first(process: SparkProcess) -> None:
    assert names(process) == ["spark.jar", "own.jar"]
    assert names(replace(process, special=special({"--user-jars-first": "true"}))) == ["own.jar", "spark.jar"]


def test_the_jars_of_a_data_lake_format_are_there_when_it_is_named(process: SparkProcess) -> None:
    named = replace(process, special=special({"--datalake-formats": "iceberg"}))
    assert names(named) == ["spark.jar", "iceberg.jar", "own.jar"]


def test_a_setting_of_the_run_wins_over_this_machines_default(process: SparkProcess) -> None:
    assert "spark.ui.enabled=false" in process.java()
    own = replace(process, special=special({"--conf": "spark.ui.enabled=true"})).java()
    assert "spark.ui.enabled=true" in own
    assert "spark.ui.enabled=false" not in own


def test_no_keys_of_this_process_reach_a_run(process: SparkProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "one's own")
    monkeypatch.setenv("AWS_PROFILE", "one's own")
    environment = process.environment({"AWS_CONTAINER_AUTHORIZATION_TOKEN": "the run's"})
    assert "one's own" not in environment.values()
    assert environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] == "the run's"
    assert "the run's" not in " ".join([*process.java(), *process.python()])


def test_a_spark_that_is_not_installed_is_told_with_what_to_do(process: SparkProcess, tmp_path: Path) -> None:
    with pytest.raises(InternalService, match="Run `make setup`"):
        replace(process, spark_home=tmp_path / "nothing").java()
