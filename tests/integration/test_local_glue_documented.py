"""What AWS documents of single calls: what they answer, and on what they must be allowed. Nothing runs Spark."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws import ALLOW_ALL, USER_TRUST, Aws, wait_for

pytestmark = pytest.mark.integration

ARN = "arn:aws:glue:us-east-1:000000000000"
COMMAND = {"Name": "glueetl", "ScriptLocation": "s3://no-such-bucket/script.py"}
NAMES = ("mine", "yours")


@pytest.fixture(scope="module")
def things(aws: Aws) -> str:
    """A job, a crawler and a trigger of each of NAMES; the role that they have."""
    glue, role = aws.client("glue"), aws.role("documented-worker", ALLOW_ALL)
    glue.create_database(DatabaseInput={"Name": "documented"})
    aws.client("s3").create_bucket(Bucket="documented")
    aws.client("s3").put_object(Bucket="documented", Key="rows/a.csv", Body=b"a,b\n1,x\n2,y\n")
    for name in NAMES:
        glue.create_job(Name=name, Role=role, Command=COMMAND, Timeout=5)
        targets = {"S3Targets": [{"Path": "s3://documented/rows/"}]}
        glue.create_crawler(Name=name, Role=role, DatabaseName="documented", Targets=targets)
        glue.create_workflow(Name=f"documented-{name}")
        glue.create_trigger(Name=name, Type="ON_DEMAND", WorkflowName=f"documented-{name}", Actions=[{"JobName": name}])
    return role


def ended_crawl(aws: Aws, name: str) -> Any:
    def look() -> Any:
        crawler = aws.client("glue").get_crawler(Name=name)["Crawler"]
        return crawler["LastCrawl"] if crawler["State"] == "READY" and "LastCrawl" in crawler else None

    return wait_for(look, seconds=60, what=f"crawl of {name}")


@pytest.mark.shows("job-run-id")
@pytest.mark.usefixtures("things")
def test_a_run_id_is_jr_and_64_hexadecimal_digits_and_no_other_has_it(aws: Aws) -> None:
    glue = aws.client("glue")
    ids = []
    for _ in range(2):
        ids.append(glue.start_job_run(JobName="mine")["JobRunId"])
        assert aws.job_run("mine", ids[-1])["JobRunState"] == "FAILED"
    assert [re.fullmatch("jr_[0-9a-f]{64}", one) is not None for one in ids] == [True, True]
    assert ids[0] != ids[1]


@pytest.mark.shows("job-temp-dir")
def test_the_scratch_prefix_of_a_job_is_handed_to_its_script(aws: Aws) -> None:
    role, name = aws.role("scratch-job", ALLOW_ALL), "scratch"
    command = {"Name": "pythonshell", "ScriptLocation": f"s3://{name}-scripts/script.py", "PythonVersion": "3.11"}
    script = "import sys; print(sys.argv[sys.argv.index('--TempDir') + 1])"
    aws.job(name, role, script, Command=command, DefaultArguments={"--TempDir": "s3://scratch/here/"})
    run_id = aws.client("glue").start_job_run(JobName=name)["JobRunId"]
    assert aws.job_run(name, run_id)["JobRunState"] == "SUCCEEDED"
    assert aws.log("/aws-glue/python-jobs/output", run_id) == ["s3://scratch/here/"]


@pytest.mark.shows("crawl-start-empty")
@pytest.mark.usefixtures("things")
def test_starting_a_crawl_answers_with_nothing(aws: Aws) -> None:
    answer = aws.client("glue").start_crawler(Name="mine")
    assert set(answer) == {"ResponseMetadata"}
    assert ended_crawl(aws, "mine")["Status"] == "SUCCEEDED"


@pytest.mark.shows("job-unknown", "crawl-unknown")
@pytest.mark.parametrize(
    "call",
    [
        lambda glue: glue.start_job_run(JobName="nobody"),
        lambda glue: glue.get_job(JobName="nobody"),
        lambda glue: glue.start_crawler(Name="nobody"),
        lambda glue: glue.get_crawler(Name="nobody"),
    ],
)
def test_what_there_is_not_is_not_found(aws: Aws, call: Callable[[Any], Any]) -> None:
    glue = aws.client("glue")
    with pytest.raises(glue.exceptions.EntityNotFoundException, match="nobody"):
        call(glue)


@pytest.mark.parametrize(
    ("kind", "action", "call"),
    [
        pytest.param(kind, action, call, marks=pytest.mark.shows(f"iam-{kind}"), id=action)
        for kind, action, call in [
            ("job", "GetJob", lambda glue, name: glue.get_job(JobName=name)),
            ("job", "StartJobRun", lambda glue, name: glue.start_job_run(JobName=name)),
            ("crawler", "GetCrawler", lambda glue, name: glue.get_crawler(Name=name)),
            ("crawler", "StartCrawler", lambda glue, name: glue.start_crawler(Name=name)),
            ("trigger", "GetTrigger", lambda glue, name: glue.get_trigger(Name=name)),
        ]
    ],
)
@pytest.mark.usefixtures("things")
def test_a_grant_on_one_thing_allows_it_there_and_nowhere_else(
    aws: Aws, kind: str, action: str, call: Callable[[Any, str], Any]
) -> None:
    grant = {"Effect": "Allow", "Action": f"glue:{action}", "Resource": f"{ARN}:{kind}/mine"}
    glue = aws.client_of(aws.role(f"only-{action}-of-mine", grant, trust=USER_TRUST), "glue")
    wait_for(lambda: idle(aws), seconds=60, what="the end of what other tests started")
    call(glue, "mine")
    with pytest.raises(ClientError) as refusal:
        call(glue, "yours")
    assert refusal.value.response["Error"]["Code"] == "AccessDeniedException"
    assert f"not authorized to perform: glue:{action} on resource: {ARN}:{kind}/yours" in str(refusal.value)


def idle(aws: Aws) -> bool:
    """Whether neither `mine` runs, so that it can be started."""
    glue = aws.client("glue")
    states = {run["JobRunState"] for run in glue.get_job_runs(JobName="mine")["JobRuns"]}
    return states <= {"FAILED"} and glue.get_crawler(Name="mine")["Crawler"]["State"] == "READY"


@pytest.mark.shows("iam-pass-role-crawler")
def test_creating_a_crawler_with_a_role_needs_the_permission_to_pass_it(aws: Aws, things: str) -> None:
    request = {"Name": "passed", "Role": things, "Targets": {"S3Targets": [{"Path": "s3://documented/rows/"}]}}
    create = {"Effect": "Allow", "Action": "glue:CreateCrawler", "Resource": "*"}
    without = aws.client_of(aws.role("crawler-may-not-pass", create, trust=USER_TRUST), "glue")
    with pytest.raises(ClientError, match=f"is not authorized to perform: iam:PassRole on resource: {things}"):
        without.create_crawler(**request)
    passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": things}
    aws.client_of(aws.role("crawler-may-pass", create, passing, trust=USER_TRUST), "glue").create_crawler(**request)
    assert aws.client("glue").get_crawler(Name="passed")["Crawler"]["Name"] == "passed"


@pytest.mark.shows("iam-crawler-catalog")
@pytest.mark.usefixtures("things")
def test_a_crawl_whose_role_may_not_create_tables_fails_by_that_call(aws: Aws) -> None:
    denied = {"Effect": "Deny", "Action": "glue:CreateTable", "Resource": "*"}
    role, glue = aws.role("crawler-without-tables", ALLOW_ALL, denied), aws.client("glue")
    glue.create_database(DatabaseInput={"Name": "untouched"})
    targets = {"S3Targets": [{"Path": "s3://documented/rows/"}]}
    glue.create_crawler(Name="untouching", Role=role, DatabaseName="untouched", Targets=targets)
    glue.start_crawler(Name="untouching")
    last = ended_crawl(aws, "untouching")
    assert last["Status"] == "FAILED"
    assert "glue:CreateTable" in last["ErrorMessage"]
    assert glue.get_tables(DatabaseName="untouched")["TableList"] == []
