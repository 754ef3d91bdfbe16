"""Job runs as the API shows them; in Python shell jobs where no Spark is needed, since these start at once."""

import json
import zlib
from typing import Any

import pytest

from tests.integration.aws import ALLOW_ALL, Aws, wait_for
from tests.integration.watching import processes_of

pytestmark = pytest.mark.integration

LIST_ARGUMENTS = "import sys; print(sys.argv[1:])"
WAIT = "import time\nwhile True: time.sleep(0.05)"


def shell_job(aws: Aws, name: str, script: str, *statements: dict[str, Any], **members: Any) -> str:
    """A Python shell job with a role of its own; the role's ARN."""
    role = aws.role(f"{name}-role", *(statements or (ALLOW_ALL,)))
    command = {"Name": "pythonshell", "ScriptLocation": f"s3://{name}-scripts/script.py", "PythonVersion": "3.11"}
    aws.job(name, role, script, Command=command, **members)
    return role


def finished(aws: Aws, name: str, **request: Any) -> Any:
    """A run that has been started and has ended."""
    run_id = aws.client("glue").start_job_run(JobName=name, **request)["JobRunId"]
    return aws.job_run(name, run_id)


@pytest.mark.shows("job-pythonshell")
def test_a_python_shell_job_runs_without_a_jvm_and_logs_where_aws_does(aws: Aws) -> None:
    script = "import sys, boto3; print(boto3.client('sts').get_caller_identity()['Arn']); print('!', file=sys.stderr)"
    shell_job(aws, "shell", script)
    run = finished(aws, "shell")
    assert run["JobRunState"] == "SUCCEEDED", run
    assert (run["MaxCapacity"], run["LogGroupName"]) == (0.0625, "/aws-glue/python-jobs")
    assert {"WorkerType", "NumberOfWorkers", "DPUSeconds"}.isdisjoint(run)
    arn = "arn:aws:sts::000000000000:assumed-role/shell-role/GlueJobRunnerSession"
    assert aws.log("/aws-glue/python-jobs/output", run["Id"]) == [arn]
    assert aws.log("/aws-glue/python-jobs/error", run["Id"]) == ["!"]


def test_a_python_shell_run_can_be_stopped_and_none_of_it_is_left(aws: Aws) -> None:
    shell_job(aws, "endless", WAIT)
    glue = aws.client("glue")
    run_id = glue.start_job_run(JobName="endless")["JobRunId"]
    wait_for(lambda: len(processes_of(run_id)) == 2, seconds=30, what="the supervisor and the script")
    assert all(one.name() != "java" for one in processes_of(run_id))
    glue.batch_stop_job_run(JobName="endless", JobRunIds=[run_id])
    run = aws.job_run("endless", run_id)
    assert run["JobRunState"] == "STOPPED"
    assert "ErrorMessage" not in run
    assert processes_of(run_id) == []


@pytest.mark.shows("job-argument-precedence", "job-added-arguments", "job-run-arguments")
def test_a_runs_arguments_win_over_the_jobs_defaults_but_not_over_its_fixed_ones(aws: Aws) -> None:
    shell_job(
        aws,
        "arguments",
        LIST_ARGUMENTS,
        DefaultArguments={"--a": "default", "--b": "default", "--c": "default"},
        NonOverridableArguments={"--c": "fixed"},
    )
    run = finished(aws, "arguments", Arguments={"--b": "given", "--c": "given", "--d": "new"})
    line = json.loads(aws.log("/aws-glue/python-jobs/output", run["Id"])[0].replace("'", '"'))
    pairs = dict(zip(line[::2], line[1::2], strict=True))
    assert {name: pairs[name] for name in ("--a", "--b", "--c", "--d")} == {
        "--a": "default", "--b": "given", "--c": "fixed", "--d": "new"
    }  # fmt: skip
    assert (pairs["--JOB_NAME"], pairs["--JOB_RUN_ID"]) == ("arguments", run["Id"])
    assert run["Arguments"] == {"--b": "given", "--c": "given", "--d": "new"}


@pytest.mark.shows("job-exit-codes", "job-error-message")
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("import sys; sys.exit(0)", None),
        ("import sys; sys.exit(3)", "Error Category: SYSTEM_EXIT_ERROR; Failed Line Number: 1; SystemExit: 3"),
        ("import os; os._exit(4)", "Error Category: UNCLASSIFIED_ERROR; Command failed with exit code 4"),
        (
            "\nimport no_such_module",
            "Error Category: IMPORT_ERROR; Failed Line Number: 2; "
            "ModuleNotFoundError: No module named 'no_such_module'",
        ),
    ],
)
def test_how_a_script_ends_is_how_its_run_ends(aws: Aws, script: str, message: str | None) -> None:
    name = f"exit-{zlib.crc32(script.encode())}"
    shell_job(aws, name, script)
    run = finished(aws, name)
    assert run.get("ErrorMessage") == message
    assert run["JobRunState"] == ("FAILED" if message else "SUCCEEDED")


@pytest.mark.shows("job-run-again")
def test_an_earlier_run_is_retried_by_its_id(aws: Aws) -> None:
    shell_job(aws, "again", LIST_ARGUMENTS)
    glue = aws.client("glue")
    first = finished(aws, "again", Arguments={"--a": "1"})
    second = finished(aws, "again", JobRunId=first["Id"])
    assert (second["PreviousRunId"], second["Arguments"]) == (first["Id"], {"--a": "1"})
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.start_job_run(JobName="again", JobRunId="jr_none")


@pytest.mark.shows("job-runs-order")
def test_runs_are_listed_newest_first_in_pages(aws: Aws) -> None:
    shell_job(aws, "listed", "", ExecutionProperty={"MaxConcurrentRuns": 3})
    glue = aws.client("glue")
    ids = [glue.start_job_run(JobName="listed")["JobRunId"] for _ in range(3)]
    first = glue.get_job_runs(JobName="listed", MaxResults=2)
    second = glue.get_job_runs(JobName="listed", MaxResults=2, NextToken=first["NextToken"])
    assert "NextToken" not in second
    assert [run["Id"] for page in (first, second) for run in page["JobRuns"]] == ids[::-1]
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_job_runs(JobName="nosuchjob")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_job_run(JobName="listed", RunId="jr_none")


def test_jobs_are_listed_by_name_and_by_tags_and_fetched_together(aws: Aws) -> None:
    shell_job(aws, "tagged", "", Tags={"team": "red", "stage": "one"})
    shell_job(aws, "untagged", "")
    glue = aws.client("glue")
    assert {"tagged", "untagged"} <= set(glue.list_jobs()["JobNames"])
    assert glue.list_jobs(Tags={"team": "red", "stage": "one"})["JobNames"] == ["tagged"]
    assert glue.list_jobs(Tags={"team": "blue"})["JobNames"] == []
    found = glue.batch_get_jobs(JobNames=["untagged", "nosuchjob", "tagged"])
    assert [job["Name"] for job in found["Jobs"]] == ["untagged", "tagged"]
    assert found["JobsNotFound"] == ["nosuchjob"]


@pytest.mark.shows("job-exists", "job-unknown")
def test_a_job_is_created_once_updated_where_it_is_and_deleted_even_where_it_is_not(aws: Aws) -> None:
    shell_job(aws, "once", "")
    glue = aws.client("glue")
    job = glue.get_job(JobName="once")["Job"]
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_job(Name="once", Role=job["Role"], Command=job["Command"], GlueVersion="5.1")
    glue.delete_job(JobName="once")
    assert glue.delete_job(JobName="once")["JobName"] == "once"
    for call, request in (
        (glue.get_job, {"JobName": "once"}),
        (glue.start_job_run, {"JobName": "once"}),
        (glue.update_job, {"JobName": "once", "JobUpdate": {"Role": job["Role"], "Command": job["Command"]}}),
    ):
        with pytest.raises(glue.exceptions.EntityNotFoundException):
            call(**request)


def test_a_run_that_waits_when_its_job_is_deleted_ends_in_error_and_one_that_runs_goes_on(aws: Aws) -> None:
    shell_job(aws, "doomed", WAIT, JobRunQueuingEnabled=True)
    glue = aws.client("glue")
    first, second = (glue.start_job_run(JobName="doomed")["JobRunId"] for _ in range(2))
    aws.job_run("doomed", first, until="RUNNING".__eq__)
    glue.delete_job(JobName="doomed")
    waited = glue.get_job_run(JobName="doomed", RunId=second)["JobRun"]
    assert (waited["JobRunState"], "was deleted" in waited["ErrorMessage"]) == ("ERROR", True)
    assert glue.get_job_run(JobName="doomed", RunId=first)["JobRun"]["JobRunState"] == "RUNNING"
    glue.batch_stop_job_run(JobName="doomed", JobRunIds=[first])
    assert aws.job_run("doomed", first)["JobRunState"] == "STOPPED"


@pytest.mark.shows("job-session-policy")
def test_a_session_policy_takes_from_what_the_role_may_do(aws: Aws) -> None:
    shell_job(aws, "bounded", "import boto3; boto3.client('glue').get_databases(); boto3.client('sqs').list_queues()")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    run = finished(aws, "bounded", ExecutionRoleSessionPolicy=json.dumps(policy))
    assert run["ErrorMessage"].startswith("Error Category: PERMISSION_ERROR; Failed Line Number: 1; AccessDenied")
    assert "glue:GetDatabases" in run["ErrorMessage"]
    assert run["ExecutionRoleSessionPolicy"] == json.dumps(policy)


@pytest.mark.shows("job-log-prefix", "job-log-stream-prefix", "job-logs-security", "job-security-argument")
def test_logs_of_a_secured_job_are_encrypted_with_its_key_in_groups_of_its_name(aws: Aws) -> None:
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    glue = aws.client("glue")
    glue.create_security_configuration(
        Name="sealed",
        EncryptionConfiguration={"CloudWatchEncryption": {"CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": key}},
    )
    shell_job(aws, "sealing", LIST_ARGUMENTS, SecurityConfiguration="sealed")
    run = finished(aws, "sealing", Arguments={"--custom-logGroup-prefix": "/own", "--custom-logStream-prefix": "st"})
    assert run["JobRunState"] == "SUCCEEDED", run
    group = "/own/sealed-role/sealing-role/output"
    assert "'--SECURITY_CONFIGURATION', 'sealed'" in aws.log(group, "st-driver")[0]
    found = aws.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert [one["kmsKeyId"] for one in found] == [key]


@pytest.mark.shows("iam-log-key")
def test_a_role_that_may_not_set_the_key_of_its_log_groups_writes_no_logs(aws: Aws) -> None:
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    aws.client("glue").create_security_configuration(
        Name="keyless",
        EncryptionConfiguration={"CloudWatchEncryption": {"CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": key}},
    )
    no_key = {"Effect": "Deny", "Action": "logs:AssociateKmsKey", "Resource": "*"}
    shell_job(aws, "unlogged", LIST_ARGUMENTS, ALLOW_ALL, no_key, SecurityConfiguration="keyless")
    run = finished(aws, "unlogged")
    assert run["JobRunState"] == "SUCCEEDED", run
    prefix = "/aws-glue/python-jobs/keyless-role"
    assert run["LogGroupName"] == f"{prefix}/unlogged-role"
    assert aws.client("logs").describe_log_groups(logGroupNamePrefix=prefix)["logGroups"] == []


def test_a_run_that_names_a_security_configuration_that_is_not_there_does_not_start(aws: Aws) -> None:
    shell_job(aws, "unsealed", "")
    glue = aws.client("glue")
    with pytest.raises(glue.exceptions.EntityNotFoundException, match="nosuchconfiguration"):
        glue.start_job_run(JobName="unsealed", SecurityConfiguration="nosuchconfiguration")
    assert glue.get_job_runs(JobName="unsealed")["JobRuns"] == []
