from pathlib import Path

import pytest

from lake.dataset import load_dataset, load_datasets
from lake.errors import ConfigError

GOOD = """\
name: trips
source:
  prefix: raw/trips/
  format: csv
  options: {header: true}
columns:
  - {name: id, type: bigint, required: true}
  - {name: at, type: timestamp}
  - {name: city, type: string}
key: [id]
order_by: [at]
partition_by:
  - month(at)
  - bucket(16, city)
workers: {type: G.1X, count: 2}
timeout_minutes: 30
"""

# What is written in place of what, the line of the error, and its text after file and line.
MISTAKES = [
    ("key: [id]", "keys: [id]", 10, "keys: unknown field; allowed: name, description, source, columns, key, order_by, "
     "partition_by, table_rules, max_quarantined, workers, timeout_minutes; did you mean 'key'?"),
    ("header: true", "headers: true", 5,
     "source.options.headers: unknown field; allowed: header, delimiter, quote, escape, nullValue; "
     "did you mean 'header'?"),
    ("{name: at, type: timestamp}", "{name: at}", 8, "columns[1].type: is missing"),
    ("type: timestamp", "type: timestmp", 8,
     "columns[1].type: 'timestmp' is no type of Spark SQL; allowed: string, int, bigint, float, double, boolean, date, "
     "timestamp, decimal(p,s); did you mean 'timestamp'?"),
    ("type: string", "type: 'decimal(39,2)'", 9,
     "columns[2].type: 'decimal(39,2)': allowed are a precision from 1 to 38, and a scale up to it"),
    ("type: string", "type: 'decimal(4,5)'", 9,
     "columns[2].type: 'decimal(4,5)': allowed are a precision from 1 to 38, and a scale up to it"),
    ("name: city", "name: City", 9,
     "columns[2].name: string should match pattern '^[a-z][a-z0-9_]{0,127}$', not \"City\""),
    ("name: city", "name: at", 6, "columns: 'at' is given twice"),
    ("format: csv", "format: xml", 4, "source.format: input should be 'csv', not \"xml\""),
    ("raw/trips/", "raw/trip/", 3, "source.prefix: 'raw/trip/' must end in the dataset's name: allowed is …/trips/"),
    ("raw/trips/", "/raw/trips/", 3,
     "source.prefix: string should match pattern '^([A-Za-z0-9_.=-]+/)+$', not \"/raw/trips/\""),
    ("key: [id]", "key: [idd]", 10, "key[0]: no column 'idd'; declared: id, at, city; did you mean 'id'?"),
    ("key: [id]", "key: [id, id]", 10, "key: 'id' is given twice"),
    ("order_by: [at]", "order_by: [when]", 11, "order_by[0]: no column 'when'; declared: id, at, city"),
    ("month(at)", "month(town)", 13, "partition_by[0]: no column 'town'; declared: id, at, city"),
    ("month(at)", "month(city)", 13, "partition_by[0]: month does not take a column of type string"),
    ("bucket(16, city)", "bucket(city)", 14,
     "partition_by[1]: 'bucket(city)' is no partition transform; allowed: year(c), month(c), day(c), hour(c), "
     "bucket(n, c), truncate(n, c), or a column itself"),
    ("bucket(16, city)", "week(at)", 14,
     "partition_by[1]: 'week(at)' is no partition transform; allowed: year(c), month(c), day(c), hour(c), "
     "bucket(n, c), truncate(n, c), or a column itself"),
    ("count: 2", "count: 1", 15, "workers.count: input should be greater than or equal to 2, not 1"),
    ("count: 2", 'count: "2"', 15, "workers.count: input should be a valid integer, not \"2\""),
    ("type: G.1X", "type: G.3X", 15,
     "workers.type: input should be 'G.1X', 'G.2X', 'G.4X', 'G.8X', 'G.12X', 'G.16X', 'R.1X', 'R.2X', 'R.4X' "
     "or 'R.8X', not \"G.3X\""),
    ("minutes: 30", "minutes: 0", 16, "timeout_minutes: input should be greater than or equal to 1, not 0"),
    ("minutes: 30", "minutes: 30\nmax_quarantined: 5", 17,
     "max_quarantined: input should be less than or equal to 1, not 5"),
    ("key: [id]", "key: [id]\nkey: [at]", 11, "key: is given twice"),
    ("name: trips", "name: journeys", 3,
     "source.prefix: 'raw/trips/' must end in the dataset's name: allowed is …/journeys/"),
    ("name: trips\n", "", 1, "name: is missing"),
    ("timeout_minutes: 30", "table_rules: RowCount > 0", 16,
     "table_rules: must be rules in DQDL; allowed: Rules = [ RULE, … ]"),
    ("timeout_minutes: 30", "table_rules: Rules = []", 16,
     "table_rules: must be rules in DQDL; allowed: Rules = [ RULE, … ]"),
]  # fmt: skip


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def error_of(folder: Path, name: str = "trips") -> str:
    with pytest.raises(ConfigError) as caught:
        load_dataset(name, folder)
    return str(caught.value)


@pytest.mark.parametrize(("old", "new", "line", "message"), MISTAKES)
def test_a_mistake_is_named_with_file_line_field_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    assert GOOD.count(old) == 1
    path = write(tmp_path, "trips", GOOD.replace(old, new))
    assert error_of(tmp_path) == f"{path}:{line}: {message}"


def test_the_file_without_a_mistake_loads(tmp_path: Path) -> None:
    write(tmp_path, "trips", GOOD)
    dataset = load_dataset("trips", tmp_path)
    assert dataset.partition_by == ("month(at)", "bucket(16, city)")
    assert dataset.max_quarantined == 1.0


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "trips", GOOD.replace("count: 2", "count: 1").replace("format: csv", "format: xml"))
    assert [line.split(" ")[0] for line in error_of(tmp_path).splitlines()] == [f"{path}:4:", f"{path}:15:"]


def test_text_that_is_not_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "trips", "name: trips\nkey: [id\nsource: {}\n")
    assert error_of(tmp_path).startswith(f"{path}:3: is not YAML: ")


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just text\n"])
def test_a_file_that_is_no_mapping_says_so(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "trips", text)
    assert error_of(tmp_path) == f"{path}: must be a YAML mapping of fields"


def test_a_name_other_than_the_files_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "journeys", GOOD)
    assert error_of(tmp_path, "journeys") == f"{path}:1: name: 'trips' must be the file's name: allowed is journeys"


def test_an_unknown_dataset_lists_the_known_ones(tmp_path: Path) -> None:
    write(tmp_path, "trips", GOOD)
    assert error_of(tmp_path, "trip") == "unknown dataset 'trip'; known: trips; did you mean 'trips'?"


def test_the_name_under_which_all_records_lie_is_reserved(tmp_path: Path) -> None:
    path = write(tmp_path, "records", GOOD.replace("trips", "records"))
    assert error_of(tmp_path, "records") == f"{path}:1: name: 'records' is reserved; any other name is allowed"


def test_a_prefix_inside_another_datasets_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "trips", GOOD)
    path = write(tmp_path, "late", GOOD.replace("raw/trips/", "raw/trips/late/").replace("name: trips", "name: late"))
    with pytest.raises(ConfigError) as caught:
        load_datasets(tmp_path)
    assert str(caught.value) == (
        f"{path}:3: source.prefix: 'raw/trips/late/' lies in 'raw/trips/' of dataset 'trips'; "
        "allowed is a prefix of its own"
    )


def test_prefixes_that_only_begin_alike_are_allowed(tmp_path: Path) -> None:
    write(tmp_path, "trips", GOOD)
    write(tmp_path, "trips_old", GOOD.replace("raw/trips/", "raw/trips_old/").replace("name: trips", "name: trips_old"))
    assert [dataset.name for dataset in load_datasets(tmp_path)] == ["trips", "trips_old"]


def test_key_and_partition_need_no_declared_columns_where_none_are_declared(tmp_path: Path) -> None:
    write(
        tmp_path,
        "trips",
        "name: trips\nsource: {prefix: raw/trips/, format: csv}\nkey: [id]\npartition_by: [day(at)]\n",
    )
    assert load_dataset("trips", tmp_path).key == ("id",)
