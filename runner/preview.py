"""The first rows of a curated table. Imported only to show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from runner.aws import Aws
from runner.lake_tables import load

ROWS_SHOWN: Final = 5
# What the job adds to a row to know where it came from.
INTERNAL_COLUMN_PREFIX: Final = "_"


@dataclass(frozen=True, slots=True)
class Preview:
    """Rows of a table, as Python values in the order of `columns`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def preview(aws: Aws, database: str, table: str, limit: int = ROWS_SHOWN) -> Preview:
    """Return up to `limit` rows of `database.table`, without the columns that the job adds.

    Data files are read until there are enough rows. Raises what PyIceberg, PyArrow and botocore raise.
    """
    curated = load(aws, database, table)
    columns = tuple(
        name
        for name in curated.schema().column_names
        if not name.startswith(INTERNAL_COLUMN_PREFIX) and "." not in name
    )
    with curated.scan(selected_fields=columns, limit=limit).to_arrow_batch_reader() as reader:
        rows: list[tuple[Any, ...]] = []
        for batch in reader:
            rows += [tuple(row[name] for name in columns) for row in batch.to_pylist()]
            if len(rows) >= limit:
                break
    return Preview(columns, tuple(rows[:limit]))
