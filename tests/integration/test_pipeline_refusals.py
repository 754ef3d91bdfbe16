"""A pipeline that lacks a permission, whose script raises, that is not there: what its user is told."""

import copy
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from lake.names import Names
from tests.integration.lake import Lake

pytestmark = pytest.mark.integration

NAMES = Names("local")
STACK = NAMES.pipeline_stack("flights")
HEADER = (
    "year,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,flight,tailnum,origin,"
    "dest,air_time,distance,hour,minute,time_hour\n"
)


@pytest.fixture
def new_object(lake: Lake) -> str:
    """An object that no run has consumed, with one flight of another year."""
    name = uuid.uuid4().hex
    flight = int(name[:6], 16)
    row = f"2012,1,517,515,2,830,819,11,UA,{flight},N14228,EWR,IAH,227,1400,5,15,2012-01-01T10:00:00Z\n"
    key = f"raw/flights/month=01/{name}.csv"
    lake.put_raw(key, HEADER + row)
    return key


@pytest.fixture
def template(lake: Lake) -> Iterator[dict[str, Any]]:
    """The pipeline's template, to be changed and deployed; afterwards the stack is as it was."""
    as_synthesized = lake.template(STACK)
    yield copy.deepcopy(as_synthesized)
    lake.update(STACK, as_synthesized)


def without(template: dict[str, Any], role: str, action: str, resource: str) -> dict[str, Any]:
    """The template with `action` taken out of the statements of `role` whose resources contain `resource`."""
    taken = 0
    for properties in roles(template, role):
        for statement in statements(properties):
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            if action in actions and resource in json.dumps(statement["Resource"]):
                statement["Action"] = [one for one in actions if one != action] or ["s3:GetBucketTagging"]
                taken += 1
    assert taken, f"{action} on {resource} is in no statement of {role}"
    return template


def roles(template: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::Role" and resource["Properties"].get("RoleName") == name
    ]


def statements(role: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]


@pytest.mark.parametrize(
    ("action", "resource", "told"),
    [
        (
            "glue:GetTable",
            "/raw_flights",
            r"AccessDeniedException.*not authorized to perform: glue:GetTable on resource: \S+lake_local_raw",
        ),
        # S3 answers a HEAD without a body, so Hadoop names the file rather than the action.
        ("s3:GetObject", "raw/flights/*", r"AccessDeniedException: s3://\S+/raw/flights/\S+: getFileStatus"),
        ("s3:PutObject", "curated/flights/*", r"is not authorized to perform: s3:PutObject.*Status Code: 403"),
    ],
)
@pytest.mark.usefixtures("new_object")
def test_a_job_without_a_permission_fails_with_access_denied_from_that_call(
    lake: Lake, template: dict[str, Any], action: str, resource: str, told: str
) -> None:
    lake.update(STACK, without(template, NAMES.job_role("flights"), action, resource))

    done = lake.run("flights")

    shown = done.stdout + done.stderr
    assert done.returncode == 1, shown
    assert re.search(told, shown.replace("\n", " ")), shown
    assert done.stdout.rstrip().endswith("final_status: FAILED")


def test_a_crawler_without_a_permission_fails_the_run_and_the_job_never_starts(
    lake: Lake, template: dict[str, Any], new_object: str
) -> None:
    lake.update(STACK, without(template, NAMES.crawler_role("flights"), "s3:GetObject", "raw/flights/*"))

    result = lake.run_json("flights")

    assert result["final_status"] == "FAILED"
    states = {node["type"]: node["state"] for node in result["nodes"]}
    assert states["CRAWLER"] == "FAILED"
    assert states.get("JOB") in (None, "NOT_STARTED")


def test_a_job_whose_script_raises_ends_in_failed_with_the_scripts_error_shown(lake: Lake) -> None:
    s3 = lake.aws.client("s3")
    job = lake.aws.client("glue").get_job(JobName=NAMES.pipeline("flights"))["Job"]
    bucket, _, key = job["Command"]["ScriptLocation"].removeprefix("s3://").partition("/")
    script = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    s3.put_object(Bucket=bucket, Key=key, Body=b"raise LookupError('the runway is closed')")
    try:
        done = lake.run("flights")
    finally:
        s3.put_object(Bucket=bucket, Key=key, Body=script)
    assert done.returncode == 1
    assert "LookupError: the runway is closed" in done.stdout
    assert done.stdout.rstrip().endswith("final_status: FAILED")


def test_an_unknown_pipeline_exits_with_2_and_lists_the_pipelines(lake: Lake) -> None:
    done = lake.run("nosuch")
    assert done.returncode == 2
    assert "nosuch" in done.stderr
    assert "flights" in done.stderr


def test_a_diff_after_a_deploy_says_there_are_no_differences(lake: Lake) -> None:
    said = lake.cdk("diff")
    assert "Number of stacks with differences: 0" in said
