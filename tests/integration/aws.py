"""AWS on this machine as the tests see it: an endpoint and boto3, like any user."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3

from local.settings import ACCESS_KEY, REGION, SECRET_KEY
from tests.integration.conforming import check_answer

GLUE_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
USER_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
JOB_ENDED = {"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"}


@dataclass(frozen=True)
class Aws:
    """One emulator. Clients are the administrator's unless a role is named."""

    endpoint: str

    def client(self, service: str) -> Any:
        """A client with the administrator's keys."""
        return self._client(service, aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY)

    def client_of(self, role_arn: str, service: str) -> Any:
        """A client with the temporary credentials of a role that anyone of the account may assume."""
        given = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="test")["Credentials"]
        return self._client(
            service,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )

    def _client(self, service: str, **keys: str) -> Any:
        """Every answer that a Glue client gets is held against botocore's model."""
        create: Any = boto3.client
        client = create(service, endpoint_url=self.endpoint, region_name=REGION, **keys)
        client.meta.events.register("after-call.glue", check_answer)
        return client

    def role(self, name: str, *statements: dict[str, Any], trust: dict[str, Any] = GLUE_TRUST) -> str:
        """A role with these statements; its ARN."""
        iam = self.client("iam")
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        iam.put_role_policy(RoleName=name, PolicyName="given", PolicyDocument=json.dumps(document))
        return arn

    def job(self, name: str, role: str, script: str, **members: Any) -> None:
        """A Spark job with this script, in a bucket of its own."""
        s3 = self.client("s3")
        s3.create_bucket(Bucket=f"{name}-scripts")
        s3.put_object(Bucket=f"{name}-scripts", Key="script.py", Body=script.encode())
        command = {"Name": "glueetl", "ScriptLocation": f"s3://{name}-scripts/script.py", "PythonVersion": "3"}
        self.client("glue").create_job(
            **{"Name": name, "Role": role, "Command": command, "GlueVersion": "5.1", **members}
        )

    def job_run(self, name: str, run_id: str, *, until: Callable[[str], bool] = JOB_ENDED.__contains__) -> Any:
        """The run, once its state is as asked."""
        glue = self.client("glue")

        def look() -> Any:
            run = glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
            return run if until(run["JobRunState"]) else None

        return wait_for(look, seconds=120, what=f"job run {run_id}")

    def log(self, group: str, stream: str) -> list[str]:
        """The messages of a log stream."""
        events = self.client("logs").get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)
        return [event["message"] for event in events["events"]]


def wait_for(look: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """What `look` gives once it gives something; fails after `seconds`."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.1)
    return found


ALLOW_ALL: dict[str, Any] = {"Effect": "Allow", "Action": ["s3:*", "glue:*", "logs:*", "kms:*"], "Resource": "*"}
