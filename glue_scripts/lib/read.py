"""Stage 2: the planned objects as rows, typed, each with where it came from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Final
from urllib.parse import unquote

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lib.casts import without_nan
from lib.dataset import Dataset
from lib.errors import SourceError
from lib.formats import format_of
from lib.layout import Layout
from lib.plan import Plan
from lib.schema import Schema, schema_of
from lib.source import RawObject, RawTable, unglob
from lib.tables import CORRUPT, LOST, REASONS, SOURCE_BLOCK, SOURCE_FILE, SOURCE_MODIFIED, SOURCE_ROW, UNKNOWN

# A key that is the same in a URL.
_PLAIN_KEY: Final = re.compile(r"[a-zA-Z0-9_=./-]*")


def read(spark: SparkSession, dataset: Dataset, plan: Plan, objects: Iterable[RawObject] | None = None) -> DataFrame:
    """Return the rows of exactly the plan's readable objects, or of some of them; nothing is parsed before an action.

    Columns: those of the curated table, lineage and position, and of a row that does not fit CORRUPT or LOST, and
    REASONS; UNKNOWN says in what a row holds values that has no column. A declared column that an object lacks is null.
    Raises SourceError where Spark does not find a planned object: its rows would be lost in silence.
    """
    source = plan.source
    if source is None:
        raise SourceError("there is no raw table to read")
    schema = schema_of(dataset, source, plan.look)
    keys = {each.key for each in (plan.readable if objects is None else objects)}
    parts = [_part(spark, dataset, plan, source, schema, layout, part) for layout, part in plan.look.groups(keys)]
    return reduce(DataFrame.union, parts) if parts else _nothing(spark, schema)


def _part(
    spark: SparkSession,
    dataset: Dataset,
    plan: Plan,
    source: RawTable,
    schema: Schema,
    layout: Layout | None,
    keys: set[str],
) -> DataFrame:
    reader = format_of(dataset.format)
    rows = reader.read(
        spark,
        [unglob(source.uri(root)) for root in roots(keys, plan.listed, source.prefix)],
        base=source.uri(source.prefix),
        layout=layout,
        source=source,
        schema=schema,
        options=reader.options_of(dataset.options, source),
    )
    present = set(rows.columns)
    shaped = rows.select(
        *(
            without_nan(name, kind) if name in present else F.lit(None).cast(kind).alias(name)
            for name, kind in schema.curated.items()
        ),
        CORRUPT,
        LOST,
        REASONS,
        UNKNOWN,
        _key(source, keys).alias(SOURCE_FILE),
        F.col("_metadata.file_modification_time").alias(SOURCE_MODIFIED),
        F.col("_metadata.file_block_start").alias(SOURCE_BLOCK),
        F.monotonically_increasing_id().alias(SOURCE_ROW),
    )
    return _only(shaped, rows, source, keys)


def _key(source: RawTable, keys: set[str]) -> Column:
    """The object's key, from a path that Spark gives as a URL: with %20 for a blank, but with + for a +."""
    path = f"substring(_metadata.file_path, {len(source.path_root) + 1})"
    is_plain = all(map(_PLAIN_KEY.fullmatch, keys))
    return F.expr(path if is_plain else f"url_decode(replace({path}, '+', '%2B'))")


def _nothing(spark: SparkSession, schema: Schema) -> DataFrame:
    """No rows, in the shape of those that are read."""
    types = {
        **schema.curated, CORRUPT: "string", LOST: "string", REASONS: "array<string>", UNKNOWN: "array<string>",
        SOURCE_FILE: "string", SOURCE_MODIFIED: "timestamp", SOURCE_BLOCK: "bigint", SOURCE_ROW: "bigint",
    }  # fmt: skip
    return spark.range(0).select(*(F.lit(None).cast(kind).alias(name) for name, kind in types.items()))


def roots(keys: set[str], listed: Iterable[str], prefix: str) -> list[str]:
    """Return the fewest folders and keys that hold all `keys` and, of the listed objects, nothing else.

    Spark asks S3 about every path that it is given: a folder costs one call, its objects one or more each.
    """
    foreign = Counter(folder for key in listed if key not in keys for folder in _folders(key, prefix))
    found = {next((folder for folder in _folders(key, prefix) if not foreign[folder]), key) for key in keys}
    return sorted(found)


def _folders(key: str, prefix: str) -> Iterator[str]:
    yield prefix
    for end in re.finditer("/", key[len(prefix) :]):
        yield key[: len(prefix) + end.end()]


def _only(rows: DataFrame, files: DataFrame, source: RawTable, keys: set[str]) -> DataFrame:
    found = {unquote(uri)[len(source.root) :] for uri in files.inputFiles()}
    missing = sorted(keys - found)
    if missing:
        raise SourceError(f"{len(missing)} planned objects are not there any more, the first {missing[0]}")
    if found == keys:
        return rows
    # Objects that came after the listing: the next run's.
    return rows.where(F.col(SOURCE_FILE).isin(sorted(keys)))
