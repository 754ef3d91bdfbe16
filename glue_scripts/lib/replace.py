"""What objects brought before makes room, on the run's branch, for what they bring now."""

from __future__ import annotations

from collections.abc import Set
from typing import Final

from pyspark.sql import SparkSession

from lib import ops
from lib.sql import literal, literals
from lib.tables import SOURCE_FILE

# More objects than this are not named one by one; then the least and the greatest say which files can have their rows.
_MAX_NAMED: Final = 1000


def delete_rows_of(spark: SparkSession, target: str, keys: Set[str]) -> None:
    """Delete the rows that objects brought to `target`, in one commit; files without such rows are not rewritten."""
    named = f"IN ({literals(keys)})"
    if len(keys) > _MAX_NAMED:
        ops.frame(spark, ((key,) for key in keys), "key string").createOrReplaceTempView("_replaced")
        named = (
            f"BETWEEN {literal(min(keys))} AND {literal(max(keys))} AND {SOURCE_FILE} IN (SELECT key FROM _replaced)"
        )
    spark.sql(f"DELETE FROM {target} WHERE {SOURCE_FILE} {named}")
