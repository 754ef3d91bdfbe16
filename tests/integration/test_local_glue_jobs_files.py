"""What a Spark job's special parameters bring to its script."""

import io
import json
import zipfile

import pytest

from tests.integration.aws import ALLOW_ALL, Aws

pytestmark = [pytest.mark.integration, pytest.mark.soak]

# In Spark's own jars too.
RESOURCE = "org/apache/spark/log4j2-defaults.properties"
SCRIPT = f"""
import json, os
from pathlib import Path
from pyspark.sql import SparkSession
import module_of_a_file, package_of_an_archive

spark = SparkSession.builder.getOrCreate()
loader = spark._jvm.java.lang.Thread.currentThread().getContextClassLoader()
rows = spark.sparkContext.parallelize([1, 2])
print(json.dumps({{
    "in tasks": rows.map(lambda x: module_of_a_file.twice(x) + package_of_an_archive.ten()).collect(),
    "files": {{str(path): path.read_text() for path in sorted(Path().rglob("*.txt"))}},
    "from": str(loader.getResource("{RESOURCE}")).rpartition("!")[0].rpartition("/")[2],
    "settings": [spark.conf.get("spark.sql.shuffle.partitions"), spark.conf.get("spark.own", None)],
    "master": spark.conf.get("spark.master"),
}}))
"""


def archive(name: str, text: str) -> bytes:
    """A ZIP archive, or a jar, of one file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr(name, text)
    return content.getvalue()


@pytest.mark.shows("job-conf", "job-extra-files", "job-extra-jars", "job-extra-py-files", "job-spark-ui")
def test_a_script_finds_its_modules_files_jars_and_settings_and_its_event_log_is_kept(aws: Aws) -> None:
    aws.job("bringing", aws.role("bringing-job", ALLOW_ALL), SCRIPT, WorkerType="G.1X", NumberOfWorkers=2)
    s3, objects = aws.client("s3"), "s3://bringing-scripts"
    for key, content in {
        "module_of_a_file.py": b"def twice(x): return 2 * x",
        "packages.zip": archive("package_of_an_archive/__init__.py", "def ten(): return 10"),
        "own.jar": archive(RESOURCE, "# one's own"),
        "one.txt": b"one",
        "folder/two.txt": b"two",
        "folder/below/three.txt": b"three",
        "folder/": b"",
    }.items():
        s3.put_object(Bucket="bringing-scripts", Key=key, Body=content)
    arguments = {
        "--extra-py-files": f"{objects}/module_of_a_file.py,{objects}/packages.zip",
        "--extra-files": f"{objects}/one.txt, {objects}/folder/",
        "--extra-jars": f"{objects}/own.jar",
        "--user-jars-first": "true",
        "--enable-spark-ui": "true",
        "--spark-event-logs-path": f"{objects}/events/",
        "--conf": "spark.sql.shuffle.partitions=3 --conf spark.own=a=b",
    }
    run_id = aws.client("glue").start_job_run(JobName="bringing", Arguments=arguments)["JobRunId"]

    run = aws.job_run("bringing", run_id)

    assert run["JobRunState"] == "SUCCEEDED", run
    events = s3.list_objects_v2(Bucket="bringing-scripts", Prefix="events/")["Contents"]
    assert [one["Key"].startswith("events/local-") and one["Size"] > 0 for one in events] == [True]
    found = json.loads(aws.log("/aws-glue/jobs/output", run_id)[-1])
    assert found.pop("master").startswith("local[")
    assert found == {
        "in tasks": [12, 14],
        "files": {"below/three.txt": "three", "one.txt": "one", "two.txt": "two"},
        "from": "own.jar",
        "settings": ["3", "a=b"],
    }


def test_a_file_that_is_not_there_fails_the_run_with_its_location(aws: Aws) -> None:
    aws.job("missing", aws.role("missing-job", ALLOW_ALL), SCRIPT)
    arguments = {"--extra-files": "s3://missing-scripts/nothing"}
    run_id = aws.client("glue").start_job_run(JobName="missing", Arguments=arguments)["JobRunId"]
    run = aws.job_run("missing", run_id)
    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"].startswith("Error Category: RESOURCE_NOT_FOUND_ERROR; reading s3://missing-scripts/noth")
