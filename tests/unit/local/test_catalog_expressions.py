"""GetPartitions' Expression over the values of partition keys."""

import pytest

from local.glue.data_catalog.expressions import predicate
from local.glue.errors import InvalidInput

KEYS = [
    {"Name": "year", "Type": "string"},
    {"Name": "month", "Type": "int"},
    {"Name": "day", "Type": "date"},
    {"Name": "at", "Type": "timestamp"},
    {"Name": "price", "Type": "decimal(10,2)"},
    {"Name": "shade", "Type": "varchar(9)"},
]
ROW = ["2015", "9", "2015-09-10", "2015-09-10 08:30:00", "10.50", "it's 5% off"]
NULL = "__HIVE_DEFAULT_PARTITION__"


def holds(expression: str, row: list[str] = ROW) -> bool:
    return predicate(expression, KEYS)(row)


@pytest.mark.parametrize(
    "expression",
    [
        "year = '2015'",
        "year=2015",
        "YEAR BETWEEN 2015 AND 2018",
        "year IN (2014, 2015)",
        "year LIKE '%5'",
        "year LIKE '20_5'",
        "shade LIKE 'it''s 5_ %'",
        "shade = 'it''s 5% off'",
        "year NOT LIKE '%6'",
        "year NOT IN ('2014')",
        "year NOT BETWEEN '2016' AND '2017'",
        "`year` <> '2016'",
        "\"year\" != '2016'",
        "month < 10",
        "month < '10'",
        "10 > month",
        "month >= +9 AND month <= 9",
        "day >= '2015-09-09' AND day < DATE '2015-09-11'",
        "at > timestamp '2015-09-10 08:29:59.5'",
        "at > '2015-09-10'",
        "price = 10.5",
        "price > -1",
        "year IS NOT NULL",
        "NOT year IS NULL",
        "NOT (month = 1 OR month = 2) AND year = '2015'",
        "month = 1 OR month = 2 OR month = 9",
        "month = 1 AND month = 2 OR month = 9",
        "year = year",
    ],
)
def test_it_holds(expression: str) -> None:
    assert holds(expression)
    assert not holds(f"NOT ({expression})")


def test_and_binds_tighter_than_or() -> None:
    assert holds("month = 9 OR month = 1 AND month = 2")
    assert not holds("(month = 9 OR month = 1) AND month = 2")


def test_numbers_are_compared_as_numbers_and_text_as_text() -> None:
    row = [*ROW]
    row[0], row[1] = "9", "9"
    assert holds("month < 10", row)
    assert not holds("year < '10'", row)


@pytest.mark.parametrize("value", [NULL, "not a number"])
def test_what_is_compared_with_null_is_unknown_and_so_is_its_contrary(value: str) -> None:
    row = [ROW[0], value, *ROW[2:]]
    assert holds("month IS NULL", row)
    for unknown in ("month = 9", "month <> 9", "month IN (9)", "month BETWEEN 1 AND 9"):
        assert not holds(unknown, row)
        assert not holds(f"NOT {unknown}", row)
        assert holds(f"{unknown} OR year = '2015'", row)
        assert not holds(f"{unknown} AND year = '2015'", row)
    assert holds("NOT (month = 9 AND year = '2014')", row)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("hour = 1", "Expression names hour, which is no partition key; there are year, month, day"),
        ("month = 'May'", "'May' in the Expression is no int"),
        ("day = '10.9.2015'", "is no date"),
        ("month LIKE '9'", "LIKE in the Expression is for text; month is a int"),
        ("year = month", "compares year, a string, with month, a int"),
        ("year =", "Expression has the end where a value must stand"),
        ("year = '2015' month = 9", "Expression has month where AND, OR or the end must stand"),
        ("year IN ()", "Expression has ) where a value must stand"),
        ("(year = '2015'", "Expression has the end where ) must stand"),
        ("year = '2015", 'cannot be read from "\'2015" on'),
        ("year = 2015; drop", "cannot be read from '; drop' on"),
        ("upper(year) = 'X'", "upper, which is no partition key"),
        ("2015", "Expression has the end where =, <>"),
        ("", "Expression has the end where a value must stand"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(expression: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        predicate(expression, KEYS)
    assert said in str(refusal.value)


def test_a_key_of_a_type_that_cannot_be_compared_is_refused_only_where_it_is_named() -> None:
    keys = [{"Name": "tags", "Type": "array<string>"}, {"Name": "year", "Type": "string"}]
    assert predicate("year = '2015'", keys)(["x", "2015"])
    with pytest.raises(InvalidInput, match=r"Partition keys of type array<string> cannot be in an Expression"):
        predicate("tags = 'x'", keys)
