"""Texts taken apart into JSON records, each beside all of its keys: what a parser would skip is seen."""

from __future__ import annotations

from typing import Final

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, BooleanType, StringType, StructType

from lib.tables import CORRUPT

# The columns of records: its text; the fields that were asked for; all of its keys, as often as they are given, null
# where the text is not one JSON object; and whether a field is of another type than was asked for.
LINE: Final = "value"
PARSED: Final = "_parsed"
KEYS: Final = "_keys"
IS_BAD: Final = "_is_bad"

_OPTIONS: Final = {"columnNameOfCorruptRecord": CORRUPT}
# A key that is put behind the last of a record: it is the record's own only where nothing closed that before.
_END: Final = "\u0001"
_END_FIELD: Final = '"\\u0001":true'


def of_lines(text: DataFrame, fields: StructType, kept: list[str]) -> DataFrame:
    """Return a record for each line that is not empty."""
    line = F.col(LINE)
    return (
        text.where(F.expr(f"ltrim(' \t\r', {LINE}) != ''"))
        .select(
            LINE,
            *kept,
            F.from_json(line, _with_corrupt(fields), _OPTIONS).alias(PARSED),
            _keys_of_object(line).alias(KEYS),
        )
        .select(
            LINE,
            *kept,
            PARSED,
            # The first way is the cheap one. It does not know a record that ends in other space, or holds NaN.
            F.when(F.element_at(KEYS, -1) == _END, F.slice(KEYS, 1, F.size(KEYS) - 1))
            .otherwise(_keys_of_value(line))
            .alias(KEYS),
            F.col(PARSED)[CORRUPT].isNotNull().alias(IS_BAD),
        )
    )


def _keys_of_object(line: Column) -> Column:
    cut = F.expr(f"substring(rtrim({LINE}), 1, length(rtrim({LINE})) - 1)")
    return F.json_object_keys(F.concat(cut, F.lit(f",{_END_FIELD}}}")))


def _keys_of_value(line: Column) -> Column:
    # A value that closed the list before its end would leave the last element unread.
    values = F.from_json(F.concat(F.lit("["), line, F.lit(f",{{{_END_FIELD}}}]")), "array<map<string,string>>")
    is_one = (F.size(values) == 2) & F.map_contains_key(F.element_at(values, 2), _END)
    return F.when(is_one, F.map_keys(F.element_at(values, 1)))


def of_documents(text: DataFrame, fields: StructType, kept: list[str]) -> DataFrame:
    """Return a record for each object of a text, which is a list of objects or one; else the text as no record."""
    trimmed = F.regexp_replace(LINE, "^[\\s\ufeff]+|\\s+$", "")
    body = F.expr("if(startswith(_text, '[') and endswith(_text, ']'), substring(_text, 2, length(_text) - 2), _text)")
    comma = F.when(F.trim(F.regexp_replace("_body", "\\s", "")) == "", "").otherwise(",")
    list_of = F.concat(F.lit('{"list":['), "_body", comma, F.lit(f"{{{_END_FIELD}}}]}}"))
    # Once with the types asked for, once as the texts that the fields are.
    record = StructType([*fields.fields]).add(_END, BooleanType())
    typed = StructType().add("list", ArrayType(record))
    texts = f"list array<map<string,string>>, {CORRUPT} string"
    parsed = (
        text.withColumn("_text", trimmed)
        .where("_text != ''")
        .withColumn("_body", body)
        .withColumn("_list", list_of)
        .withColumn("_typed", F.from_json("_list", typed.add(CORRUPT, StringType()), _OPTIONS))
        .withColumn("_texts", F.from_json("_list", texts, _OPTIONS))
    )
    last = F.element_at("_texts.list", -1)
    is_list = F.col("_texts")[CORRUPT].isNull() & F.coalesce(F.map_contains_key(last, _END), F.lit(False))
    both = F.arrays_zip(F.col("_typed.list").alias("typed"), F.col("_texts.list").alias("texts"))
    whole = F.array(
        F.struct(
            F.lit(None).cast(record).alias("typed"),
            F.lit(None).cast("map<string,string>").alias("texts"),
        )
    )
    records = parsed.select(
        LINE,
        *kept,
        is_list.alias("_is_list"),
        F.col("_typed")[CORRUPT].isNotNull().alias("_unfit"),
        F.explode(F.when(is_list, F.slice(both, 1, F.size(both) - 1)).otherwise(whole)).alias("_record"),
    )
    return records.select(
        F.when(F.col("_is_list"), F.coalesce(F.to_json("_record.texts"), F.lit("null")))
        .otherwise(F.col(LINE))
        .alias(LINE),
        *kept,
        F.col("_record.typed").alias(PARSED),
        F.map_keys("_record.texts").alias(KEYS),
        F.col("_unfit").alias(IS_BAD),
    )


def _with_corrupt(fields: StructType) -> StructType:
    return StructType([*fields.fields]).add(CORRUPT, StringType())
