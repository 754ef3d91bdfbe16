import datetime as dt
import gzip
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lake.config_file import ROOT
from lake.errors import ConfigError
from lake.sketch.__main__ import main, write

GOOD = b"id,city\n1,Rome\n2,Oslo\n"
ENDINGS = ".csv, .tsv, .json, .jsonl, .ndjson, .parquet; all but .parquet also with .gz after it"
NAMES = "has names that no column can have here; allowed: a to z, 0 to 9 and _, a letter first, at most 128"
RENAME = "\n  rename them in every file of the dataset"

# A file's name, its bytes, and what is said of it.
FILES = [
    ("a.xlsx", GOOD, f"its name does not say what it is; allowed: {ENDINGS}"),
    ("a", GOOD, f"its name does not say what it is; allowed: {ENDINGS}"),
    ("a.parquet.gz", GOOD, f"its name does not say what it is; allowed: {ENDINGS}"),
    ("a.csv", b"", "is empty"),
    ("a.csv", b"\xef\xbb\xbf \n\n", "is empty"),
    ("a.csv", b"id,city\n\0,x\n", "is binary, not csv: it has NUL bytes"),
    ("a.json", b"\x89PNG\0", "is binary, not json: it has NUL bytes"),
    ("a.csv", b"id,city\n1,Malm\xf6\n", "is not UTF-8: line 2 has the byte 0xf6; save it as UTF-8"),
    ("a.csv.gz", GOOD, "cannot be unpacked: Not a gzipped file (b'id')"),
    ("a.csv.gz", gzip.compress(GOOD, mtime=0)[:-9],
     "cannot be unpacked: Compressed file ended before the end-of-stream marker was reached"),
    ("a.csv", b"id,city\n", "has a header and no row that fits it; allowed is a file with rows"),
    ("a.csv", b"id\n1\n2\n", "has one column by any delimiter tried; the crawler takes nothing below 2 for CSV"),
    ("a.csv", b"1,2\n3,4\n",
     "has no header; put a first line with 2 names above the rows, in every file of the dataset"),
    ("a.csv", b"# made today\nid,city\n1,Rome\n2,Oslo\n",
     "has lines that begin with '#', comments it seems; remove them: Spark skips none"),
    ("a.csv", b"Tail Num,b,B,2nd\n1,2,3,4\n5,6,7,8\n", f"{NAMES}\n"
     "  column 1 is called 'Tail Num': call it 'tail_num'\n"
     "  column 3 is called 'B', as is 'b': call it otherwise\n"
     "  column 4 is called '2nd': call it 'c_2nd'" + RENAME),
    ("a.jsonl", b'{"id": 1, "my id": 2, "a.b": 3}\n', f"{NAMES}\n"
     "  column 2 is called 'my id': call it 'my_id'\n"
     "  column 3 is called 'a.b': call it 'a_b'" + RENAME),
    ("a.jsonl", b'{"id": 1, "Id": 2}\n', f"{NAMES}\n"
     "  column 3 is called 'Id', as is 'id': call it otherwise" + RENAME),
    ("a.json", b"[1, 2]", "is not JSON of objects: Binder Error: json_read expected records, but got non-record JSON "
     "instead."),
    ("a.jsonl", b'{"id": 1}\n{"id": 2\n{"id": 3}\n',
     "is not JSON of objects: line 2 is none by itself: Expecting ',' delimiter, at character 10"),
    ("a.json", b"hello", "is not JSON of objects: it begins with neither { nor ["),
    ("a.json", b'{\n  "id": 1\n}\n', "is neither one JSON object a line nor one array of objects: "
     "its first line is no object by itself"),
    ("a.parquet", GOOD, "is not Parquet: it does not begin with PAR1"),
    ("a.parquet", b"PAR1" + GOOD, "is not Parquet: Parquet magic bytes not found in footer. "
     "Either the file is corrupted or this is not a parquet file."),
]  # fmt: skip


def error_of(name: str, sample: Path, folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        write(name, sample, folder)
    return str(caught.value)


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    folder = tmp_path / "datasets"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(("file", "content", "message"), FILES)
def test_a_file_that_makes_no_dataset_says_why_and_leaves_none(
    tmp_path: Path, datasets: Path, file: str, content: bytes, message: str
) -> None:
    sample = tmp_path / file
    sample.write_bytes(content)
    assert error_of("trips", sample, datasets) == f"{sample}: {message}"
    assert list(datasets.iterdir()) == []


def test_a_file_that_is_not_there_and_a_folder_say_so(tmp_path: Path, datasets: Path) -> None:
    absent = tmp_path / "absent.csv"
    assert error_of("trips", absent, datasets) == f"{absent}: there is no such file"
    assert error_of("trips", tmp_path, datasets) == f"{tmp_path}: is a folder; allowed is one file of it"


def test_types_of_parquet_that_spark_does_not_read_are_all_told(tmp_path: Path, datasets: Path) -> None:
    sample = tmp_path / "a.parquet"
    at = pa.array([1], pa.timestamp("ns"))
    pq.write_table(pa.table({"at": at, "ats": pa.array([[1]], pa.list_(at.type)), "time": [dt.time(1)]}), sample)
    assert error_of("trips", sample, datasets) == (
        f"{sample}: has types that no column can have here\n"
        "  column 'ats' is of type list<element: timestamp[ns]>: write it as text, or leave it out\n"
        "  column 'time' is of type time64[us]: write it as text, or leave it out"
    )


@pytest.mark.parametrize("name", ["My-Trips", "my trips"])
def test_a_name_that_no_dataset_can_have_is_refused_before_the_file_is_read(datasets: Path, name: str) -> None:
    assert error_of(name, Path("absent"), datasets) == (
        f"NAME: '{name}' is no name of a dataset; allowed: a to z, 0 to 9 and _, a letter first, at most 40; "
        "did you mean 'my_trips'?"
    )


def test_a_dataset_that_is_there_is_not_overwritten(tmp_path: Path, datasets: Path) -> None:
    sample = tmp_path / "a.csv"
    sample.write_bytes(GOOD)
    target, _ = write("trips", sample, datasets)
    before = target.read_text(encoding="utf-8")
    assert error_of("trips", sample, datasets) == (
        f"{target} is there already, and is not overwritten; allowed is another NAME, or remove the file first"
    )
    assert target.read_text(encoding="utf-8") == before


def test_a_dataset_whose_objects_would_be_another_ones_is_refused(tmp_path: Path, datasets: Path) -> None:
    sample = tmp_path / "a.csv"
    sample.write_bytes(GOOD)
    (datasets / "late.yaml").write_text("name: late\nsource: {prefix: raw/trips/late/, format: csv}\n")
    assert error_of("trips", sample, datasets) == (
        f"{datasets / 'trips.yaml'}: source.prefix: 'raw/trips/late/' lies in 'raw/trips/' of dataset 'trips'; "
        "allowed is a prefix of its own"
    )
    assert not (datasets / "trips.yaml").exists()


def test_another_dataset_that_is_wrong_is_told_first(tmp_path: Path, datasets: Path) -> None:
    sample = tmp_path / "a.csv"
    sample.write_bytes(GOOD)
    other = datasets / "late.yaml"
    other.write_text("name: late\nsource: {prefix: raw/late/, format: xml}\n")
    assert error_of("trips", sample, datasets) == (
        f"{other}:2: source.format: input should be 'csv', 'json' or 'parquet', not \"xml\""
    )


def test_the_command_writes_the_file_and_says_what_is_next(
    tmp_path: Path, datasets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = tmp_path / "my trips.csv"
    sample.write_bytes(GOOD)
    monkeypatch.setattr(write, "__defaults__", (datasets,))
    assert main(["trips", str(sample)]) == 0
    assert capsys.readouterr().out == (
        f"{datasets / 'trips.yaml'} written: csv, 2 columns, from 2 rows\n"
        "Look at it: key and partition_by are suggestions in comments. Then:\n"
        "  make deploy\n"
        f"  .venv/bin/python -m samples put trips '{sample}' && python run.py trips\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "usage: make dataset NAME=my_data FILE=path/to/sample.csv\n"),
        (["", ""], "usage: make dataset NAME=my_data FILE=path/to/sample.csv\n"),
        (["trips", "absent.csv"], "reading absent.csv …\nerror: absent.csv: there is no such file\n"),
        (
            ["flights", "absent.csv"],
            "reading absent.csv …\nerror: datasets/flights.yaml is there already, and is not overwritten; "
            "allowed is another NAME, or remove the file first\n",
        ),
    ],
)
def test_wrong_use_of_the_command_ends_with_exit_code_2(arguments: list[str], message: str) -> None:
    line = [sys.executable, "-m", "lake.sketch", *arguments]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
