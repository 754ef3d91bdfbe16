"""Files of a user's own: where they go, and what is said of those that cannot go there."""

import hashlib
from pathlib import Path

import pytest

from lake.errors import ConfigError
from samples.own_files import MAX_BYTES, OwnFile, own_files


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "today.csv"
    path.write_bytes(b"a,b\n1,2\n")
    return path


def refused(*paths: Path, folder: str = "", format: str = "csv") -> str:
    with pytest.raises(ConfigError) as raised:
        own_files(paths, dataset="things", format=format, folder=folder)
    return str(raised.value)


@pytest.mark.parametrize(
    ("folder", "key"),
    [("", "today.csv"), ("month=01", "month=01/today.csv"), ("/a=1/b=2/", "a=1/b=2/today.csv")],
)
def test_a_file_keeps_its_name_below_the_folder(file: Path, folder: str, key: str) -> None:
    (found,) = own_files([file], dataset="things", format="csv", folder=folder)
    assert found.key == key


def test_its_content_is_hashed_and_read_as_a_stream(file: Path) -> None:
    assert OwnFile(file).sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    with OwnFile(file).open() as stream:
        assert stream.read() == b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("name", "content", "format", "told"),
    [
        ("empty.csv", b"", "csv", "is empty"),
        (
            ".hidden.csv",
            b"a",
            "csv",
            "Spark does not read files whose names begin with '.' or '_'; give it another name",
        ),
        (
            "_part.csv",
            b"a",
            "csv",
            "Spark does not read files whose names begin with '.' or '_'; give it another name",
        ),
        ("p.parquet", b"a", "csv", "is named as parquet, but dataset 'things' has source.format csv"),
        ("p.csv.gz", b"a", "json", "is named as csv, but dataset 'things' has source.format json"),
        ("P.JSONL", b"a", "parquet", "is named as json, but dataset 'things' has source.format parquet"),
    ],
)
def test_what_the_job_would_not_read_is_refused(
    tmp_path: Path, name: str, content: bytes, format: str, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path, format=format) == f"{path}: {told}"


@pytest.mark.parametrize(
    ("name", "format"), [("x.json.gz", "json"), ("x.tsv", "csv"), ("data", "csv"), ("x.txt", "csv")]
)
def test_a_name_that_tells_the_format_or_nothing_is_taken(tmp_path: Path, name: str, format: str) -> None:
    (tmp_path / name).write_bytes(b"a")
    assert [found.key for found in own_files([tmp_path / name], dataset="things", format=format)] == [name]


def test_all_that_is_wrong_is_said_at_once(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / file.name
    other.parent.mkdir()
    other.write_bytes(b"a")
    assert refused(file, tmp_path / "nosuch.csv", tmp_path, other, folder="_x").splitlines() == [
        f"{tmp_path}/nosuch.csv: there is no such file",
        f"{tmp_path}: is a folder; name the files in it: {tmp_path}/*",
        "--folder _x: no part of it may be empty, nor begin with '.' or '_'",
        f"{other}: has the same name as {file}; a raw object keeps its file's name",
    ]


def test_a_file_that_one_request_does_not_take_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # a hole: it takes no room
    assert refused(path) == f"{path}: has 5.0 GiB, of which one request takes 5; split it, or use 'aws s3 cp'"
