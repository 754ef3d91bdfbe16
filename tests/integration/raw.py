"""The raw bucket as files in a folder, so that DuckDB reads what a pipeline reads; and what a pipeline made of it."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyiceberg.catalog import Catalog, load_catalog

from local.settings import ACCESS_KEY, REGION, SECRET_KEY
from tests.integration.lake import Lake


def bring_sample(lake: Lake, dataset: str, folder: Path) -> Path:
    """Bring a sample into the raw bucket; return a folder that holds its objects under their keys."""
    brought = lake.command("-m", "samples", dataset, "--env", "local")
    assert brought.returncode == 0, brought.stdout + brought.stderr
    s3 = lake.aws.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=lake.raw_bucket, Prefix=f"raw/{dataset}/"):
        for found in page["Contents"]:
            target = folder / found["Key"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(s3.get_object(Bucket=lake.raw_bucket, Key=found["Key"])["Body"].read())
    return folder


def iceberg_catalog(lake: Lake) -> Catalog:
    """PyIceberg's catalog on the Glue API."""
    endpoint = lake.settings.endpoint
    return load_catalog(
        "glue",
        **{
            "type": "glue",
            "glue.endpoint": endpoint,
            "glue.region": REGION,
            "glue.access-key-id": ACCESS_KEY,
            "glue.secret-access-key": SECRET_KEY,
            "s3.endpoint": endpoint,
            "s3.region": REGION,
            "s3.access-key-id": ACCESS_KEY,
            "s3.secret-access-key": SECRET_KEY,
        },
    )


def curated_rows(lake: Lake, dataset: str) -> pa.Table:
    """The curated table of a dataset as PyIceberg reads it."""
    return iceberg_catalog(lake).load_table(f"lake_local_curated.{dataset}").scan().to_arrow()


def query(sql: str, **tables: pa.Table) -> list[tuple[Any, ...]]:
    """What DuckDB answers; `tables` by the names under which the query knows them."""
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    for name, table in tables.items():
        db.register(name, table)
    return db.execute(sql).fetchall()
