"""The Glue job: new raw objects become rows of a curated Iceberg table, and no row that was read is lost."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import boto3
from lib.arguments import read_job
from lib.check import check
from lib.clean import clean
from lib.plan import plan
from lib.publish import publish
from lib.read import read
from lib.record import Record, leave, versions
from lib.rules import judge
from lib.session import session
from lib.write import write
from pyspark.sql import SparkSession

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client


def main(argv: Sequence[str]) -> None:
    """Run the stages and leave a record of the run, whatever its outcome; raise what ended it."""
    glue, s3 = boto3.client("glue"), boto3.client("s3")
    record = Record(read_job(argv, glue))
    with leave(record, s3=s3):
        with record.stage("session"):
            record.spark = session()
        run(record.spark, record, glue=glue, s3=s3)


def run(spark: SparkSession, record: Record, *, glue: GlueClient, s3: S3Client) -> None:
    """Run the stages in their order, telling the record what comes out of each."""
    job = record.job
    record.versions = versions(spark)
    with record.stage("plan"):
        planned = plan(spark, job, glue=glue, s3=s3)
    record.planned(planned)
    if not planned.objects:
        return
    with record.stage("read"):
        rows = read(spark, job.dataset, planned)
    with record.stage("clean"):
        cleaned = clean(rows, job.dataset)
    with record.stage("write"):
        written = write(spark, job, planned, cleaned)
    record.written(written)
    with record.stage("check"):
        outcomes = judge(spark, job, written)
        record.judged(outcomes)
        check(job.dataset, planned, written, outcomes, s3=s3)
    with record.stage("publish"):
        record.published(publish(written, job.run_id))


if __name__ == "__main__":
    main(sys.argv)
