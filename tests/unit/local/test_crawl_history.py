"""ListCrawls' filters over crawls as ListCrawls shows them, and a crawl's Summary."""

import json
from typing import Any

import pytest

from local.glue.crawlers.history import listed
from local.glue.crawlers.summary import CrawlSummary
from local.glue.errors import InvalidInput

CRAWLS: list[dict[str, Any]] = [
    {"CrawlId": "a", "State": "COMPLETED", "StartTime": 100.25, "EndTime": 160.5, "DPUHour": 0.5},
    {"CrawlId": "b", "State": "FAILED", "StartTime": 200.0, "EndTime": 201.0, "DPUHour": 0.1},
    {"CrawlId": "c", "State": "RUNNING", "StartTime": 300.0},
]


def chosen(*filters: tuple[str, str, str]) -> str:
    given = [{"FieldName": name, "FilterOperator": sign, "FieldValue": value} for name, sign, value in filters]
    return "".join(crawl["CrawlId"] for crawl in filter(listed(given), CRAWLS))


@pytest.mark.shows("crawl-history-filters")
@pytest.mark.parametrize(
    ("field", "sign", "value", "expected"),
    [
        ("CRAWL_ID", "EQ", "b", "b"),
        ("CRAWL_ID", "NE", "b", "ac"),
        ("STATE", "EQ", "RUNNING", "c"),
        ("STATE", "NE", "RUNNING", "ab"),
        ("START_TIME", "GT", "100250", "bc"),
        ("START_TIME", "GE", "100250", "abc"),
        ("START_TIME", "LT", "200000", "a"),
        ("START_TIME", "LE", "200000", "ab"),
        ("START_TIME", "EQ", "100250", "a"),
        ("START_TIME", "NE", "100250", "bc"),
        ("END_TIME", "LE", "160500", "a"),
        ("END_TIME", "GT", "160500", "b"),
        ("DPU_HOUR", "GT", "0.1", "a"),
        ("DPU_HOUR", "LE", "0.1", "b"),
    ],
)
def test_a_filter_compares_its_field(field: str, sign: str, value: str, expected: str) -> None:
    assert chosen((field, sign, value)) == expected


def test_without_filters_all_are_listed_and_of_several_every_one_must_let_it_through() -> None:
    assert chosen() == "abc"
    assert chosen(("START_TIME", "GE", "200000"), ("STATE", "NE", "RUNNING")) == "b"


@pytest.mark.parametrize(
    ("filter_", "said"),
    [
        (
            {"FieldName": "NAME", "FilterOperator": "EQ", "FieldValue": "x"},
            "FieldName of a filter must be one of CRA",
        ),
        ({"FieldName": "STATE", "FilterOperator": "GT", "FieldValue": "x"}, "of STATE must be one of EQ, NE, not 'GT'"),
        ({"FieldName": "START_TIME", "FilterOperator": "GT", "FieldValue": "noon"}, "FieldValue of START_TIME is none"),
        ({"FieldName": "START_TIME", "FilterOperator": "GT"}, "FieldValue of START_TIME is none"),
        ({"FieldName": "START_TIME", "FieldValue": "1"}, "FilterOperator of START_TIME must be one of"),
    ],
)
def test_a_filter_that_is_none_is_refused(filter_: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        listed([filter_])


@pytest.mark.shows("crawl-history-summary")
def test_a_summary_names_what_was_changed_or_counts_it_where_the_names_do_not_fit() -> None:
    one = CrawlSummary(tables_created=["t"], partitions_created=["t/a=1", "t/a=2"], partitions_deleted=["t/a=0"])
    assert json.loads(one.as_json()) == {
        "TABLE": {"ADD": {"Count": 1, "Names": ["t"]}},
        "PARTITION": {"ADD": {"Count": 2, "Names": ["t/a=1", "t/a=2"]}, "DELETE": {"Count": 1, "Names": ["t/a=0"]}},
    }
    many = CrawlSummary(tables_updated=["t"], partitions_created=[f"t/a={number}" for number in range(100)])
    assert json.loads(many.as_json()) == {"TABLE": {"UPDATE": {"Count": 1}}, "PARTITION": {"ADD": {"Count": 100}}}
    assert len(many.as_json()) <= 255
    assert CrawlSummary().as_json() == "{}"
