"""The default pipeline on real input: every flight of 2013 that left New York, from CSV objects to a curated table."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from lake.names import Names
from tests.integration.lake import Lake
from tests.integration.raw import bring_sample, curated_rows, iceberg_catalog, query
from tests.integration.watching import Seen, watched

pytestmark = pytest.mark.integration

FLIGHTS = 336_776
MEASURES = "count(*), sum(distance), sum(air_time), sum(arr_delay)"
LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
MEMORY_LIMIT = 4 * 1024**3


@pytest.fixture(scope="module")
def raw_files(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The objects of the raw bucket as files in a folder, so that DuckDB reads what the pipeline reads."""
    return bring_sample(lake, "flights", tmp_path_factory.mktemp("raw"))


@pytest.fixture(scope="module")
def first_run(lake: Lake, raw_files: Path) -> tuple[dict[str, Any], Seen]:
    """The first run over all flights, and what was seen of its processes."""
    with watched(int(lake.settings.pid_file.read_text())) as seen:
        result = lake.run_json()
    return result, seen


@pytest.fixture(scope="module")
def curated(lake: Lake, first_run: tuple[dict[str, Any], Seen]) -> pa.Table:
    """The curated table as PyIceberg reads it through the Glue catalog's API."""
    return curated_rows(lake, "flights")


def test_the_run_succeeds_and_its_numbers_add_up(first_run: tuple[dict[str, Any], Seen]) -> None:
    result, _ = first_run
    assert result["final_status"] == "SUCCEEDED"
    rows = result["rows"]
    assert rows["read"] == FLIGHTS
    assert rows["read"] == rows["curated"] + rows["superseded"] + rows["quarantined"]
    assert result["files"] == {"new": 365, "consumed": 365}
    assert {(node["type"], node["state"]) for node in result["nodes"]} == {
        ("CRAWLER", "SUCCEEDED"),
        ("JOB", "SUCCEEDED"),
    }


def test_rows_and_sums_of_the_curated_table_equal_those_of_the_raw_files(curated: pa.Table, raw_files: Path) -> None:
    raw = f"read_csv('{raw_files}/raw/flights/*/*.csv', header=true, nullstr='NA', hive_types={{month: INT}})"
    expected = query(f"SELECT {MEASURES} FROM {raw}")
    found = query(f"SELECT {MEASURES} FROM curated", curated=curated)
    assert expected[0][0] == FLIGHTS
    assert found == expected


def test_every_row_of_the_raw_files_is_in_the_curated_table_with_equal_values(
    curated: pa.Table, raw_files: Path
) -> None:
    columns = [name for name in curated.column_names if not name.startswith("_")]
    values = ", ".join(
        f"epoch(CAST({name} AS TIMESTAMPTZ))" if name == "time_hour" else f"CAST({name} AS VARCHAR)" for name in columns
    )
    raw = f"read_csv('{raw_files}/raw/flights/*/*.csv', header=true, nullstr='NA', hive_types={{month: INT}})"
    left = query(f"SELECT {values} FROM {raw} EXCEPT ALL SELECT {values} FROM curated", curated=curated)
    assert left == []


def test_the_curated_table_has_typed_columns_and_partitions_by_month(
    lake: Lake, first_run: tuple[dict[str, Any], Seen]
) -> None:
    table = iceberg_catalog(lake).load_table("lake_local_curated.flights")
    types = {field.name: str(field.field_type) for field in table.schema().fields}
    assert types["month"] == "int"
    assert types["distance"] == "int"
    assert types["carrier"] == "string"
    assert types["time_hour"] == "timestamptz"
    assert [str(field.transform) for field in table.spec().fields] == ["month"]
    assert table.format_version == 2
    partitions = table.inspect.partitions()
    # In UTC the last evening of 2013 lies in 2014: 13 months.
    assert partitions.num_rows == 13
    assert sum(partitions["record_count"].to_pylist()) == FLIGHTS


def test_a_second_run_over_the_same_files_changes_nothing(lake: Lake, first_run: tuple[dict[str, Any], Seen]) -> None:
    catalog = iceberg_catalog(lake)
    before = {name: catalog.load_table(name).metadata for name in tables_that_may_not_change()}

    result = lake.run_json()

    assert result["final_status"] == "SUCCEEDED"
    assert result["rows"]["read"] == 0
    after = {name: catalog.load_table(name).metadata for name in tables_that_may_not_change()}
    assert after == before


def tables_that_may_not_change() -> list[str]:
    names = Names("local")
    return [
        f"{names.curated_database}.{names.curated_table('flights')}",
        f"{names.ops_database}.{names.files_table('flights')}",
    ]


def test_every_socket_that_listens_during_a_run_is_on_loopback(first_run: tuple[dict[str, Any], Seen]) -> None:
    _, seen = first_run
    assert seen.java_seen
    assert seen.looks >= 10
    assert seen.listening <= LOOPBACK


def test_emulator_and_job_together_stay_under_4_gib(first_run: tuple[dict[str, Any], Seen]) -> None:
    _, seen = first_run
    assert 0 < seen.most_memory < MEMORY_LIMIT


def test_the_job_logs_into_the_groups_of_its_stack_with_its_own_role(
    lake: Lake, first_run: tuple[dict[str, Any], Seen]
) -> None:
    logs = lake.aws.client("logs")
    group = Names("local").job_log_group("flights", "output")
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["kmsKeyId"]
    streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert any(stream["logStreamName"].startswith("jr_") for stream in streams)
