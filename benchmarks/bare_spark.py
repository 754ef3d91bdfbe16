"""The other side of `run_against_bare_spark`: read the objects with a given schema, append them to an Iceberg table.

No crawl, no record of what was consumed, no keys, no quarantine, no check: what a first script of one's own does.
`python bare_spark.py RAW_URI TABLE LOCATION SCHEMA`.
"""

import sys

from pyspark.sql import SparkSession

raw, table, location, schema = sys.argv[1:]
spark = SparkSession.builder.getOrCreate()
rows = spark.read.schema(schema).csv(raw, header=True, nullValue="NA")
spark.sql(
    f"CREATE TABLE {table} ({schema}) USING iceberg PARTITIONED BY (month(time_hour)) LOCATION '{location}' "
    "TBLPROPERTIES ('format-version' = '2')"
)
rows.writeTo(table).append()
