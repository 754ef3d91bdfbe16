"""From a CSV object to a table and a Spark job's result: AWS Glue by nothing but boto3."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError

NAME = "orders"
RUN_ID = uuid.uuid4().hex
ORDERS = "id,city,amount\n1,Oslo,2.5\n2,Rome,4.0\n3,Oslo,1.5\n"
SCRIPT = """
import sys
from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession

given = getResolvedOptions(sys.argv, ["RUN_ID", "SOURCE", "TARGET"])
orders = SparkSession.builder.getOrCreate().read.csv(given["SOURCE"], header=True, inferSchema=True)
orders.groupBy("city").sum("amount").write.parquet(given["TARGET"] + given["RUN_ID"] + "/")
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}

iam, s3, glue = boto3.client("iam"), boto3.client("s3"), boto3.client("glue")
bucket = f"plain-boto3-{boto3.client('sts').get_caller_identity()['Account']}"
policy = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "s3:*", "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]},
        {"Effect": "Allow", "Action": ["glue:*", "logs:*"], "Resource": "*"},
    ],
}


def create(action: Callable[..., Any], **request: Any) -> None:
    """Create something; where that is refused, say by which error, and go on with what is there."""
    try:
        action(**request)
    except ClientError as error:
        print(f"{error.operation_name}: {error.response['Error']['Code']}")


def wait(look: Callable[[], Any], done: Callable[[Any], bool]) -> Any:
    """What `look` gives, once it is done."""
    while not done(found := look()):
        time.sleep(1)
    return found


s3.create_bucket(Bucket=bucket)  # in us-east-1 no error for who has it already
s3.put_object(Bucket=bucket, Key="raw/orders/orders.csv", Body=ORDERS.encode())
s3.put_object(Bucket=bucket, Key="scripts/orders.py", Body=SCRIPT.encode())
create(iam.create_role, RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))
iam.put_role_policy(RoleName=NAME, PolicyName="orders", PolicyDocument=json.dumps(policy))
role = iam.get_role(RoleName=NAME)["Role"]["Arn"]

create(glue.create_database, DatabaseInput={"Name": NAME})
targets = {"S3Targets": [{"Path": f"s3://{bucket}/raw/orders/"}]}
create(glue.create_crawler, Name=NAME, Role=role, DatabaseName=NAME, TablePrefix="raw_", Targets=targets)
glue.start_crawler(Name=NAME)
crawler = wait(lambda: glue.get_crawler(Name=NAME)["Crawler"], lambda found: found["State"] == "READY")
print("crawl:", crawler["LastCrawl"]["Status"])

table = glue.get_table(DatabaseName=NAME, Name="raw_orders")["Table"]["StorageDescriptor"]
print("table:", ", ".join(f"{column['Name']} {column['Type']}" for column in table["Columns"]))

command = {"Name": "glueetl", "ScriptLocation": f"s3://{bucket}/scripts/orders.py", "PythonVersion": "3"}
size = {"GlueVersion": "5.1", "WorkerType": "G.1X", "NumberOfWorkers": 2, "Timeout": 10}
create(glue.create_job, Name=NAME, Role=role, Command=command, **size)
arguments = {"--RUN_ID": RUN_ID, "--SOURCE": table["Location"], "--TARGET": f"s3://{bucket}/curated/orders/"}
run_id = glue.start_job_run(JobName=NAME, Arguments=arguments)["JobRunId"]
run = wait(
    lambda: glue.get_job_run(JobName=NAME, RunId=run_id)["JobRun"],
    lambda found: found["JobRunState"] not in ("STARTING", "RUNNING", "STOPPING", "WAITING"),
)
print("run:", RUN_ID, run.get("ErrorMessage", ""))
print("final status:", run["JobRunState"])
