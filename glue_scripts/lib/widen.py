"""Which types a column can go to without its rows being written anew (Iceberg's specification, Schema Evolution)."""

from __future__ import annotations

from pyspark.sql.types import (
    ArrayType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    StructField,
    StructType,
)


def widened(stored: DataType, wanted: DataType) -> DataType:
    """Return `wanted` where Iceberg widens `stored` to it, else `stored`; a struct gets the fields that it lacks."""
    match stored, wanted:
        case (IntegerType(), LongType()) | (FloatType(), DoubleType()):
            return wanted
        case DecimalType(), DecimalType():
            wider = stored.scale == wanted.scale and stored.precision < wanted.precision
            return wanted if wider else stored
        case ArrayType(), ArrayType():
            return ArrayType(widened(stored.elementType, wanted.elementType))
        case StructType(), StructType():
            return _fields(stored, wanted)
    return stored


def _fields(stored: StructType, wanted: StructType) -> StructType:
    asked = {field.name.lower(): field for field in wanted.fields}
    had = {field.name.lower() for field in stored.fields}
    kept = [
        StructField(field.name, widened(field.dataType, asked[field.name.lower()].dataType))
        if field.name.lower() in asked
        else field
        for field in stored.fields
    ]
    return StructType([*kept, *(field for name, field in asked.items() if name not in had)])


def covers(kind: DataType, wanted: DataType) -> bool:
    """Whether a column of type `kind` is all that `wanted` asks for; a struct may have more fields, in any order."""
    match kind, wanted:
        case ArrayType(), ArrayType():
            return covers(kind.elementType, wanted.elementType)
        case StructType(), StructType():
            have = {field.name.lower(): field.dataType for field in kind.fields}
            return all(
                field.name.lower() in have and covers(have[field.name.lower()], field.dataType)
                for field in wanted.fields
            )
    return kind == wanted
