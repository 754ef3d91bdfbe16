"""Which of a run's rows change the table: new keys, and later rows of known keys with other values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any, Final

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lib.dataset import Dataset, Transform
from lib.sql import literals
from lib.tables import CATALOG, SOURCE_FILE, SOURCE_MODIFIED

ACTION: Final = "_action"
INSERT: Final = "inserted"
UPDATE: Final = "updated"
UNCHANGED: Final = "unchanged"
SUPERSEDED: Final = "superseded"

# More partitions than this are not named one by one: everything is searched then.
_MAX_NAMED_PARTITIONS: Final = 1000


@dataclass(frozen=True, slots=True)
class Touched:
    """The partitions where the keys of some rows can lie: for each transform its values, and whether null is one."""

    parts: tuple[tuple[Transform, tuple[Any, ...], bool], ...] = ()

    def sql(self, qualifier: str = "") -> str:
        """Return a condition that is true for every row of these partitions; `qualifier` is the table's, as `t.`."""
        conditions = (
            _is_one_of(part.value_sql(CATALOG, qualifier), values, with_null) for part, values, with_null in self.parts
        )
        return " AND ".join(conditions) or "true"


def touched(rows: DataFrame, dataset: Dataset) -> Touched:
    """Return the partitions that the rows touch; reads all of the rows. Every one where the key does not decide it."""
    if not dataset.key_decides_partition:
        return Touched()
    found = rows.agg(
        *(F.collect_set(F.expr(part.value_sql(CATALOG))) for part in dataset.partition_by),
        *(F.count(F.when(F.col(part.column).isNull(), 1)) for part in dataset.partition_by),
    ).first()
    assert found is not None
    width = len(dataset.partition_by)
    parts = enumerate(dataset.partition_by)
    return Touched(tuple((part, tuple(found[i]), bool(found[width + i])) for i, part in parts))


def compare(rows: DataFrame, stored: DataFrame, dataset: Dataset, columns: list[str]) -> DataFrame:
    """Add to each row what it does to the table: see ACTION. `stored` holds the table's rows that it may meet."""
    known = stored.select(
        *(F.col(name).alias(f"_key_{name}") for name in dataset.key),
        F.struct(*columns).alias("_stored"),
        F.struct(*(_order(dataset))).alias("_stored_order"),
    )
    same_key = reduce(and_, (F.col(name).eqNullSafe(F.col(f"_key_{name}")) for name in dataset.key))
    action = (
        F.when(F.col("_stored").isNull(), INSERT)
        .when(F.struct(*columns).eqNullSafe(F.col("_stored")), UNCHANGED)
        .when(F.struct(*_order(dataset)) >= F.col("_stored_order"), UPDATE)
        .otherwise(SUPERSEDED)
    )
    return rows.join(known, on=same_key, how="left").select(*rows.columns, action.alias(ACTION))


def merge(spark: SparkSession, changed: DataFrame, target: str, dataset: Dataset, where: Touched) -> None:
    """Update the known keys and insert the new ones in one commit to `target`, looking for them in `where`."""
    _without_plan(spark, changed).createOrReplaceTempView("_changed")
    same_key = " AND ".join(f"t.`{name}` <=> s.`{name}`" for name in dataset.key)
    spark.sql(
        f"MERGE INTO {target} t USING _changed s ON {same_key} AND {where.sql('t.')} "
        "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )


def _without_plan(spark: SparkSession, rows: DataFrame) -> DataFrame:
    """The same rows as data without a history: MERGE reads its source twice, which a plan with observers forbids."""
    java = rows._jdf
    return DataFrame(spark._jsparkSession.createDataFrame(java.toJavaRDD(), java.schema()), spark)


def _order(dataset: Dataset) -> list[Column]:
    return [F.col(name) for name in (*dataset.order_by, SOURCE_MODIFIED, SOURCE_FILE)]


def _is_one_of(value_sql: str, values: tuple[Any, ...], with_null: bool) -> str:
    if len(values) > _MAX_NAMED_PARTITIONS or any(isinstance(value, float | datetime) for value in values):
        return "true"
    conditions = [f"{value_sql} IN ({literals(values)})"] if values else []
    if with_null:
        conditions.append(f"{value_sql} IS NULL")
    return f"({' OR '.join(conditions) or 'false'})"
