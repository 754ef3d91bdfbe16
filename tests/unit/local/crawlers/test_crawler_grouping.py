from __future__ import annotations

import pytest

from local.glue.crawlers.formats.base import Finding, ObjectRef
from local.glue.crawlers.grouping import by_level, by_likeness, split
from local.glue.crawlers.layout import key_names, place
from local.glue.crawlers.names import table_name, told_apart
from local.glue.crawlers.schema import Column

COMMA = (("delimiter", ","),)


def finding(
    key: str, columns: str = "abcd", *, compression: str = "none", traits: tuple[tuple[str, str], ...] = COMMA
) -> Finding:
    schema = tuple(Column(name, "bigint") for name in columns)
    return Finding(ObjectRef("b", key, 10), "csv", compression, traits, schema, 1)


def roots(*findings: Finding, root: tuple[str, ...] = ("raw",), combine: bool = False) -> list[str]:
    return ["/".join([*group.folder, group.leaf]) for group in by_likeness(findings, root, combine=combine)]


def left_out(*findings: Finding, combine: bool = True) -> list[str]:
    [group] = by_level(findings, 2)[0]
    return [finding.ref.key for finding in split(group, combine=combine).others]


@pytest.mark.rule("schema similarity", "key folders")
def test_folders_alike_are_partitions_of_one_table() -> None:
    assert roots(finding("raw/m=1/a.csv"), finding("raw/m=2/b.csv")) == ["raw/"]


@pytest.mark.rule("schema similarity")
def test_folders_whose_schemas_differ_are_a_table_each() -> None:
    assert roots(finding("raw/x/a.csv", "ab"), finding("raw/y/b.csv", "cd")) == ["raw/x/", "raw/y/"]


@pytest.mark.rule("combine compatible schemas")
def test_folders_whose_schemas_differ_are_one_table_when_combined() -> None:
    assert roots(finding("raw/x/a.csv", "ab"), finding("raw/y/b.csv", "cd"), combine=True) == ["raw/"]


@pytest.mark.rule("data compatibility")
@pytest.mark.parametrize(
    "other",
    [
        finding("raw/y/b.csv", compression="gzip"),
        finding("raw/y/b.csv", traits=(("delimiter", ";"),)),
        finding("raw/y/deeper/b.csv"),
        finding("raw/y=1/b.csv"),
    ],
    ids=["compression", "delimiter", "depth", "kind of folder"],
)
def test_folders_that_are_not_data_compatible_are_a_table_each_even_when_combined(other: Finding) -> None:
    assert len(roots(finding("raw/x/a.csv"), other, combine=True)) == 2


@pytest.mark.rule("header mix")
def test_objects_with_and_without_a_header_are_not_one_table() -> None:
    others = [finding(f"raw/{name}.csv", traits=(("header", "true"),)) for name in "abc"]
    assert left_out(*others, finding("raw/d.csv", traits=(("header", "false"),))) == ["raw/d.csv"]


@pytest.mark.rule("schema similarity")
def test_a_table_is_made_when_more_than_70_percent_of_the_folders_are_alike() -> None:
    alike = [finding(f"raw/{number}/a.csv") for number in range(8)]
    different = [finding(f"raw/x{number}/a.csv", "efg") for number in range(3)]
    assert roots(*alike, *different) == ["raw/"]
    assert len(roots(*alike[:7], *different)) == 10


@pytest.mark.rule("schema similarity")
def test_a_column_more_leaves_schemas_similar() -> None:
    assert roots(finding("raw/x/a.csv", "abcd"), finding("raw/y/b.csv", "abcde")) == ["raw/"]


@pytest.mark.rule("schema similarity")
def test_an_object_that_differs_from_most_is_left_out_of_the_table_unless_combined() -> None:
    findings = [*(finding(f"raw/{name}.csv") for name in "abcd"), finding("raw/z.csv", "xyz")]
    assert left_out(*findings, combine=False) == ["raw/z.csv"]
    assert left_out(*findings, combine=True) == []


@pytest.mark.rule("lone object")
def test_objects_in_one_folder_that_differ_are_tables_of_their_own() -> None:
    assert roots(finding("raw/a.csv", "ab"), finding("raw/b.csv", "cd")) == ["raw/a.csv", "raw/b.csv"]


@pytest.mark.rule("mixed folders")
def test_an_object_beside_folders_is_a_table_of_its_own() -> None:
    assert roots(finding("raw/x/a.csv"), finding("raw/y/a.csv"), finding("raw/b.csv")) == [
        "raw/x/",
        "raw/y/",
        "raw/b.csv",
    ]


@pytest.mark.rule("mixed folders", "table level")
def test_at_a_table_level_objects_of_another_structure_are_left_out() -> None:
    most = [finding("raw/m=1/a.csv"), finding("raw/m=2/a.csv")]
    assert left_out(*most, finding("raw/n=3/a.csv"), finding("raw/b.csv"), finding("raw/m=1/d=2/c.csv")) == [
        "raw/n=3/a.csv",
        "raw/b.csv",
        "raw/m=1/d=2/c.csv",
    ]


@pytest.mark.rule("table level")
def test_the_table_level_counts_from_the_bucket_and_gives_what_lies_above() -> None:
    groups, above = by_level([finding("raw/x/a.csv"), finding("raw/y/m=1/b.csv"), finding("raw/c.csv")], 3)
    assert [group.folder for group in groups] == [("raw", "x"), ("raw", "y")]
    assert [found.ref.key for found in above] == ["raw/c.csv"]


@pytest.mark.rule("key folders", "plain folders", "partition values")
def test_folders_give_keys_and_values_as_they_are_spelt() -> None:
    below = place(("raw",), ("raw", "Year=2013", "eu%20west", "month=01"))
    assert below.keys == ("year", None, "month")
    assert below.values == ("2013", "eu%20west", "01")
    assert key_names(below.keys, ()) == ("year", "partition_1", "month")


@pytest.mark.rule("key that is a column")
def test_a_key_that_is_a_column_too_is_called_like_a_plain_folder() -> None:
    assert key_names(("year", "month"), (Column("month", "bigint"),)) == ("year", "partition_1")


@pytest.mark.rule("table names")
@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("flights", "raw_flights"),
        ("year=2017", "raw_year_2017"),
        ("My-Data.csv", "raw_my_data_csv"),
        ("x" * 200, "raw_" + "x" * 124),
    ],
)
def test_a_table_is_named_by_its_folder(base: str, expected: str) -> None:
    assert table_name("raw_", base) == expected


@pytest.mark.rule("name clashes")
def test_a_clashing_name_gets_a_hash_of_the_location_and_stays_short() -> None:
    first, second = told_apart("x" * 128, "s3://b/one/"), told_apart("x" * 128, "s3://b/two/")
    assert first != second
    assert len(first) == 128
    assert first.rsplit("_", 1)[1].isalnum()
    assert len(first.rsplit("_", 1)[1]) == 32
