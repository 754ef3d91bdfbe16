"""The Glue job: new raw objects become rows of a curated Iceberg table, and no row that was read is lost."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import boto3
from lib.arguments import read_job
from lib.check import check
from lib.clean import clean
from lib.drift import with_stored_columns
from lib.look import closer_look, first_look
from lib.plan import Plan, plan
from lib.publish import publish
from lib.read import read
from lib.record import Record, leave, versions
from lib.rules import judge
from lib.session import session
from lib.write import Written, write
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
    with record.stage("look"):
        planned = first_look(spark, job.dataset, with_stored_columns(spark, job, planned), s3=s3)
    while True:
        try:
            written = curate(spark, record, planned)
            break
        except Exception as error:
            # Nothing of a run lies anywhere but on its branch before all of its objects are read: it starts afresh.
            spark.catalog.clearCache()
            with record.stage("look"):
                planned = closer_look(spark, job.dataset, planned, error, s3=s3)
    record.written(written)
    with record.stage("check"):
        outcomes = judge(spark, job, written)
        record.judged(outcomes)
        check(job.dataset, planned, written, outcomes, s3=s3)
    with record.stage("publish"):
        record.published(publish(written, job.run_id))


def curate(spark: SparkSession, record: Record, planned: Plan) -> Written:
    """Take the planned objects from raw to the run's branch; what is wrong with an object shows here."""
    job = record.job
    with record.stage("read"):
        rows = read(spark, job.dataset, planned)
    with record.stage("clean"):
        cleaned = clean(rows, job.dataset)
    with record.stage("write"):
        return write(spark, job, planned, cleaned)


if __name__ == "__main__":
    main(sys.argv)
