"""Stage 2: the planned objects as rows, typed, each with where it came from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lib import csv_format
from lib.dataset import Dataset
from lib.errors import SourceError
from lib.plan import Plan
from lib.schema import schema_of, struct_type, with_absent
from lib.source import RawObject, RawTable
from lib.tables import CORRUPT, SOURCE_BLOCK, SOURCE_FILE, SOURCE_MODIFIED, SOURCE_ROW


def read(spark: SparkSession, dataset: Dataset, plan: Plan, objects: Iterable[RawObject] | None = None) -> DataFrame:
    """Return the rows of exactly the planned objects, or of some of them; nothing is parsed before an action.

    Columns: those of the curated table, lineage and position, and `_corrupt`, the text of a row that does not fit.
    Raises SourceError where Spark does not find a planned object: its rows would be lost in silence.
    """
    source = plan.source
    if source is None or dataset.format != "csv":
        raise SourceError(f"{dataset.format} objects of {source} cannot be read")
    keys = {each.key for each in (plan.objects if objects is None else objects)}
    schema = schema_of(dataset, source)
    rows = csv_format.read(
        spark,
        [_unglob(source.uri(root)) for root in roots(keys, plan.listed, source.prefix)],
        base=source.uri(source.prefix),
        schema=struct_type({**schema.in_files, CORRUPT: "string", **schema.in_folders}),
        options=csv_format.options_of(dataset, source),
    )
    return with_absent(_only(_with_lineage(rows, source), rows, source, keys), schema)


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


def _unglob(path: str) -> str:
    return re.sub(r"([\[\]{}*?\\])", r"\\\1", path)


def _with_lineage(rows: DataFrame, source: RawTable) -> DataFrame:
    return rows.select(
        "*",
        F.expr(f"substring(_metadata.file_path, {len(source.path_root) + 1})").alias(SOURCE_FILE),
        F.col("_metadata.file_modification_time").alias(SOURCE_MODIFIED),
        F.col("_metadata.file_block_start").alias(SOURCE_BLOCK),
        F.monotonically_increasing_id().alias(SOURCE_ROW),
    )


def _only(rows: DataFrame, files: DataFrame, source: RawTable, keys: set[str]) -> DataFrame:
    found = {unquote(uri)[len(source.root) :] for uri in files.inputFiles()}
    missing = sorted(keys - found)
    if missing:
        raise SourceError(f"{len(missing)} planned objects are not there any more, the first {missing[0]}")
    if found == keys:
        return rows
    # Objects that came after the listing: the next run's.
    return rows.where(F.col(SOURCE_FILE).isin(sorted(keys)))
