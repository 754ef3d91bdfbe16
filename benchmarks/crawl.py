"""One side of `crawl_against_duckdb`: start the crawler, wait until it is ready, print what it found.

`python -m benchmarks.crawl CRAWLER DATABASE TABLE`. As a user would with boto3: StartCrawler, then GetCrawler.
"""

import json
import sys
import time

from benchmarks.emulated import ENVIRONMENT
from lake.aws import client

SECONDS_BETWEEN_LOOKS = 0.2

crawler, database, table = sys.argv[1:]
glue = client(ENVIRONMENT, "glue")
glue.start_crawler(Name=crawler)
while (found := glue.get_crawler(Name=crawler)["Crawler"])["State"] != "READY":
    time.sleep(SECONDS_BETWEEN_LOOKS)
if found["LastCrawl"]["Status"] != "SUCCEEDED":
    sys.exit(f"the crawl ended as {found['LastCrawl']}")
raw = glue.get_table(DatabaseName=database, Name=table)["Table"]
pages = glue.get_paginator("get_partitions").paginate(DatabaseName=database, TableName=table)
partitions = [value for page in pages for one in page["Partitions"] for value in one["Values"]]
columns = [column["Name"] for column in (*raw["StorageDescriptor"]["Columns"], *raw["PartitionKeys"])]
print(json.dumps({"columns": columns, "partitions": sorted(partitions)}))
