from __future__ import annotations

import pytest

from local.glue.crawlers.formats.base import Finding, ObjectRef, Rejection, Sample
from local.glue.crawlers.formats.delimited import DelimitedText
from local.glue.crawlers.types import Type

CSV = DelimitedText()


def sample(text: str | bytes, *, name: str = "a.csv", size: int | None = None) -> Sample:
    data = text.encode() if isinstance(text, str) else text
    return Sample(ObjectRef("bucket", name, len(data) if size is None else size), data, len(data), "none")


def judged(*texts: str | bytes) -> list[Finding | Rejection]:
    """What the objects are, looked at together."""
    evidence = []
    for number, text in enumerate(texts):
        one = sample(text, name=f"{number}.csv")
        found = CSV.examine(one)
        assert not isinstance(found, Rejection), found.reason
        evidence.append((one.ref, found))
    return CSV.conclude(evidence)


def found(text: str | bytes) -> Finding:
    [finding] = judged(text)
    assert isinstance(finding, Finding), finding
    return finding


def types(text: str | bytes) -> dict[str, Type | None]:
    return dict(found(text).columns)


def refusal(text: str | bytes) -> str:
    one = sample(text)
    examined = CSV.examine(one)
    if isinstance(examined, Rejection):
        return examined.reason
    [verdict] = CSV.conclude([(one.ref, examined)])
    assert isinstance(verdict, Rejection), verdict
    return verdict.reason


@pytest.mark.rule("delimiters")
@pytest.mark.parametrize("delimiter", [",", "|", "\t", ";", "\x01"])
def test_each_delimiter_of_glue_is_recognised(delimiter: str) -> None:
    finding = found(f"id{delimiter}name\n1{delimiter}x\n2{delimiter}y\n")
    assert dict(finding.traits)["delimiter"] == delimiter
    assert [column.name for column in finding.columns] == ["id", "name"]


@pytest.mark.rule("delimiters")
def test_a_delimiter_that_glue_does_not_try_makes_no_csv() -> None:
    assert "fewer than 2 columns" in refusal("id:name\n1:x\n2:y\n")


@pytest.mark.rule("delimiter choice")
def test_the_delimiter_that_parts_all_lines_alike_is_chosen() -> None:
    assert types("id;note, long\n1;a, b, c\n2;d\n3;e, f\n") == {"id": "bigint", "note, long": "string"}


@pytest.mark.rule("delimiter choice")
def test_of_delimiters_that_part_alike_the_one_with_more_columns_is_chosen() -> None:
    assert list(types("a|b|c,d\n1|2|3,4\n5|6|7,8\n")) == ["a", "b", "c,d"]


@pytest.mark.rule("minimum")
@pytest.mark.parametrize("text", ["id\n1\n2\n", "id,name\n1,x\n", "1,x\n"])
def test_less_than_two_columns_or_two_rows_is_no_csv(text: str) -> None:
    assert "fewer than 2" in refusal(text)


@pytest.mark.rule("small objects")
def test_an_object_of_one_row_is_taken_when_siblings_have_its_header() -> None:
    first, second = judged("id,name\n1,x\n2,y\n", "id,name\n3,z\n")
    assert isinstance(second, Finding)
    assert isinstance(first, Finding)
    assert second.traits == first.traits
    assert second.records == 1


@pytest.mark.rule("small objects")
def test_an_object_of_text_only_has_a_header_when_siblings_have_it() -> None:
    _, second = judged("id,name\n1,x\n2,y\n", "name,id\na,NA\nb,NA\n")
    assert isinstance(second, Finding)
    assert second.columns == (("name", "string"), ("id", "string"))
    assert second.records == 2


@pytest.mark.rule("small objects")
def test_an_object_of_one_row_without_header_is_taken_when_siblings_have_its_width() -> None:
    _, second = judged("1,x\n2,y\n", "3,z\n")
    assert isinstance(second, Finding)
    assert second.columns == (("col0", "bigint"), ("col1", "string"))


@pytest.mark.rule("small objects")
def test_an_object_of_one_row_is_not_taken_among_siblings_of_another_header() -> None:
    _, second = judged("id,name\n1,x\n2,y\n", "key,value\n3,z\n")
    assert isinstance(second, Rejection)


@pytest.mark.rule("header")
def test_text_above_numbers_is_a_header() -> None:
    finding = found("Id,Name\n1,x\n2,y\n")
    assert [column.name for column in finding.columns] == ["id", "name"]
    assert finding.records == 2


@pytest.mark.rule("header", "no header")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("name,city\nx,Rome\ny,Oslo\n", id="text only"),
        pytest.param("id,2013\n1,5\n2,6\n", id="a number in the first row"),
        pytest.param("id,,name\n1,2,x\n3,4,y\n", id="an empty cell before the last"),
        pytest.param(f"{'i' * 150},name\n1,x\n2,y\n", id="150 characters"),
        pytest.param("i\x07d,name\n1,x\n2,y\n", id="a control character"),
    ],
)
def test_a_first_row_that_breaks_a_rule_is_no_header(text: str) -> None:
    finding = found(text)
    assert [column.name for column in finding.columns][:2] == ["col0", "col1"]
    assert finding.records == 3


@pytest.mark.rule("header")
def test_the_last_header_cell_may_be_empty_or_long() -> None:
    assert list(types("id,name,\n1,x,\n2,y,\n")) == ["id", "name", "col2"]
    assert list(types(f"id,{'n' * 200}\n1,x\n2,y\n")) == ["id", "n" * 200]


@pytest.mark.rule("header")
def test_one_number_among_text_below_is_enough_for_a_header() -> None:
    assert types("id,name\nNA,x\n2,y\n") == {"id": "string", "name": "string"}


@pytest.mark.rule("no header")
def test_columns_without_a_header_are_counted_from_zero_and_typed_with_the_first_row() -> None:
    assert types("a,1,x\nb,2,y\n3,2.5,z\n") == {"col0": "string", "col1": "double", "col2": "string"}


@pytest.mark.rule("repeated names")
def test_a_repeated_name_is_numbered() -> None:
    assert list(types("a,A,a,b\n1,2,3,4\n1,2,3,4\n")) == ["a", "a_1", "a_2", "b"]


TYPED = [
    ("1", "bigint"),
    ("-7", "bigint"),
    ("9223372036854775807", "bigint"),
    ("9223372036854775808", "double"),
    ("007", "bigint"),
    ("1.5", "double"),
    ("1e5", "double"),
    (".5", "double"),
    ("NA", "string"),
    ("1 000", "string"),
    ("0x10", "string"),
    ("0X10", "string"),
    ("true", "string"),
    ("2013-01-01", "string"),
    ("10:30", "string"),
    ("2013-01-01T10:00:00Z", "string"),
    ("2013-01-01 10:00:00", "string"),
]


@pytest.mark.rule("column types", "numbers")
@pytest.mark.parametrize(("cell", "expected"), TYPED)
def test_a_column_has_the_type_of_its_cells(cell: str, expected: str) -> None:
    assert types(f"n,value\n1,{cell}\n2,{cell}\n")["value"] == expected
    assert types(f"n,value\n1,{cell}\n2,\n")["value"] == expected, "an empty cell changes nothing"


@pytest.mark.rule("numbers")
def test_one_cell_that_is_no_number_makes_the_column_a_string() -> None:
    assert types("a,b,c\n1,1,1\n2,2.5,NA\n") == {"a": "bigint", "b": "double", "c": "string"}


@pytest.mark.rule("numbers")
def test_a_hexadecimal_look_alike_in_a_longer_text_leaves_the_other_types() -> None:
    assert types("tail,n,v\nN170XX,1,2.5\nN20XA,2,1\n") == {"tail": "string", "n": "bigint", "v": "double"}


@pytest.mark.rule("numbers")
def test_a_hexadecimal_cell_leaves_the_types_of_its_neighbours() -> None:
    assert types("h,n,v,s,e\n0x1,1,2.5,x,\n0x2,2,1,3,\n") == {
        "h": "string",
        "n": "bigint",
        "v": "double",
        "s": "string",
        "e": None,
    }


def test_quotes_hold_delimiters_and_line_breaks_together() -> None:
    finding = found('id,note\n1,"a, b"\n2,"two\nlines"\n3,c\n')
    assert dict(finding.columns) == {"id": "bigint", "note": "string"}
    assert finding.records == 3


def test_a_quoted_header_gives_names_without_quotes() -> None:
    assert list(types('"id","full name"\n1,x\n2,y\n')) == ["id", "full name"]


def test_a_byte_order_mark_is_not_part_of_the_first_name() -> None:
    assert list(types(b"\xef\xbb\xbfid,name\n1,x\n2,y\n")) == ["id", "name"]


def test_windows_line_ends_are_not_part_of_a_cell() -> None:
    assert types("id,n\r\n1,2\r\n3,4\r\n") == {"id": "bigint", "n": "bigint"}


def test_text_that_is_not_utf_8_is_still_text() -> None:
    assert types("id,city\n1,Zürich\n2,Genève\n".encode("latin-1")) == {"id": "bigint", "city": "string"}


def test_bytes_that_are_no_text_are_no_csv() -> None:
    assert "NUL" in refusal(b"\x00\x01,\x02\n\x00,\x00\n")


@pytest.mark.rule("ragged rows")
def test_a_ragged_row_says_nothing_about_types_and_counts_as_a_record() -> None:
    finding = found("id,n\n1,2\n3\n5,6\nx,y,z\n7,8\n")
    assert dict(finding.columns) == {"id": "bigint", "n": "bigint"}
    assert finding.records == 5


@pytest.mark.rule("ragged rows")
def test_a_ragged_row_that_is_not_utf_8_is_one_too() -> None:
    finding = found("id,n\n1,2\nZürich\n5,6\n7,8\n".encode("latin-1"))
    assert dict(finding.columns) == {"id": "bigint", "n": "bigint"}
    assert finding.records == 4


@pytest.mark.rule("ragged rows")
def test_text_whose_rows_are_mostly_ragged_is_no_csv() -> None:
    assert "3 of 4 rows have not the 2 cells" in refusal("a,b\n1,2\n3\n4\n5\n")


@pytest.mark.rule("sampling")
def test_only_the_first_1000_records_decide_the_types() -> None:
    rows = [f"{number},1" for number in range(999)]
    assert types("\n".join(["id,v", *rows, "x,2.5"]))["id"] == "bigint"
    assert types("\n".join(["id,v", *rows[:998], "x,2.5"]))["id"] == "string"


@pytest.mark.rule("sampling", "statistics")
def test_records_beyond_the_sample_are_counted_by_lines() -> None:
    assert found("id,v\n" + "1,2\n" * 2_500).records == 2_500


@pytest.mark.rule("sampling", "statistics")
def test_an_object_that_was_read_in_part_is_estimated_and_its_cut_line_left_out() -> None:
    part = sample("id,v\n1,2\n3,4\n5,x", size=32)
    examined = CSV.examine(part)
    assert not isinstance(examined, Rejection)
    [finding] = CSV.conclude([(part.ref, examined)])
    assert isinstance(finding, Finding)
    assert dict(finding.columns) == {"id": "bigint", "v": "bigint"}
    assert finding.records == 4


@pytest.mark.rule("storage")
def test_csv_is_read_with_lazy_simple_serde() -> None:
    storage = CSV.storage([found("id|n\n1|2\n3|4\n")])
    assert storage.input_format == "org.apache.hadoop.mapred.TextInputFormat"
    assert storage.output_format == "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    assert storage.serde == "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
    assert storage.serde_parameters == {"field.delim": "|"}
    assert storage.parameters == {
        "delimiter": "|",
        "columnsOrdered": "true",
        "areColumnsQuoted": "false",
        "skip.header.line.count": "1",
    }


@pytest.mark.rule("storage")
def test_without_a_header_no_line_is_skipped() -> None:
    assert "skip.header.line.count" not in CSV.storage([found("1,2\n3,4\n")]).parameters
