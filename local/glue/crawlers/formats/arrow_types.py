"""The catalog's types for Arrow's, as Hive and Spark read the Parquet that holds them.

Integers without a sign have the next wider type, the widest a decimal. Times of day, float16, intervals and decimals of
more than 38 digits have no type in the catalog.
"""

import pyarrow as pa

from local.glue.crawlers.types import BOOLEAN, MAX_PRECISION, STRING, Array, Field, Map, Struct, Type

SCALARS: dict[pa.DataType, str] = {
    pa.bool_(): BOOLEAN,
    pa.int8(): "tinyint",
    pa.int16(): "smallint",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.uint8(): "smallint",
    pa.uint16(): "int",
    pa.uint32(): "bigint",
    pa.uint64(): "decimal(20,0)",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.string(): STRING,
    pa.large_string(): STRING,
    pa.string_view(): STRING,
    pa.binary(): "binary",
    pa.large_binary(): "binary",
    pa.binary_view(): "binary",
    pa.date32(): "date",
    pa.date64(): "date",
}


class NoGlueType(ValueError):
    """A type that the Data Catalog has no name for; the message names it."""


def glue_type(kind: pa.DataType) -> Type | None:
    """Give the catalog's type for `kind`, None for Arrow's null. Raises NoGlueType where there is none."""
    if kind in SCALARS:
        return SCALARS[kind]
    if pa.types.is_null(kind):
        return None
    if pa.types.is_timestamp(kind):
        return "timestamp"
    if pa.types.is_duration(kind):
        return "bigint"
    if pa.types.is_fixed_size_binary(kind):
        return "binary"
    if pa.types.is_decimal(kind) and kind.precision <= MAX_PRECISION:
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_dictionary(kind):
        return glue_type(kind.value_type)
    return _nested(kind)


def _nested(kind: pa.DataType) -> Type:
    if pa.types.is_map(kind):
        return Map(glue_type(kind.key_type), glue_type(kind.item_type))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return Array(glue_type(kind.value_type))
    if pa.types.is_struct(kind):
        return Struct(tuple(Field(field.name, glue_type(field.type)) for field in kind))
    raise NoGlueType(f"the Data Catalog has no type for {kind}")
