"""Counts the customers of a shop."""

import sys

from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession

bucket = getResolvedOptions(sys.argv, ["BUCKET"])["BUCKET"]
spark = SparkSession.builder.getOrCreate()
rows = spark.read.option("header", True).csv(f"s3://{bucket}/customers/")
unnamed = rows.where("name is null").count()
if unnamed:
    raise ValueError(f"{unnamed} customers have no name")
rows.coalesce(1).write.mode("overwrite").json(f"s3://{bucket}/counted/customers/")
