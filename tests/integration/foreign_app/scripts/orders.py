"""Counts the orders of a shop."""

import sys

from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession

bucket = getResolvedOptions(sys.argv, ["BUCKET"])["BUCKET"]
spark = SparkSession.builder.getOrCreate()
rows = spark.read.option("header", True).csv(f"s3://{bucket}/orders/")
rows.groupBy("customer").count().coalesce(1).write.mode("overwrite").json(f"s3://{bucket}/counted/orders/")
