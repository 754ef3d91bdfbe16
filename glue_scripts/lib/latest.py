"""Of a run's rows with one key, the latest: by `order_by`, then the object's LastModified, its key, the position."""

from __future__ import annotations

from typing import Final

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lib.dataset import Dataset
from lib.tables import CATALOG, SOURCE_BLOCK, SOURCE_FILE, SOURCE_MODIFIED, SOURCE_ROW

POSITION: Final = (SOURCE_BLOCK, SOURCE_ROW)
# Source bytes that one task sorts and writes, about.
_BYTES_A_TASK: Final = 256 * 1024 * 1024
_MAX_BUCKETS: Final = 256


def latest(rows: DataFrame, dataset: Dataset, source_bytes: int) -> DataFrame:
    """Return one row for each key, without the position. A null in a key is a value like another.

    Where the key decides the partition, the rows of one partition come out next to each other, so that one shuffle
    serves both this and the write: see `is_clustered`.
    """
    if not dataset.key:
        return rows.drop(*POSITION)
    later_first = [
        F.col(name).desc_nulls_last() for name in (*dataset.order_by, SOURCE_MODIFIED, SOURCE_FILE, *POSITION)
    ]
    group: list[str] = []
    if is_clustered(dataset):
        places = {f"_part{i}": F.expr(part.value_sql(CATALOG)) for i, part in enumerate(dataset.partition_by)}
        # A large load spreads each partition over several tasks; a key is in one of them.
        buckets = min(_MAX_BUCKETS, 1 + source_bytes // _BYTES_A_TASK)
        if buckets > 1:
            places["_bucket"] = F.pmod(F.xxhash64(*dataset.key), F.lit(buckets))
        group = list(places)
        rows = rows.withColumns(places).repartition(*map(F.col, group))
    order = Window.partitionBy(*group, *dataset.key).orderBy(*later_first)
    ranked = rows.withColumn("_rank", F.row_number().over(order)).where("_rank = 1")
    return ranked.drop("_rank", *group, *POSITION)


def is_clustered(dataset: Dataset) -> bool:
    """Whether `latest` leaves the rows in the order that a writer of the partitions needs."""
    return dataset.key_decides_partition
