"""The other side of `crawl_against_duckdb`: fetch the objects with boto3 and have DuckDB find their columns.

`python -m benchmarks.fetch_with_duckdb BUCKET PREFIX`. DuckDB reads every row of every file, and
finds the types itself.
"""

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from benchmarks.emulated import ENVIRONMENT
from lake.aws import client

FETCHES_AT_ONCE = 8

bucket, prefix = sys.argv[1:]
s3 = client(ENVIRONMENT, "s3")
pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
keys = [found["Key"] for page in pages for found in page.get("Contents", [])]

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)

    def fetch(key: str) -> None:
        """Bring one object into the folder."""
        target = folder / key.removeprefix(prefix)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    with ThreadPoolExecutor(FETCHES_AT_ONCE) as pool:
        list(pool.map(fetch, keys))
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE raw AS FROM read_csv('{folder}/**/*.csv', hive_partitioning=true)")
        columns = [row[0] for row in db.execute("DESCRIBE raw").fetchall()]
        partitions = [row[0] for row in db.execute("SELECT DISTINCT month FROM raw").fetchall()]
print(json.dumps({"columns": columns, "partitions": sorted(f"{int(month):02}" for month in partitions)}))
