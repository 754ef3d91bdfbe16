from __future__ import annotations

import pytest

from local.glue.crawlers.schema import Column, common_type, settled, similarity, union


def columns(**types: str | None) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name, kind in types.items())


@pytest.mark.rule("type conflicts")
@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("bigint", "bigint", "bigint"),
        ("bigint", "double", "double"),
        ("bigint", "string", "string"),
        ("double", "string", "string"),
        ("struct<a:int>", "bigint", "string"),
        (None, "bigint", "bigint"),
        (None, None, None),
    ],
)
def test_two_types_have_the_type_that_holds_both(left: str | None, right: str | None, expected: str | None) -> None:
    assert common_type(left, right) == expected
    assert common_type(right, left) == expected


@pytest.mark.rule("order of columns")
def test_columns_are_united_in_order_of_first_appearance() -> None:
    assert union([columns(a="bigint", b="double"), columns(c="string", a="double")]) == columns(
        a="double", b="double", c="string"
    )


@pytest.mark.rule("type conflicts")
def test_a_column_without_any_value_is_a_string() -> None:
    assert settled(union([columns(a=None), columns(a=None)])) == columns(a="string")


@pytest.mark.rule("schema similarity")
def test_similarity_is_the_share_of_common_names() -> None:
    assert similarity(columns(a="bigint", b="bigint"), columns(b="string", c="bigint")) == pytest.approx(1 / 3)
    assert similarity((), ()) == 1.0
