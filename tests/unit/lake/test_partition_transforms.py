import pytest

from lake.column import Transform, parse_transform

TRANSFORMS = {
    "month(at)": Transform(name="month", column="at"),
    "hour(at)": Transform(name="hour", column="at"),
    "bucket(16, city)": Transform(name="bucket", column="city", size=16),
    "truncate(4,city)": Transform(name="truncate", column="city", size=4),
    "city": Transform(name="identity", column="city"),
}


@pytest.mark.parametrize(("text", "transform"), TRANSFORMS.items())
def test_each_transform_of_iceberg_is_understood(text: str, transform: Transform) -> None:
    assert parse_transform(text) == transform


@pytest.mark.parametrize("text", ["", "months(at)", "bucket(0, city)", "bucket(16)", "month()", "month(at", "a b"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no partition transform; allowed: "):
        parse_transform(text)


@pytest.mark.parametrize(
    ("transform", "column_type", "takes"),
    [
        ("hour(c)", "timestamp", True),
        ("hour(c)", "date", False),
        ("month(c)", "date", True),
        ("bucket(2, c)", "decimal(10,2)", True),
        ("bucket(2, c)", "double", False),
        ("truncate(2, c)", "date", False),
        ("c", "boolean", True),
    ],
)
def test_a_transform_takes_the_types_that_icebergs_specification_gives_it(
    transform: str, column_type: str, takes: bool
) -> None:
    assert parse_transform(transform).takes(column_type) is takes
