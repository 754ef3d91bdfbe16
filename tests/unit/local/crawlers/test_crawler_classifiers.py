"""What a classifier says of the objects of a crawl is obeyed."""

from __future__ import annotations

from typing import Any

import pytest

from local.glue.classifiers import Classifiers
from local.glue.crawlers.errors import CrawlError, InvalidDefinition, Unsupported
from local.glue.crawlers.formats.delimited import DelimitedText
from local.glue.crawlers.formats.dialect import Dialect
from local.glue.crawlers.formats.json_text import JsonText
from tests.unit.local.crawlers.crawled_lake import ONE_TABLE, CrawledLake
from tests.unit.local.crawlers.samples import found, judged, refusal, sample, types

STRINGS = "name,city\nAnn,Rome\nBob,Oslo\n"


def csv(**members: Any) -> DelimitedText:
    return DelimitedText(Dialect.from_request({"Name": "c", **members}))


def typed(text: str | bytes, **members: Any) -> dict[str, str]:
    return types(found(csv(**members), sample(text)))


@pytest.mark.rule("classifier header")
def test_a_file_of_strings_only_has_the_header_that_the_classifier_says() -> None:
    finding = found(csv(ContainsHeader="PRESENT"), sample(STRINGS))
    assert types(finding) == {"name": "string", "city": "string"}
    assert finding.records == 2
    assert csv().storage([finding]).parameters["skip.header.line.count"] == "1"


@pytest.mark.rule("classifier header")
def test_text_above_numbers_is_no_header_where_the_classifier_says_so() -> None:
    finding = found(csv(ContainsHeader="ABSENT"), sample("id,name\n1,x\n2,y\n"))
    assert types(finding) == {"col0": "string", "col1": "string"}
    assert finding.records == 3
    assert "skip.header.line.count" not in csv().storage([finding]).parameters


@pytest.mark.rule("classifier header")
@pytest.mark.parametrize("members", [{}, {"ContainsHeader": "UNKNOWN"}])
def test_a_classifier_that_does_not_know_of_a_header_asks_as_the_built_in_one_does(members: dict[str, str]) -> None:
    assert typed(STRINGS, **members) == {"col0": "string", "col1": "string"}
    assert typed("id,name\n1,x\n2,y\n", **members) == {"id": "bigint", "name": "string"}


@pytest.mark.rule("classifier header")
@pytest.mark.parametrize(
    ("contains", "text", "rows"),
    [("PRESENT", STRINGS, 2), ("ABSENT", STRINGS, 3), ("UNKNOWN", STRINGS, 3), ("UNKNOWN", "who,Where\na,b\n", 1)],
)
def test_the_columns_are_named_by_the_classifiers_header(contains: str, text: str, rows: int) -> None:
    finding = found(csv(ContainsHeader=contains, Header=["who", "Where"]), sample(text))
    assert types(finding) == {"who": "string", "where": "string"}
    assert finding.records == rows


@pytest.mark.rule("classifier rows")
def test_a_header_of_another_width_makes_it_none_of_the_classifiers() -> None:
    rejection = refusal(csv(Header=["a", "b", "c"]), sample(STRINGS))
    assert rejection.reason == "its first row has 2 cells, the classifier's Header 3"
    assert not rejection.final


@pytest.mark.rule("classifier rows")
@pytest.mark.parametrize(
    ("contains", "text", "expected"),
    [
        ("PRESENT", "id,name\n", {"id": "string", "name": "string"}),
        ("PRESENT", "id,name\n1,x\n", {"id": "bigint", "name": "string"}),
        ("ABSENT", "1,x\n", {"col0": "bigint", "col1": "string"}),
        ("UNKNOWN", "1,x\n", {"col0": "bigint", "col1": "string"}),
    ],
)
def test_a_classifier_asks_for_no_minimum_of_rows(contains: str, text: str, expected: dict[str, str]) -> None:
    assert typed(text, ContainsHeader=contains) == expected


@pytest.mark.rule("classifier dialect")
def test_the_classifiers_delimiter_is_the_only_one_that_is_tried() -> None:
    assert typed("a,b:c,d\n1,2:3\n4:5,6\n", Delimiter=":", ContainsHeader="PRESENT") == {
        "a,b": "string",
        "c,d": "string",
    }
    rejection = refusal(csv(Delimiter=":"), sample("a,b\n1,2\n3,4\n"))
    assert rejection.reason == "it has fewer than 2 columns by the delimiter ':'"


@pytest.mark.rule("classifier dialect")
def test_without_a_delimiter_the_built_in_ones_are_tried() -> None:
    assert typed("a;b\n1;2\n3;4\n", ContainsHeader="PRESENT") == {"a": "bigint", "b": "bigint"}


@pytest.mark.rule("classifier dialect")
def test_the_classifiers_quote_holds_delimiters_and_line_breaks_together() -> None:
    text = "'id, no',note\n1,'a, \"b'\n2,'two\nlines'\n"
    finding = found(csv(QuoteSymbol="'", ContainsHeader="PRESENT"), sample(text))
    assert types(finding) == {"id, no": "bigint", "note": "string"}
    assert finding.records == 2


@pytest.mark.rule("classifier single column")
def test_one_column_is_taken_where_the_classifier_allows_it() -> None:
    text = "id\n1\n2\n"
    assert typed(text, AllowSingleColumn=True, ContainsHeader="PRESENT") == {"id": "bigint"}
    assert refusal(csv(ContainsHeader="PRESENT"), sample(text)).reason.startswith("it has fewer than 2 columns")


@pytest.mark.rule("classifier trimming")
@pytest.mark.parametrize("cell", [" 1", "1 ", "\t1"])
@pytest.mark.parametrize(("disabled", "expected"), [(None, "string"), (True, "string"), (False, "bigint")])
def test_blanks_around_a_number_make_it_a_string_unless_values_are_trimmed(
    cell: str, disabled: bool | None, expected: str
) -> None:
    members = {} if disabled is None else {"DisableValueTrimming": disabled}
    text = f"n,v,t\n1,{cell},a b\n2,3,c\n"
    assert typed(text, ContainsHeader="PRESENT", **members) == {"n": "bigint", "v": expected, "t": "string"}


@pytest.mark.rule("classifier SerDe")
@pytest.mark.parametrize("serde", [None, "None", "LazySimpleSerDe"])
def test_the_serde_is_lazy_simple_serde_where_none_is_named(serde: str | None) -> None:
    members = {"Serde": serde} if serde else {}
    storage = csv(**members).storage([found(csv(**members), sample("a,b\n1,2\n3,4\n"))])
    assert storage.serde == "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
    assert storage.serde_parameters == {"field.delim": ","}


@pytest.mark.rule("classifier SerDe")
def test_open_csv_serde_is_told_the_delimiter_and_the_quote() -> None:
    finding = found(csv(Serde="OpenCSVSerDe", QuoteSymbol="'"), sample("a;b\n1;2\n3;4\n"))
    storage = csv().storage([finding])
    assert storage.serde == "org.apache.hadoop.hive.serde2.OpenCSVSerde"
    assert storage.serde_parameters == {"separatorChar": ";", "quoteChar": "'"}


@pytest.mark.rule("data compatibility")
def test_objects_of_two_quotes_or_serdes_are_not_compatible() -> None:
    plain = found(csv(), sample("a,b\n1,2\n3,4\n"))
    others = [
        found(csv(**members), sample("a,b\n1,2\n3,4\n"))
        for members in ({"QuoteSymbol": "'"}, {"Serde": "OpenCSVSerDe"})
    ]
    assert plain.compatibility not in [other.compatibility for other in others]


@pytest.mark.rule("classifier kinds")
@pytest.mark.parametrize("members", [{"CustomDatatypeConfigured": True}, {"CustomDatatypes": ["date"]}])
def test_custom_data_types_are_refused(members: dict[str, Any]) -> None:
    with pytest.raises(Unsupported, match=r"CsvClassifier\.CustomDatatypes are not supported here"):
        csv(**members)


@pytest.mark.rule("classifier dialect")
@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"Delimiter": "ab"}, "Delimiter must be one character"),
        ({"Delimiter": "\n"}, "Delimiter must be one character and no line break"),
        ({"QuoteSymbol": "''"}, "QuoteSymbol must be one character"),
        ({"Delimiter": "'", "QuoteSymbol": "'"}, "QuoteSymbol must differ from the Delimiter"),
        ({"ContainsHeader": "MAYBE"}, "ContainsHeader must be one of UNKNOWN, PRESENT, ABSENT, not 'MAYBE'"),
        ({"Serde": "Regex"}, "Serde must be one of None, LazySimpleSerDe, OpenCSVSerDe, not 'Regex'"),
    ],
)
def test_what_aws_would_refuse_is_invalid(members: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidDefinition, match=f"CsvClassifier.{message}"):
        csv(**members)


@pytest.mark.rule("classifier dialect")
def test_a_delimiter_that_arrow_cannot_split_by_is_refused_by_name() -> None:
    with pytest.raises(Unsupported, match=r"CsvClassifier\.Delimiter must be an ASCII character here, not '§'"):
        csv(Delimiter="§")


@pytest.mark.rule("classifier header")
def test_what_the_classifier_says_of_one_object_holds_for_its_siblings() -> None:
    first, second = judged(csv(ContainsHeader="PRESENT"), sample("id,name\n1,x\n2,y\n"), sample("1,x\n2,y\n"))
    assert [column.name for column in second.columns] == ["1", "x"]  # type: ignore[union-attr] # a Rejection fails too
    assert first.traits == second.traits  # type: ignore[union-attr] # a Rejection fails too


@pytest.mark.rule("classifiers")
def test_an_object_that_no_classifier_knows_is_tried_by_the_built_in_formats(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv", "id,amount\n1,2.5\n2,3.5\n")
    lake.crawl(classifiers=[csv(Delimiter=":", ContainsHeader="ABSENT")])
    assert lake.columns() == {"id": "bigint", "amount": "double"}


@pytest.mark.rule("classifiers", "classifier header")
def test_a_crawl_with_a_classifier_writes_the_table_that_it_describes(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv", STRINGS)
    lake.put("raw/flights/b.csv", STRINGS)
    lake.crawl(classifiers=[csv(Delimiter=",", ContainsHeader="PRESENT")])
    assert lake.columns() == {"name": "string", "city": "string"}
    parameters = lake.table()["Parameters"]
    assert parameters["classification"] == "csv"
    assert parameters["recordCount"] == "4"
    assert parameters["skip.header.line.count"] == "1"


@pytest.mark.rule("classifiers")
def test_the_first_classifier_that_knows_an_object_wins(lake: CrawledLake) -> None:
    lake.put("raw/flights/a.csv", "a:b,c\nx:y,z\n")
    lake.crawl(classifiers=[csv(Delimiter="|"), csv(Delimiter=":", ContainsHeader="PRESENT"), csv(Delimiter=",")])
    assert lake.columns() == {"a": "string", "b,c": "string"}


@pytest.mark.rule("missing classifier")
def test_a_classifier_that_is_not_there_fails_the_crawl_by_its_name() -> None:
    classifiers = Classifiers()
    classifiers.create({"CsvClassifier": {"Name": "here"}})
    assert len(classifiers.formats(["here"])) == 1
    with pytest.raises(CrawlError, match="The crawler's classifier gone does not exist"):
        classifiers.formats(["here", "gone"])


def json_elements() -> JsonText:
    return JsonText.from_request({"Name": "c", "JsonPath": "$[*]"})


@pytest.mark.rule("json elements")
@pytest.mark.parametrize("read", [None, 40])
def test_a_json_classifier_makes_columns_of_the_members_of_an_arrays_elements(read: int | None) -> None:
    text = '[{"Id": 1, "n": null},\n {"Id": 2, "n": 2.5}, {"Id": 3, "n": 3.5}]'
    finding = found(json_elements(), sample(text, read=read))
    assert types(finding) == {"id": "int", "n": "double" if read is None else "string"}
    assert finding.records == 3
    assert JsonText().storage([finding]).serde_parameters == {"paths": "Id,n"}


@pytest.mark.rule("json elements")
def test_what_is_no_array_is_none_of_the_json_classifiers(lake: CrawledLake) -> None:
    assert not refusal(json_elements(), sample('{"id": 1}\n')).final
    lake.put("raw/flights/a.json", '{"id": 1}\n{"id": 2}\n')
    lake.put("raw/flights/b.json", '[{"id": 3}]')
    lake.crawl(classifiers=[json_elements()], configuration=ONE_TABLE)
    assert lake.columns() == {"id": "int"}
    assert lake.table()["Parameters"]["recordCount"] == "3"


@pytest.mark.rule("json elements")
def test_an_array_without_an_object_has_no_record() -> None:
    assert refusal(json_elements(), sample("[1, 2]")).reason == "it is JSON without a record"


@pytest.mark.rule("classifier kinds")
@pytest.mark.parametrize("path", ["$", "$.records[*]", "$[0]"])
def test_another_json_path_is_refused_by_name(path: str) -> None:
    with pytest.raises(Unsupported, match=r"JsonClassifier\.JsonPath .* is not supported here: only '\$\[\*\]' is"):
        JsonText.from_request({"Name": "c", "JsonPath": path})
