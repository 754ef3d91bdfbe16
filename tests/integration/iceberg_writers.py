"""Writers that commit to one Iceberg table at once, in a loop: Glue jobs with Spark, and PyIceberg beside them."""

import json
from collections import Counter
from typing import Any

import pyarrow as pa
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.exceptions import CommitFailedException

from local.settings import ACCESS_KEY, REGION, SECRET_KEY
from tests.integration.aws import ALLOW_ALL, Aws, wait_for

# Waits until every writer is there, commits, and says which commits it was told have been done.
COMMIT_IN_A_LOOP = """
import json, sys, time
import boto3
from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession

given = getResolvedOptions(sys.argv, ["NAME", "WRITER", "WRITERS", "COMMITS"])
writer, table, s3 = given["WRITER"], "glue_catalog." + given["NAME"] + ".numbers", boto3.client("s3")
spark = SparkSession.builder.getOrCreate()
spark.table(table).count()
s3.put_object(Bucket=given["NAME"], Key="ready/" + writer)
until = time.monotonic() + 120
while s3.list_objects_v2(Bucket=given["NAME"], Prefix="ready/")["KeyCount"] < int(given["WRITERS"]):
    assert time.monotonic() < until, "the other writers are not there"
    time.sleep(0.05)
done = []
for number in range(int(given["COMMITS"])):
    try:
        spark.sql(f"INSERT INTO {table} VALUES ('{writer}', {number})")
        done.append(number)
    except Exception as problem:
        if "CommitFailedException" not in str(problem):
            raise
        print("not committed:", number)
s3.put_object(Bucket=given["NAME"], Key="done/" + writer, Body=json.dumps(done).encode())
"""
COLUMNS = pa.schema([pa.field("writer", pa.string()), pa.field("number", pa.int32())])


def spark_settings(bucket: str) -> str:
    """The value of `--conf` by which Spark has the Data Catalog as `glue_catalog`."""
    catalog = "spark.sql.catalog.glue_catalog"
    settings = {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.warehouse": f"s3://{bucket}/warehouse/",
        f"{catalog}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        f"{catalog}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        # Else a session would go on with the table as it first saw it; a commit reads it anew in any case.
        f"{catalog}.cache-enabled": "false",
    }
    return " --conf ".join(f"{name}={value}" for name, value in settings.items())


def iceberg_catalog(aws: Aws) -> Catalog:
    """PyIceberg's Glue catalog on this emulator."""
    keys = {"client.region": REGION, "client.access-key-id": ACCESS_KEY, "client.secret-access-key": SECRET_KEY}
    endpoints = {"glue.endpoint": aws.endpoint, "s3.endpoint": aws.endpoint}
    return load_catalog("glue", type="glue", **keys, **endpoints)


class Writers:
    """A table `NAME.numbers` in a bucket NAME, with one row a commit: who wrote it, and his how-many-eth.

    Iceberg takes small letters, digits and `_` for a database, S3 no `_` for a bucket: NAME has neither `_` nor `-`.
    A commit that another's has overtaken is tried `retries` times more before it is given up.
    """

    def __init__(self, aws: Aws, name: str, *, retries: int = 4) -> None:
        self._aws, self._name = aws, name
        self._catalog = iceberg_catalog(aws)
        aws.client("s3").create_bucket(Bucket=name)
        aws.client("glue").create_database(DatabaseInput={"Name": name})
        properties = {"commit.retry.num-retries": str(retries)}
        self._catalog.create_table(f"{name}.numbers", COLUMNS, location=f"s3://{name}/numbers", properties=properties)
        aws.job(
            name, aws.role(f"{name}-job", ALLOW_ALL), COMMIT_IN_A_LOOP,
            ExecutionProperty={"MaxConcurrentRuns": 9},
            DefaultArguments={"--datalake-formats": "iceberg", "--conf": spark_settings(name)},
        )  # fmt: skip
        self.conflicts = 0

    def commit(self, *, sparks: int, commits: int) -> Counter[tuple[str, int]]:
        """Let `sparks` jobs commit `commits` times each, and PyIceberg all the while; what was reported as done."""
        glue = self._aws.client("glue")
        runs = []
        for number in range(sparks):
            given = {"NAME": self._name, "WRITER": f"spark-{number}", "WRITERS": str(sparks), "COMMITS": str(commits)}
            arguments = {f"--{name}": value for name, value in given.items()}
            runs.append(glue.start_job_run(JobName=self._name, Arguments=arguments)["JobRunId"])
        wait_for(lambda: self._ready(runs), seconds=240, what="all Sparks")
        reported = Counter(("pyiceberg", number) for number in self._append_while(sparks))
        for number, run_id in enumerate(runs):
            run = self._aws.job_run(self._name, run_id)
            assert run["JobRunState"] == "SUCCEEDED", run
            done = self._aws.client("s3").get_object(Bucket=self._name, Key=f"done/spark-{number}")["Body"].read()
            reported.update((f"spark-{number}", one) for one in json.loads(done))
        return reported

    def rows(self) -> Counter[tuple[str, int]]:
        """What the table holds."""
        found = self._catalog.load_table(f"{self._name}.numbers").scan().to_arrow().to_pylist()
        return Counter((row["writer"], row["number"]) for row in found)

    def snapshots(self) -> int:
        """How many commits the table says it has had."""
        return len(self._catalog.load_table(f"{self._name}.numbers").metadata.snapshots)

    def version(self) -> int:
        """How often the catalog says the table was changed."""
        table: Any = self._aws.client("glue").get_table(DatabaseName=self._name, Name="numbers")["Table"]
        return int(table["VersionId"])

    def _ready(self, runs: list[str]) -> bool:
        for run_id in runs:
            run = self._aws.client("glue").get_job_run(JobName=self._name, RunId=run_id)["JobRun"]
            assert run["JobRunState"] != "FAILED", run
        return self._count("ready/") == len(runs)

    def _append_while(self, sparks: int) -> list[int]:
        """Append with PyIceberg until every Spark has ended; the commits that were done."""
        done: list[int] = []
        number = 0
        while self._count("done/") < sparks:
            row = pa.Table.from_pylist([{"writer": "pyiceberg", "number": number}], schema=COLUMNS)
            try:
                self._catalog.load_table(f"{self._name}.numbers").append(row)
                done.append(number)
            except CommitFailedException:
                self.conflicts += 1
            number += 1
        return done

    def _count(self, prefix: str) -> int:
        return int(self._aws.client("s3").list_objects_v2(Bucket=self._name, Prefix=prefix)["KeyCount"])
