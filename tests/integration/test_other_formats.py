"""JSON lines and Parquet go the way of the CSV files, by their YAML files alone."""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.lake import Lake
from tests.integration.raw import bring_sample, curated_rows, query

pytestmark = pytest.mark.integration

# The sums that must be equal, and how DuckDB reads the raw objects.
FORMATS = {
    "weather": (("temp", "wind_speed", "precip"), "read_json('{raw}/raw/weather/**/*.jsonl*')"),
    "planes": (("seats", "year"), "read_parquet('{raw}/raw/planes/**/*.parquet')"),
}


@pytest.mark.parametrize("dataset", FORMATS)
def test_rows_and_sums_equal_those_of_the_raw_objects_and_missing_values_are_nulls(
    lake: Lake, dataset: str, tmp_path: Path
) -> None:
    columns, reader = FORMATS[dataset]
    raw = reader.format(raw=bring_sample(lake, dataset, tmp_path))

    result = lake.run_json(dataset)

    assert result["final_status"] == "SUCCEEDED", result
    assert {(node["type"], node["state"]) for node in result["nodes"]} == {
        ("CRAWLER", "SUCCEEDED"),
        ("JOB", "SUCCEEDED"),
    }
    curated = curated_rows(lake, dataset)
    assert measured("curated", columns, curated=curated) == pytest.approx(measured(raw, columns))
    assert result["rows"]["read"] == result["rows"]["curated"] == curated.num_rows
    assert not query(
        f"SELECT 1 FROM curated WHERE {' OR '.join(f'isnan({name})' for name in columns)}", curated=curated
    )


def measured(source: str, columns: tuple[str, ...], **tables: Any) -> list[float]:
    """Rows, and each column's number of values and their sum; NaN is a missing value in the source."""
    values = [f"CASE WHEN NOT isnan(CAST({name} AS DOUBLE)) THEN CAST({name} AS DOUBLE) END" for name in columns]
    measures = ", ".join(f"count({value}), sum({value})" for value in values)
    return [float(one) for one in query(f"SELECT count(*), {measures} FROM {source}", **tables)[0]]
