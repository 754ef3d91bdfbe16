import subprocess
import sys

import pytest

from lake.dataset import dataset_names
from lake.environment import environment_names
from lake.names import DATASET_PATTERN, ENVIRONMENT_PATTERN, OPS_TABLES, Names

NAMES = Names("dev")


def test_underscores_of_a_dataset_become_hyphens_where_aws_shows_it() -> None:
    assert NAMES.pipeline("bike_trips") == "lake-dev-bike-trips"
    assert NAMES.pipeline_stack("bike_trips") == "lake-dev-bike-trips"


def test_tables_keep_the_name_of_the_dataset() -> None:
    assert NAMES.raw_table("bike_trips") == "raw_bike_trips"
    assert NAMES.curated_table("bike_trips") == "bike_trips"
    assert [NAMES.ops_table("bike_trips", kind) for kind in OPS_TABLES] == [
        NAMES.files_table("bike_trips"),
        NAMES.runs_table("bike_trips"),
        NAMES.quarantine_table("bike_trips"),
    ]


def test_databases_are_the_environments() -> None:
    assert (NAMES.raw_database, NAMES.curated_database, NAMES.ops_database) == (
        "lake_dev_raw",
        "lake_dev_curated",
        "lake_dev_ops",
    )


def test_record_lies_under_the_records_of_its_dataset() -> None:
    assert NAMES.record_key("bike_trips", "r1") == "ops/records/bike_trips/r1.json"


def test_longest_role_name_fits_iams_64_characters() -> None:
    longest = Names("e" * 10).crawler_role("d" * 40)
    assert ENVIRONMENT_PATTERN.fullmatch("e" * 10)
    assert not ENVIRONMENT_PATTERN.fullmatch("e" * 11)
    assert DATASET_PATTERN.fullmatch("d" * 40)
    assert not DATASET_PATTERN.fullmatch("d" * 41)
    assert len(longest) <= 64


def test_the_files_that_are_here_have_valid_names() -> None:
    assert environment_names() == ["dev", "local", "prod", "staging"]
    assert all(ENVIRONMENT_PATTERN.fullmatch(name) for name in environment_names())
    assert "flights" in dataset_names()
    assert all(DATASET_PATTERN.fullmatch(name) for name in dataset_names())


@pytest.mark.parametrize("module", ["lake.names", "lake.errors"])
def test_importing_names_and_errors_needs_the_standard_library_only(module: str) -> None:
    code = f"import sys, {module}; print([m for m in ('pydantic', 'yaml', 'boto3') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["lake.config", "lake.dataset", "lake.environment", "lake.aws", "lake.cdk_cli"])
def test_importing_lake_loads_neither_cdk_nor_spark_nor_boto3(module: str) -> None:
    code = f"import sys, {module}; print([m for m in ('aws_cdk', 'jsii', 'pyspark', 'boto3') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
