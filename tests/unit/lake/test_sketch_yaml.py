import datetime as dt
import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lake.dataset import load_dataset
from lake.sketch.__main__ import write

HEAD = """\
# yaml-language-server: $schema=dataset.schema.json
# Made from {0}: {1} rows. Types are those that every value in it fits.
# What is commented out is a suggestion, not in force. A column that every row must have: required: true.
"""
TAIL = """\
max_quarantined: 0.05                    # share of the rows read; above it the run publishes nothing
workers: {type: G.1X, count: 2}
timeout_minutes: 60
"""

CSV = """\
Id;at;seen;amount;zip;note;spare
1;2013-01-01;2013-01-01T05:00:00Z;1.5;00501;"a ""b""
c";
2;2013-01-02;2013-02-01 05:00;NA;10001;NA;
3;2013-01-02;NA;2e3;10002;x;
4;2013-01-04;;-.5;00501
"""

CSV_YAML = """\
name: trips
# description:
source:
  prefix: raw/trips/
  format: csv
  options: {header: true, delimiter: ";", escape: "\\"", nullValue: NA, multiLine: true}
  # 'NA' is taken for a missing value; rows that have it: seen 1, amount 1, note 1
  # 1 record does not fit the header and would be quarantined, the first is record 5, the header being 1: \
Expected Number of Columns: 7 Found: 5
  # a quote inside a value is written twice: that is what escape says
  # values go over several lines: each file is read by one task
columns:
  - {name: id, type: bigint}       # the file calls it Id; never missing
  - {name: at, type: date}         # never missing
  - {name: seen, type: timestamp}  # missing in 1 row
  - {name: amount, type: double}   # missing in 1 row
  - {name: zip, type: string}      # never missing; text, for '00501' has a leading zero
  - {name: note, type: string}     # missing in 1 row
  - {name: spare, type: string}    # no value in this file, so its type is not known
# key: [id]   # unique and never missing in these 3 rows; so is [zip]
# partition_by: [day(at)]   # 2013-01-01 to 2013-01-02; best by columns of the key, where there is a key
# partition_by: [day(seen)]   # 2013-01-01 to 2013-02-01; best by columns of the key, where there is a key
"""

JSON = """\
{"City": "Rome", "year": 2013, "temp": 20.5, "big": 18446744073709551615, "on": true, "at": "2001-01-01", "no": null}
{"City": "Rome", "year": 2014, "tags": ["a"], "where": {"lat": 1.5, "zip": "00"}, "at": "2013-05-05", "code": "007"}
{"City": "Oslo", "year": 2013, "temp": 3, "tags": [], "at": "2013-05-05", "mixed": 1, "code": "N/A"}
{"City": "Oslo", "year": 2014, "temp": 4, "at": "2013-05-05", "mixed": "x", "code": "1", "digits": "5"}
"""

JSON_YAML = """\
name: trips
# description:
source:
  prefix: raw/trips/
  format: json
columns:
  - {name: city, type: string}                            # the file calls it City; never missing
  - {name: year, type: bigint}                            # never missing
  - {name: temp, type: double}                            # missing in 1 row
  - {name: big, type: "decimal(38,0)"}                    # missing in 3 rows
  - {name: "on", type: boolean}                           # missing in 3 rows
  - {name: at, type: date}                                # never missing
  - {name: "no", type: string}                            # no value in this file, so its type is not known
  - {name: tags, type: "array<string>"}                   # missing in 2 rows
  - {name: where, type: "struct<lat:double,zip:string>"}  # missing in 3 rows
  - {name: code, type: string}                            # missing in 1 row; 'N/A' in 1 row: taken as text
  - {name: mixed, type: string}                           # missing in 2 rows; of several kinds: kept as text
  - {name: digits, type: string}                          # missing in 3 rows; text, for its values stand in quotes
# key: [city, year]   # unique and never missing in these 4 rows
# partition_by: [year(at)]   # 2001-01-01 to 2013-05-05; best by columns of the key, where there is a key
"""

PARQUET_YAML = """\
name: trips
# description:
source:
  prefix: raw/trips/
  format: parquet
columns:
  - {name: id, type: int}                # the file calls it Id; never missing
  - {name: price, type: "decimal(9,2)"}  # missing in 1 row
  - {name: at, type: timestamp}          # never missing
  - {name: kind, type: string}           # never missing
  - {name: parts, type: "array<float>"}  # never missing
  - {name: fine, type: timestamp}        # never missing; nanoseconds in the file, microseconds in the table
# key: []   # no column, nor two together, name each of these 3 rows: without a key all stay
# partition_by: [month(at)]   # 2013-01-01 to 2013-12-31
# partition_by: [month(fine)]   # 2013-01-01 to 2013-12-31
"""


def made_from(folder: Path, name: str, content: bytes) -> str:
    sample = folder / name
    sample.write_bytes(content)
    datasets = folder / "datasets"
    datasets.mkdir()
    target, _ = write("trips", sample, datasets)
    assert target == datasets / "trips.yaml"
    assert load_dataset("trips", datasets).name == "trips"
    return target.read_text(encoding="utf-8")


def test_a_csv_becomes_a_dataset_that_says_what_was_found_and_why(tmp_path: Path) -> None:
    text = made_from(tmp_path, "trips.csv", CSV.encode())
    assert text == HEAD.format("trips.csv", 3) + CSV_YAML + TAIL


def test_a_gzipped_csv_with_a_byte_order_mark_and_windows_line_ends_is_the_same(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + CSV.replace('b""\nc', 'b""\vc').replace("\n", "\r\n").replace("\v", "\n").encode()
    text = made_from(tmp_path, "trips.csv.gz", gzip.compress(content))
    assert text == HEAD.format("trips.csv.gz", 3) + CSV_YAML + TAIL


def test_json_lines_become_a_dataset_with_nested_types(tmp_path: Path) -> None:
    text = made_from(tmp_path, "trips.jsonl", JSON.encode())
    assert text == HEAD.format("trips.jsonl", 4) + JSON_YAML + TAIL


def test_a_json_array_is_the_same_with_an_option(tmp_path: Path) -> None:
    text = made_from(tmp_path, "trips.json", f"[{','.join(JSON.splitlines())}]".encode())
    option = "  options: {multiLine: true}\n  # the file is one array: each file is read by one task\n"
    assert text == HEAD.format("trips.json", 4) + JSON_YAML.replace("json\n", f"json\n{option}") + TAIL


def test_a_parquet_file_becomes_a_dataset_with_its_types(tmp_path: Path) -> None:
    times = [dt.datetime(2013, month, day, tzinfo=dt.UTC) for month, day in ((1, 1), (12, 31), (12, 31))]
    table = pa.table(
        {
            "Id": pa.array([1, 1, 1], pa.int16()),
            "price": pa.array([None, "1.50", "1.50"]).cast(pa.decimal128(9, 2)),
            "at": pa.array(times, pa.timestamp("us", "UTC")),
            "kind": pa.array(["a", "b", "b"]).dictionary_encode(),
            "parts": pa.array([[1.5], [], []], pa.list_(pa.float32())),
            "fine": pa.array(times, pa.timestamp("ns")),
        }
    )
    made = tmp_path / "made.parquet"
    pq.write_table(table, made)
    text = made_from(tmp_path, "trips.parquet", made.read_bytes())
    assert text == HEAD.format("trips.parquet", 3) + PARQUET_YAML + TAIL


@pytest.mark.parametrize(
    ("values", "kind", "note"),
    [
        (["true", "False"], "boolean", "never missing"),
        (["1", "9223372036854775807"], "bigint", "never missing"),
        (["1", "9223372036854775808"], "double", "never missing"),
        (["1", " 2", "3", "4"], "string", "never missing; text, for ' 2' stands beside whole numbers"),
        (["1", "-", "3"], "bigint", "missing in 1 row"),
        (["2013-02-28", "2013-02-30", "2013-03-01"], "string",
         "never missing; text, for '2013-02-30' stands beside dates"),
        (["28/02/2013", "01/03/2013"], "string",
         "never missing; text, for times are written as 2013-01-31 or 2013-01-31 10:00, not as '01/03/2013'"),
        (["007", "12"], "string", "never missing; text, for '007' has a leading zero"),
        (["2013-01-01 10:00:00.123456+02:00", "2013-01-01T10:00Z"], "timestamp", "never missing"),
        (["0", "0.5"], "double", "never missing"),
        (["x", "NA"], "string", "never missing; 'NA' in 1 row: taken as text"),
        (["1", "inf"], "string", "never missing"),
        (["1", "2", "x" * 50], "string", f"never missing; text, for '{'x' * 40}…' stands beside whole numbers"),
    ],
)  # fmt: skip
def test_a_column_of_csv_has_the_type_that_all_its_values_fit_in_spark(
    tmp_path: Path, values: list[str], kind: str, note: str
) -> None:
    lines = [f"{position},{value}" for position, value in enumerate(values)]
    text = made_from(tmp_path, "trips.csv", "\n".join(["n,value", *lines, ""]).encode())
    assert f"  - {{name: value, type: {kind}}}" in text
    (line,) = (line for line in text.splitlines() if "name: value" in line)
    assert line.partition("# ")[2] == note


def test_of_two_spellings_of_a_missing_value_the_one_of_more_rows_is_taken_and_the_other_told(tmp_path: Path) -> None:
    text = made_from(tmp_path, "trips.csv", b"a,b\n1,1\nNA,-\nNA,3\n")
    assert "  options: {header: true, nullValue: NA}\n" in text
    assert "  - {name: a, type: bigint}  # missing in 2 rows\n" in text
    assert "  - {name: b, type: string}  # never missing; text, for '-' stands beside whole numbers\n" in text
