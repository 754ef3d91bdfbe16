from pathlib import Path

import pytest

from lake.dataset import load_dataset, load_datasets
from lake.errors import ConfigError

GOOD = "name: {0}\nsource:\n  prefix: raw/{0}/\n  format: {1}\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def error_of(folder: Path, name: str = "trips") -> str:
    with pytest.raises(ConfigError) as caught:
        load_dataset(name, folder)
    return str(caught.value)


def error_of_all(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_datasets(folder)
    return str(caught.value)


# A file's bytes, and the message without its path.
FILES = [
    (b"", ":1: must be a YAML mapping of fields; it is empty"),
    (b"# nothing yet\n", ":1: must be a YAML mapping of fields; it is empty"),
    (b"- a\n- b\n", ":1: must be a YAML mapping of fields; it is a list"),
    (b"just text\n", ":1: must be a YAML mapping of fields; it is a single value"),
    (b"name: trips\ndescription: Fahrr\xe4der\n",
     ":2: is not UTF-8: it has the byte 0xe4; allowed is a file saved as UTF-8"),
    ("name: trips\n".encode("utf-16"), ":1: is not UTF-8: it has the byte 0xff; allowed is a file saved as UTF-8"),
    (b"name: trips\nkey: [a\x07]\n", ":2: is not YAML: it has the control character U+0007"),
    (b"name: trips\nsource:\n\tprefix: raw/trips/\n", ":3: is not YAML: found character '\\t' that cannot start any "
     "token; allowed are blanks: YAML indents with no tabs"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "message"), FILES)
def test_a_file_that_is_no_yaml_mapping_says_what_it_is(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "trips.yaml"
    path.write_bytes(content)
    assert error_of(tmp_path) == f"{path}{message}"


def test_a_file_that_is_a_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "trips.yaml").mkdir()
    assert error_of(tmp_path) == f"{tmp_path / 'trips.yaml'}: cannot be read: Is a directory"


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "trips.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.format("trips", "csv").encode())
    assert load_dataset("trips", tmp_path).name == "trips"


@pytest.mark.parametrize(
    ("format", "options"),
    [
        (
            "csv",
            {
                "header": False,
                "delimiter": ",",
                "quote": '"',
                "escape": "\\",
                "nullValue": "",
                "encoding": "UTF-8",
                "multiLine": False,
            },
        ),
        ("json", {"multiLine": False}),
        ("parquet", {}),
    ],
)
def test_each_format_has_its_options_with_their_defaults(
    tmp_path: Path, format: str, options: dict[str, object]
) -> None:
    write(tmp_path, "trips", GOOD.format("trips", format))
    source = load_dataset("trips", tmp_path).source
    assert source.format == format
    assert source.options.model_dump() == options


@pytest.mark.parametrize(
    ("format", "option", "message"),
    [
        ("json", "delimiter: ';'", "delimiter: unknown field: it is an option of csv; allowed: multiLine"),
        ("parquet", "multiLine: true", "multiLine: unknown field: it is an option of csv and json; allowed: none"),
    ],
)
def test_an_option_of_another_format_says_which_has_it(tmp_path: Path, format: str, option: str, message: str) -> None:
    path = write(tmp_path, "trips", GOOD.format("trips", format) + f"  options: {{{option}}}\n")
    assert error_of(tmp_path) == f"{path}:5: source.options.{message}"


def test_columns_of_json_may_have_parts_which_are_no_key(tmp_path: Path) -> None:
    columns = "columns:\n  - {name: tags, type: 'array<struct<tag: string,weight:decimal(3, 1)>>'}\n"
    path = write(tmp_path, "trips", GOOD.format("trips", "json") + columns)
    assert load_dataset("trips", tmp_path).columns[0].type == "array<struct<tag:string,weight:decimal(3,1)>>"
    write(tmp_path, "trips", GOOD.format("trips", "json") + columns + "key: [tags]\npartition_by: [tags]\n")
    assert error_of(tmp_path) == (
        f"{path}:7: key[0]: 'tags' has parts; allowed is a column with a single value\n"
        f"{path}:8: partition_by[0]: identity does not take a column of type "
        "array<struct<tag:string,weight:decimal(3,1)>>"
    )


def test_a_name_other_than_the_files_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "journeys", GOOD.format("trips", "csv"))
    assert error_of(tmp_path, "journeys") == f"{path}:1: name: 'trips' must be the file's name: allowed is journeys"


def test_an_unknown_dataset_lists_the_known_ones(tmp_path: Path) -> None:
    write(tmp_path, "trips", GOOD.format("trips", "csv"))
    assert error_of(tmp_path, "trip") == "unknown dataset 'trip'; known: trips; did you mean 'trips'?"


def test_the_name_under_which_all_records_lie_is_reserved(tmp_path: Path) -> None:
    path = write(tmp_path, "records", GOOD.format("records", "csv"))
    assert error_of(tmp_path, "records") == f"{path}:1: name: 'records' is reserved; any other name is allowed"


def test_a_file_that_would_be_overlooked_for_its_ending_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trips.yml").write_text(GOOD.format("trips", "csv"), encoding="utf-8")
    assert error_of_all(tmp_path) == f"{tmp_path / 'trips.yml'}: must end in .yaml; did you mean 'trips.yaml'?"


def test_prefixes_inside_another_datasets_are_refused_all_at_once(tmp_path: Path) -> None:
    write(tmp_path, "trips", GOOD.format("trips", "csv"))
    inside = GOOD.replace("raw/", "raw/trips/")
    paths = [write(tmp_path, name, inside.format(name, "csv")) for name in ("early", "late")]
    assert error_of_all(tmp_path) == "\n".join(
        f"{path}:3: source.prefix: 'raw/trips/{path.stem}/' lies in 'raw/trips/' of dataset 'trips'; "
        "allowed is a prefix of its own"
        for path in paths
    )


def test_prefixes_that_only_begin_alike_are_allowed(tmp_path: Path) -> None:
    for name in ("trips", "trips_old"):
        write(tmp_path, name, GOOD.format(name, "csv"))
    assert [dataset.name for dataset in load_datasets(tmp_path)] == ["trips", "trips_old"]


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    paths = [write(tmp_path, name, GOOD.format(name, "xml")) for name in ("early", "late")]
    assert error_of_all(tmp_path) == "\n".join(
        f"{path}:4: source.format: input should be 'csv', 'json' or 'parquet', not \"xml\"" for path in paths
    )


def test_key_partition_and_rules_need_no_declared_columns_where_none_are_declared(tmp_path: Path) -> None:
    more = 'key: [id]\npartition_by: [day(at)]\ntable_rules: Rules = [ IsUnique "id" ]\n'
    write(tmp_path, "trips", GOOD.format("trips", "csv") + more)
    assert load_dataset("trips", tmp_path).key == ("id",)
