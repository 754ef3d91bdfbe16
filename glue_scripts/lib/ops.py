"""The tables about the runs: which objects were consumed, which runs there were, which rows were not curated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lib import iceberg
from lib.tables import Tables

FILES: Final = "files"
RUNS: Final = "runs"
QUARANTINE: Final = "quarantine"

# Column order is part of the interface: rows are written by position.
SCHEMAS: Final = {
    FILES: "run_id string, key string, etag string, size bigint, modified timestamp",
    RUNS: (
        "run_id string, outcome string, reason string, started_at timestamp, ended_at timestamp, snapshot_id bigint, "
        "rows_read bigint, rows_inserted bigint, rows_updated bigint, rows_unchanged bigint, rows_superseded bigint, "
        "rows_quarantined bigint, files_new bigint, files_consumed bigint, bytes bigint"
    ),
    QUARANTINE: (
        "run_id string, key string, modified timestamp, block bigint, row bigint, line string, fields string, "
        "reasons array<string>"
    ),
}


def write(spark: SparkSession, tables: Tables, kind: str, rows: DataFrame, *, replace_run: str | None = None) -> None:
    """Add rows to an ops table in one commit, making the table where it is missing.

    With `replace_run`, what that run left there when it was killed goes in the same commit.
    """
    name = tables.ops(kind)
    if iceberg.load(spark, name) is None:
        spark.sql(
            f"CREATE TABLE IF NOT EXISTS {name} ({SCHEMAS[kind]}) USING iceberg "
            f"LOCATION '{tables.ops_location(kind)}' TBLPROPERTIES ('format-version' = '2')"
        )
        replace_run = None
    writer = rows.coalesce(1).writeTo(name)
    if replace_run is None:
        writer.append()
    else:
        writer.overwrite(F.col("run_id") == replace_run)


def write_values(
    spark: SparkSession, tables: Tables, kind: str, values: Iterable[Sequence[Any]], *, replace_run: str | None = None
) -> None:
    """Add rows given as tuples in the order of the table's columns."""
    write(spark, tables, kind, frame(spark, values, SCHEMAS[kind]), replace_run=replace_run)


def frame(spark: SparkSession, values: Iterable[Sequence[Any]], schema: str) -> DataFrame:
    """Return tuples of text, numbers, times and nulls as rows; unlike createDataFrame it starts no Python worker."""
    names = struct_names(schema)
    rows = [dict(zip(names, value, strict=True)) for value in values]
    text = json.dumps(rows, default=datetime.isoformat)
    return spark.range(1).select(F.inline(F.from_json(F.lit(text), f"array<struct<{schema}>>")))


def struct_names(schema: str) -> list[str]:
    """Return the column names of a schema in Spark's DDL."""
    return [column.split()[0] for column in schema.split(", ")]


def outcomes(spark: SparkSession, tables: Tables) -> dict[str, str]:
    """Return each recorded run's outcome by its id; a run that was published stays so."""
    if iceberg.load(spark, tables.ops(RUNS)) is None:
        return {}
    rows = spark.table(tables.ops(RUNS)).select("run_id", "outcome").collect()
    found: dict[str, str] = {}
    for run_id, outcome in rows:
        if found.get(run_id) != "published":
            found[run_id] = outcome
    return found


def file_versions(spark: SparkSession, tables: Tables) -> list[tuple[str, str, str]]:
    """Return (run id, key, ETag) of every object version that some run, published or not, set out to consume."""
    if iceberg.load(spark, tables.ops(FILES)) is None:
        return []
    rows = spark.table(tables.ops(FILES)).select("run_id", "key", "etag").collect()
    return [(row[0], row[1], row[2]) for row in rows]
