"""Prints how many orders each customer of a shop has."""

import sys

from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession

given = getResolvedOptions(sys.argv, ["BUCKET", "TITLE"])
spark = SparkSession.builder.getOrCreate()
orders = spark.read.json(f"s3://{given['BUCKET']}/counted/orders/")
customers = spark.read.json(f"s3://{given['BUCKET']}/counted/customers/")
print(given["TITLE"])
for row in orders.join(customers, orders.customer == customers.id, "inner").orderBy("name").collect():
    print(row["name"], row["count"])
