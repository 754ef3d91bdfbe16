"""The tables about the runs: which objects were consumed, which runs there were, which rows were not curated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lib import iceberg
from lib.sql import literals, properties
from lib.tables import Tables, table_properties

FILES: Final = "files"
RUNS: Final = "runs"
QUARANTINE: Final = "quarantine"

# By which columns rows are looked for in a table: see `table_properties`.
_FOUND_BY: Final = {FILES: ("run_id", "key"), RUNS: ("run_id",), QUARANTINE: ("run_id", "key")}
# Rows are written by the columns' names; later versions may add columns, never take one away or change its type.
SCHEMAS: Final = {
    FILES: "run_id string, key string, etag string, size bigint, modified timestamp",
    RUNS: (
        "run_id string, outcome string, reason string, started_at timestamp, ended_at timestamp, snapshot_id bigint, "
        "rows_read bigint, rows_inserted bigint, rows_updated bigint, rows_unchanged bigint, rows_superseded bigint, "
        "rows_quarantined bigint, rows_replaced bigint, files_new bigint, files_consumed bigint, "
        "files_replaced bigint, files_unreadable bigint, bytes bigint, attempts int, request map<string,string>, "
        "released string, "
        "quarantine array<struct<reason:string,rows:bigint,example:string,objects:bigint>>, "
        "rules array<struct<rule:string,outcome:string,reason:string>>, "
        "schema_changes array<struct<column:string,change:string,`from`:string,`to`:string>>, "
        "stages array<struct<name:string,seconds:double>>, upkeep array<struct<name:string,result:string>>, "
        "versions map<string,string>"
    ),
    QUARANTINE: (
        "run_id string, key string, modified timestamp, block bigint, row bigint, line string, fields string, "
        "reasons array<string>"
    ),
}


def write(spark: SparkSession, tables: Tables, kind: str, rows: DataFrame) -> None:
    """Add rows to an ops table in one commit, making the table where it is missing, and its columns that are."""
    name = tables.ops(kind)
    if iceberg.load(spark, name) is None:
        spark.sql(
            f"CREATE TABLE IF NOT EXISTS {name} ({SCHEMAS[kind]}) USING iceberg LOCATION '{tables.ops_location(kind)}' "
            f"TBLPROPERTIES ({properties(table_properties(*_FOUND_BY[kind]))})"
        )
    else:
        _add_columns(spark, name, kind)
    rows.coalesce(1).writeTo(name).append()


def _add_columns(spark: SparkSession, name: str, kind: str) -> None:
    """Add what this version of the job writes and the one that made the table did not."""
    there = set(spark.table(name).columns)
    columns = SCHEMAS[kind].split(", ")
    missing = [column for column, named in zip(columns, struct_names(SCHEMAS[kind]), strict=True) if named not in there]
    if missing:
        spark.sql(f"ALTER TABLE {name} ADD COLUMNS ({', '.join(missing)})")


def write_values(spark: SparkSession, tables: Tables, kind: str, values: Iterable[Sequence[Any]]) -> None:
    """Add rows given as tuples in the order of the table's columns."""
    write(spark, tables, kind, frame(spark, values, SCHEMAS[kind]))


def discard(spark: SparkSession, tables: Tables, run_ids: Iterable[str]) -> None:
    """Forget the file and quarantine rows of runs that were not published: none of them counts for anything."""
    which = literals(run_ids)
    # Quarantine rows before file rows: where a killed run left any of those, it left some of these too.
    for kind in (QUARANTINE, FILES):
        if which and iceberg.load(spark, tables.ops(kind)) is not None:
            spark.sql(f"DELETE FROM {tables.ops(kind)} WHERE run_id IN ({which})")


def frame(spark: SparkSession, values: Iterable[Sequence[Any]], schema: str) -> DataFrame:
    """Return tuples of text, numbers, times and nulls as rows; unlike createDataFrame it starts no Python worker."""
    names = struct_names(schema)
    rows = (json.dumps(dict(zip(names, value, strict=True)), default=datetime.isoformat) for value in values)
    text = f"[{','.join(rows)}]"
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


def file_versions(spark: SparkSession, tables: Tables) -> Iterator[tuple[str, str, str]]:
    """Yield (run id, key, ETag) of every object version that some run, published or not, set out to consume.

    They come one Spark partition at a time, so that no more than that is ever held.
    """
    if iceberg.load(spark, tables.ops(FILES)) is not None:
        for row in spark.table(tables.ops(FILES)).select("run_id", "key", "etag").toLocalIterator():
            yield row[0], row[1], row[2]
