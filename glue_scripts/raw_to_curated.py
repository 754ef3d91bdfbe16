"""The Glue job: new raw objects become rows of a curated Iceberg table, and no row that was read is lost."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import boto3
from lib.arguments import read_job
from lib.check import check
from lib.clean import clean
from lib.drift import with_stored_columns
from lib.errors import ConflictError
from lib.look import closer_look, first_look
from lib.metrics import published_metrics
from lib.plan import Plan, changed_objects, plan
from lib.publish import publish
from lib.read import read
from lib.record import Record, leave, versions
from lib.rules import judge
from lib.session import session
from lib.upkeep import keep_up
from lib.write import Written, write
from pyspark.sql import SparkSession

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client


# A run plans so often, before it fails for what others do meanwhile.
_ATTEMPTS: Final = 5


def main(argv: Sequence[str]) -> None:
    """Run the stages and leave a record of the run, whatever its outcome; raise what ended it."""
    glue, s3 = boto3.client("glue"), boto3.client("s3")
    record = Record(read_job(argv, glue))
    with published_metrics(record), leave(record, s3=s3):
        with record.stage("session"):
            record.spark = session()
        run(record.spark, record, glue=glue, s3=s3)


def run(spark: SparkSession, record: Record, *, glue: GlueClient, s3: S3Client) -> None:
    """Run the stages; where another run publishes in between, or an object changes, from the plan on once more."""
    record.versions = versions(spark)
    for again in range(_ATTEMPTS):
        try:
            attempt(spark, record, glue=glue, s3=s3, again=again > 0)
            break
        except ConflictError as error:
            if again + 1 == _ATTEMPTS:
                raise
            record.overtaken(error)
            spark.catalog.clearCache()
    if not record.repeated:
        with record.stage("upkeep"):
            published = record.outcome == "published"
            record.kept_up(keep_up(spark, record.job, started_at=record.started_at, published=published))


def attempt(spark: SparkSession, record: Record, *, glue: GlueClient, s3: S3Client, again: bool) -> None:
    """Run the stages in their order, telling the record what comes out of each.

    Raises ConflictError, having published nothing, where the plan does not hold any more.
    """
    job = record.job
    with record.stage("plan"):
        planned = plan(spark, job, glue=glue, s3=s3, again=again)
    record.planned(planned)
    if not planned.objects:
        return
    try:
        written = read_and_write(spark, record, planned, s3=s3)
    except ConflictError:
        raise
    except Exception as error:
        changed = changed_objects(s3, planned)
        if not changed:
            raise
        raise ConflictError(f"{len(changed)} planned objects are not as they were, the first {changed[0]}") from error
    record.written(written)
    with record.stage("check"):
        outcomes = judge(spark, job, written)
        record.judged(outcomes)
        record.checked(check(job, planned, written, outcomes, s3=s3))
    with record.stage("publish"):
        record.published(publish(written, job.run_id))


def read_and_write(spark: SparkSession, record: Record, planned: Plan, *, s3: S3Client) -> Written:
    """Take the planned objects to the run's branch, looking closer at them where some cannot be read."""
    job = record.job
    with record.stage("look"):
        planned = first_look(spark, job.dataset, with_stored_columns(spark, job, planned), s3=s3)
    while True:
        try:
            return curate(spark, record, planned)
        except Exception as error:
            # Nothing of a run lies anywhere but on its branch before all of its objects are read: it starts afresh.
            spark.catalog.clearCache()
            with record.stage("look"):
                planned = closer_look(spark, job.dataset, planned, error, s3=s3)


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
