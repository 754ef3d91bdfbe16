"""The lake's Iceberg tables, read with PyIceberg by the Glue catalog. Imported only where they are read."""

from __future__ import annotations

from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.table import Table

from runner.aws import Aws


def load(aws: Aws, database: str, table: str) -> Table:
    """Return a table. Raises what PyIceberg and botocore raise; NoSuchTableError where it is not there."""
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
    return GlueCatalog("glue", client=aws.glue, **given).load_table((database, table))
