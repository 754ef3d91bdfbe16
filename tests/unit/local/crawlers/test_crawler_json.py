from __future__ import annotations

import json

import pytest

from local.glue.crawlers.formats.json_text import JsonText
from tests.unit.local.crawlers.samples import found, refusal, sample, types

JSON = JsonText()


def typed(text: str | bytes) -> dict[str, str]:
    return types(found(JSON, sample(text)))


def records(text: str, read: int | None = None) -> int:
    return found(JSON, sample(text, read=read)).records


@pytest.mark.rule("json layouts")
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param('{"id": 1, "city": "Rome"}\n{"id": 2, "city": "Oslo"}\n', 2, id="lines"),
        pytest.param('{"id": 1, "city": "Rome"}\r\n\r\n{"id": 2, "city": "Oslo"}', 2, id="windows lines, one empty"),
        pytest.param(
            '{\n "id": 1,\n "city": "Rome"\n}\n{\n "id": 2,\n "city": "Oslo"\n}\n', 2, id="several lines each"
        ),
        pytest.param('\n  {"id": 1, "city": "Rome"}', 1, id="one record"),
        pytest.param('\ufeff{"id": 1, "city": "Rome"}\n', 1, id="byte order mark"),
    ],
)
def test_records_stand_a_line_each_or_over_several_lines(text: str, rows: int) -> None:
    assert typed(text) == {"id": "int", "city": "string"}
    assert records(text) == rows


@pytest.mark.rule("json array")
@pytest.mark.parametrize("gap", ["", "\n", "  \n "])
def test_one_array_is_one_column_array_of_its_elements(gap: str) -> None:
    text = gap.join(["[", '{"id": 1}', ",", '{"id": 2.5, "city": "Rome"}', "]", ""])
    finding = found(JSON, sample(text))
    assert types(finding) == {"array": "array<struct<id:double,city:string>>"}
    assert finding.records == 1
    assert JSON.storage([finding]).serde_parameters == {"paths": "array"}


@pytest.mark.rule("json array")
def test_an_array_of_numbers_is_an_array_of_numbers() -> None:
    assert typed("[1, 2, 3.5]") == {"array": "array<double>"}


@pytest.mark.rule("json array", "sampling")
def test_an_array_that_was_read_in_part_is_known_by_its_first_elements() -> None:
    text = json.dumps([{"id": number} for number in range(100)] + [{"id": "x"}])
    assert types(found(JSON, sample(text, read=200))) == {"array": "array<struct<id:int>>"}


TYPED = [
    ("json types", "1", "int"),
    ("json numbers", "-2147483648", "int"),
    ("json numbers", "2147483648", "bigint"),
    ("json types", "1385000000000", "bigint"),
    ("json numbers", "9223372036854775807", "bigint"),
    ("json numbers", "9223372036854775808", "double"),
    ("json types", "1.5", "double"),
    ("json numbers", "1.0", "double"),
    ("json numbers", "1e3", "double"),
    ("json numbers", "NaN", "double"),
    ("json types", '"1"', "string"),
    ("json types", '"2013-01-01T10:00:00Z"', "string"),
    ("json booleans", "true", "boolean"),
    ("type conflicts", "null", "string"),
    ("json types", '{"b": 1, "a": "x"}', "struct<b:int,a:string>"),
    ("json types", "[1, 2]", "array<int>"),
    ("json types", '[{"a": [1.5]}]', "array<struct<a:array<double>>>"),
    ("type conflicts", "[]", "array<string>"),
    ("type conflicts", "[null, 1]", "array<int>"),
    ("type conflicts", '[1, "x"]', "array<string>"),
    ("type conflicts", "{}", "string"),
    ("json members", '{"a:b": 1}', "string"),
    ("json members", '{"a b": 1}', "string"),
]


@pytest.mark.rule("json types", "json numbers", "json booleans", "json members", "type conflicts")
@pytest.mark.parametrize(("rule", "value", "expected"), TYPED)
def test_a_value_has_its_type(rule: str, value: str, expected: str) -> None:
    assert typed(f'{{"v": {value}}}\n{{"v": null}}\n') == {"v": expected}, rule


@pytest.mark.rule("type conflicts", "order of columns")
def test_records_are_united_in_order_of_first_appearance() -> None:
    text = '{"b": 1, "n": {"x": 1}}\n{"a": true, "b": 2.5, "n": {"y": [1], "x": 3000000000}}\n{"a": 1}\n'
    assert typed(text) == {"b": "double", "n": "struct<x:bigint,y:array<int>>", "a": "string"}


@pytest.mark.rule("json names", "json paths")
def test_columns_are_lower_case_members_as_they_are_spelt_and_paths_as_the_objects_have_them() -> None:
    first = found(JSON, sample('{"timeStamp": 1, "User": {"firstName": "x"}}\n'))
    second = found(JSON, sample('{"Zone": 1, "User": {"firstName": "x"}}\n'))
    assert types(first) == {"timestamp": "int", "user": "struct<firstName:string>"}
    assert JSON.storage([first, second]).serde_parameters == {"paths": "User,Zone,timeStamp"}


@pytest.mark.rule("json names")
def test_names_that_differ_in_case_alone_are_one_column() -> None:
    assert typed('{"Id": 1}\n{"ID": 2.5}\n') == {"id": "double"}


@pytest.mark.rule("json broken lines")
def test_a_broken_line_says_nothing_about_types_and_counts_as_a_record() -> None:
    text = '{"id": 1}\n{"id": \n{"id": 2}\nx\n{"id": 3}\n'
    assert typed(text) == {"id": "int"}
    assert records(text) == 5


@pytest.mark.rule("json broken lines", "false starts")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"id": 1}\n{"id": \n[2]\nx\n', "it is no JSON: character 22: expecting ',' delimiter"),
        ('{"id": 1,\n "n": x}\n', "it is no JSON: character 16: expecting value"),
        ('[{"id": 1} {"id": 2}]', "it is no JSON: character 11: ',' or ']' is missing"),
        ('[{"id": 1},', "it is no JSON: character 11: expecting value"),
        ('[{"id": 1}]\n[{"id": 2}]\n', "it is no JSON: character 12: something follows the array"),
        ('{"a": 1' + "0" * 5_000 + ",\n}", "it is no JSON: character 0: a number has too many digits"),
        ("[" * 100_000, "it is no JSON: character 1: it is nested too deeply"),
        ("[]", "it is JSON without a record"),
        ("{}\n{}\n", "it is JSON without a record"),
    ],
)
def test_what_begins_like_json_and_is_none_is_of_no_format(text: str, reason: str) -> None:
    rejection = refusal(JSON, sample(text))
    assert rejection.reason.startswith(reason)
    assert rejection.final


@pytest.mark.rule("false starts")
def test_json_that_is_not_utf_8_is_of_no_format() -> None:
    rejection = refusal(JSON, sample('{"city": "Zürich"}'.encode("latin-1")))
    assert "it is not UTF-8" in rejection.reason
    assert rejection.final


def test_other_text_may_be_of_another_format() -> None:
    assert not refusal(JSON, sample("id,name\n1,x\n")).final


@pytest.mark.rule("sampling")
def test_only_the_first_1000_records_decide_the_types() -> None:
    lines = ['{"v": 1}'] * 999
    assert typed("\n".join([*lines, '{"v": 1}', '{"v": "x"}'])) == {"v": "int"}
    assert typed("\n".join([*lines, '{"v": "x"}'])) == {"v": "string"}


@pytest.mark.rule("sampling", "statistics")
@pytest.mark.parametrize("end", ["", "\n"])
def test_records_beyond_the_sample_are_counted_by_lines(end: str) -> None:
    assert records("\n".join(['{"v": 1}', '{"v": 123456789}'] * 1_250) + end) == 2_500


@pytest.mark.rule("sampling", "statistics")
def test_an_object_that_was_read_in_part_is_estimated_and_its_cut_record_left_out() -> None:
    lines = '{"v": 1}\n' * 10 + '{"v": "x"}\n' * 5
    finding = found(JSON, sample(lines, read=9 * 10 + 7))
    assert types(finding) == {"v": "int"}
    assert finding.records == round(10 * len(lines) / 90)
    assert records('{\n"v": 1\n}\n' * 10, read=35) == 10


@pytest.mark.rule("sampling")
def test_a_character_that_the_end_of_the_sample_cuts_is_left_out() -> None:
    assert types(found(JSON, sample('{"v": 1}\n{"v": "ü"}\n', read=17))) == {"v": "int"}


@pytest.mark.rule("json long records")
@pytest.mark.parametrize(("layout", "column"), [("{}", "v"), ("{}\n{}\n", "v"), ("[{}, {}]", "array")])
def test_more_is_read_while_no_record_ends(layout: str, column: str) -> None:
    text = layout.replace("{}", json.dumps({"v": "x" * 3_000_000}))
    assert list(types(found(JSON, sample(text, read=1 << 20)))) == [column]


@pytest.mark.rule("json long records")
def test_no_more_than_ten_mebibytes_are_read() -> None:
    text = json.dumps({"v": "x" * (11 << 20)})
    rejection = refusal(JSON, sample(text, read=1 << 20))
    assert rejection.reason.startswith(f"it is no JSON: the first {10 << 20} bytes: character 6: unterminated string")


@pytest.mark.rule("json long compressed records")
def test_of_compressed_content_no_more_is_read() -> None:
    text = json.dumps({"v": "x" * 3_000_000})
    rejection = refusal(JSON, sample(text, read=1 << 20, compression="gzip"))
    assert rejection.reason.startswith(f"it is no JSON: the first {1 << 20} bytes: ")


@pytest.mark.rule("json members")
@pytest.mark.parametrize(("opening", "closing", "kind"), [("[", "]", "array<"), ('{"a": ', "}", "struct<a:")])
def test_what_is_nested_deeper_than_50_levels_is_a_string(opening: str, closing: str, kind: str) -> None:
    text = '{"v": ' + opening * 200 + closing.join(["1", *[""] * 200]) + "}"
    assert typed(text) == {"v": kind * 50 + "string" + ">" * 50}


@pytest.mark.rule("json names")
def test_a_member_without_a_name_is_called_by_its_place() -> None:
    assert typed('{"a": 1, "": 2}') == {"a": "int", "col1": "int"}


@pytest.mark.rule("statistics", "json elements")
@pytest.mark.parametrize(
    "text", ['[{"v": 1},\n{"v": 2}\n]\n\n', '[{"v": 1}, {"v": 2}]' + " " * 50, '[\n{"v": 1},\n{"v": 2}\n]']
)
def test_the_elements_of_a_whole_array_are_counted_exactly(text: str) -> None:
    assert found(JsonText(elements=True), sample(text)).records == 2


@pytest.mark.rule("storage")
def test_json_is_read_with_the_openx_serde() -> None:
    storage = JSON.storage([found(JSON, sample('{"v": 1}'))])
    assert storage.input_format == "org.apache.hadoop.mapred.TextInputFormat"
    assert storage.output_format == "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    assert storage.serde == "org.openx.data.jsonserde.JsonSerDe"
    assert storage.parameters == {}
