import pytest
from lib.unknown import can_be_added
from lib.widen import covers, widened
from pyspark.sql.types import (
    ArrayType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    StringType,
    StructType,
)

ONE = StructType().add("a", IntegerType())
TWO = StructType().add("b", StringType()).add("a", LongType())
BOTH = StructType().add("a", LongType()).add("b", StringType())


@pytest.mark.parametrize(
    ("stored", "wanted", "found"),
    [
        (IntegerType(), LongType(), LongType()),
        (FloatType(), DoubleType(), DoubleType()),
        (DecimalType(10, 2), DecimalType(12, 2), DecimalType(12, 2)),
        (DecimalType(10, 2), DecimalType(12, 3), DecimalType(10, 2)),
        (LongType(), IntegerType(), LongType()),
        (LongType(), DoubleType(), LongType()),
        (IntegerType(), StringType(), IntegerType()),
        (ArrayType(IntegerType()), ArrayType(LongType()), ArrayType(LongType())),
        (ONE, TWO, BOTH),
        (ONE, StringType(), ONE),
    ],
)
def test_a_column_goes_only_to_what_iceberg_can_read_its_old_rows_as(
    stored: DataType, wanted: DataType, found: DataType
) -> None:
    assert widened(stored, wanted) == found


def test_a_struct_with_more_fields_in_another_order_is_all_that_was_asked_for() -> None:
    assert covers(BOTH, TWO)
    assert not covers(ONE, TWO)
    assert not covers(BOTH, ONE)


@pytest.mark.parametrize(
    ("name", "can"), [("colour", True), ("Colour_2", True), ("unit price", False), ("", False), ("_run_id", False)]
)
def test_a_column_is_added_only_by_a_name_that_needs_no_quotes_and_is_not_the_jobs(name: str, can: bool) -> None:
    assert can_be_added(name) == can
