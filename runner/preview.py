"""The first rows of a curated table, read with PyIceberg by the Glue catalog. Imported only to show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pyiceberg.catalog.glue import GlueCatalog

from runner.aws import Aws

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
    credentials = aws.session.get_credentials()
    frozen = credentials.get_frozen_credentials() if credentials else None
    properties = {
        "s3.endpoint": aws.endpoint,
        "s3.region": aws.session.region_name,
        "s3.access-key-id": frozen.access_key if frozen else None,
        "s3.secret-access-key": frozen.secret_key if frozen else None,
        "s3.session-token": frozen.token if frozen else None,
    }
    given = {name: value for name, value in properties.items() if value is not None}
    curated = GlueCatalog("glue", client=aws.glue, **given).load_table((database, table))
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
