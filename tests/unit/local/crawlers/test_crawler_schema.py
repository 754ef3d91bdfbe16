from __future__ import annotations

import pytest

from local.glue.crawlers.schema import Column, similarity, union, with_types_of
from local.glue.crawlers.types import INT, STRING, Array, Field, Map, Struct, Type, common_type, type_text


def columns(**types: Type | None) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name, kind in types.items())


def struct(**types: Type | None) -> Struct:
    return Struct(tuple(Field(name, kind) for name, kind in types.items()))


@pytest.mark.rule("type conflicts")
@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("bigint", "bigint", "bigint"),
        ("bigint", "double", "double"),
        ("bigint", "string", "string"),
        ("double", "string", "string"),
        ("struct<a:int>", "bigint", "string"),
        ("int", "bigint", "bigint"),
        ("tinyint", "smallint", "smallint"),
        ("int", "double", "double"),
        ("int", "float", "double"),
        ("boolean", "int", "string"),
        ("decimal(5,2)", "decimal(6,4)", "decimal(7,4)"),
        ("decimal(5,2)", "int", "decimal(12,2)"),
        ("decimal(38,2)", "decimal(38,4)", "double"),
        ("decimal(5,2)", "double", "double"),
        ("date", "timestamp", "string"),
        (Array(INT), Array("bigint"), Array("bigint")),
        (Array(None), Array(INT), Array(INT)),
        (Array(INT), INT, STRING),
        (Map(STRING, INT), Map(STRING, None), Map(STRING, INT)),
        (struct(a=INT), struct(a="double"), struct(a="double")),
        (struct(a=INT), Array(INT), STRING),
        (None, "bigint", "bigint"),
        (None, None, None),
    ],
)
def test_two_types_have_the_type_that_holds_both(left: Type | None, right: Type | None, expected: Type | None) -> None:
    assert common_type(left, right) == expected
    assert common_type(right, left) == expected


@pytest.mark.rule("order of columns")
def test_columns_are_united_in_order_of_first_appearance() -> None:
    assert union([columns(a="bigint", b="double"), columns(c="string", a="double")]) == columns(
        a="double", b="double", c="string"
    )


@pytest.mark.rule("type conflicts")
def test_members_of_two_structs_are_united_in_order_of_first_appearance() -> None:
    assert common_type(struct(b=INT, a=None), struct(c=STRING, a=STRING)) == struct(b=INT, a=STRING, c=STRING)


@pytest.mark.rule("type conflicts")
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (None, "string"),
        ("bigint", "bigint"),
        (Array(None), "array<string>"),
        (Map(STRING, Array(INT)), "map<string,array<int>>"),
        (struct(a=INT, b=struct(c=None)), "struct<a:int,b:struct<c:string>>"),
        (struct(), "string"),
    ],
)
def test_what_had_no_value_anywhere_is_a_string(kind: Type | None, text: str) -> None:
    assert type_text(kind) == text


@pytest.mark.rule("type conflicts")
def test_a_partition_takes_from_the_table_the_types_of_what_is_empty_in_it() -> None:
    table = columns(a=INT, b=struct(c=INT, d=Array(INT)), e=Map(STRING, INT), f=STRING)
    own = columns(a=None, b=struct(d=Array(None), c=None), e=Map(None, None), f=INT)
    assert with_types_of(table, own) == columns(a=INT, b=struct(d=Array(INT), c=INT), e=Map(STRING, INT), f=INT)


@pytest.mark.rule("schema similarity")
def test_similarity_is_the_share_of_common_names() -> None:
    assert similarity(columns(a="bigint", b="bigint"), columns(b="string", c="bigint")) == pytest.approx(1 / 3)
    assert similarity((), ()) == 1.0
