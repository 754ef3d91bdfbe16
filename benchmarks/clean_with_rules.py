"""The passes of `row_rules_against_none`, in one Spark: read a CSV file with its schema, clean its rows as a job does.

`python clean_with_rules.py FILE SCHEMA RULES ROUNDS`, RULES in DQDL. The rows go nowhere. Last it prints, as JSON, the
number of rows that each side kept, and of each pass the wall and CPU seconds.
"""

import json
import sys
import time

import psutil
from lib.clean import clean
from lib.dataset import Dataset, RowRule
from lib.session import session
from lib.tables import CORRUPT, LOST, REASONS, SOURCE_FILE
from pyspark.sql import functions as F

from benchmarks.harness import ORDER
from lake.dqdl.row_rules import resolved

file, schema, text, rounds = sys.argv[1:]
sides = (tuple(RowRule(**each) for each in resolved(text)), ())
spark = session()
gateway = spark.sparkContext._gateway
assert gateway is not None
java = psutil.Process(gateway.proc.pid)


def clean_all(rules: tuple[RowRule, ...]) -> tuple[int, float, float]:
    """Return how many rows were kept, and the wall and CPU seconds: Spark's, which computes all of it."""
    wall, cpu = time.monotonic(), sum(java.cpu_times()[:2])
    rows = spark.read.schema(schema).csv(file, header=True, nullValue="NA")
    nothing = F.lit(None).cast("string")
    source = F.col("_metadata.file_path").alias(SOURCE_FILE)
    rows = rows.select("*", nothing.alias(CORRUPT), nothing.alias(LOST), F.array(nothing).alias(REASONS), source)
    cleaned = clean(rows, Dataset("flights", "csv", row_rules=rules))
    cleaned.rows.write.format("noop").mode("overwrite").save()
    read, unfit, _ = cleaned.numbers()
    return read - unfit, time.monotonic() - wall, sum(java.cpu_times()[:2]) - cpu


# The first passes fill caches and compile.
kept = [clean_all(rules)[0] for rules in sides]
seconds: tuple[list[tuple[float, ...]], ...] = ([], [])
for side in ORDER * int(rounds):
    seconds[side].append(clean_all(sides[side])[1:])
print(json.dumps({"kept": kept, "seconds": seconds}))
