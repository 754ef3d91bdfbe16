"""Workflow runs of local Glue: they move by their triggers, and end."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws import ALLOW_ALL, Aws
from tests.integration.workflow_runs import ON_SUCCESS, ended_run, node

pytestmark = pytest.mark.integration

PRINT_RUN_PROPERTY = """
import sys, boto3
from awsglue.utils import getResolvedOptions
given = getResolvedOptions(sys.argv, ["WORKFLOW_NAME", "WORKFLOW_RUN_ID"])
answer = boto3.client("glue").get_workflow_run_properties(Name=given["WORKFLOW_NAME"], RunId=given["WORKFLOW_RUN_ID"])
print("run id:", answer["RunProperties"]["run_id"])
"""


@pytest.fixture(scope="module")
def crawl_then_job(aws: Aws) -> str:
    """A workflow that crawls a CSV prefix and then runs a job; its name."""
    name = "crawl-then-job"
    role = aws.role(f"{name}-role", ALLOW_ALL)
    s3, glue = aws.client("s3"), aws.client("glue")
    s3.create_bucket(Bucket=f"{name}-raw")
    for year in (2012, 2013):
        s3.put_object(
            Bucket=f"{name}-raw", Key=f"raw/trips/year={year}/a.csv", Body=b"id,city,km\n1,Oslo,2.5\n2,Rome,3\n"
        )
    glue.create_database(DatabaseInput={"Name": "trips"})
    glue.create_crawler(
        Name=name, Role=role, DatabaseName="trips", TablePrefix="raw_",
        Targets={"S3Targets": [{"Path": f"s3://{name}-raw/raw/trips/"}]},
    )  # fmt: skip
    aws.job(name, role, PRINT_RUN_PROPERTY)
    glue.create_workflow(Name=name, DefaultRunProperties={"run_id": "default", "kept": "yes"})
    glue.create_trigger(Name=f"{name}-start", Type="ON_DEMAND", WorkflowName=name, Actions=[{"CrawlerName": name}])
    crawled = {"LogicalOperator": "EQUALS", "CrawlerName": name, "CrawlState": "SUCCEEDED"}
    glue.create_trigger(
        Name=f"{name}-crawled", Type="CONDITIONAL", WorkflowName=name, StartOnCreation=True,
        Predicate={"Conditions": [crawled]}, Actions=[{"JobName": name}],
    )  # fmt: skip
    return name


@pytest.mark.shows(
    "workflow-run-properties-merge",
    "workflow-run-properties",
    "workflow-statistics",
    "workflow-graph",
    "workflow-end",
    "job-workflow-arguments",
    "trigger-on-demand",
    "trigger-conditional",
    "trigger-start-on-creation",
    "trigger-watches-crawl",
)
def test_a_run_crawls_then_runs_the_job_and_completes(aws: Aws, crawl_then_job: str) -> None:
    name, glue = crawl_then_job, aws.client("glue")

    run = ended_run(aws, name, glue.start_workflow_run(Name=name, RunProperties={"run_id": "r7"})["RunId"])

    assert run["Status"] == "COMPLETED"
    assert run["WorkflowRunProperties"] == {"run_id": "r7", "kept": "yes"}
    assert run["Statistics"]["TotalActions"] == run["Statistics"]["SucceededActions"] == 2
    assert node(run, "CRAWLER", name)["CrawlerDetails"]["Crawls"][0]["State"] == "SUCCEEDED"
    job_run = node(run, "JOB", name)["JobDetails"]["JobRuns"][0]
    assert job_run["JobRunState"] == "SUCCEEDED"
    assert job_run["TriggerName"] == f"{name}-crawled"
    assert aws.log("/aws-glue/jobs/output", job_run["Id"]) == ["run id: r7"]
    ids = {one["UniqueId"]: one["Name"] for one in run["Graph"]["Nodes"]}
    edges = {(ids[edge["SourceId"]], ids[edge["DestinationId"]]) for edge in run["Graph"]["Edges"]}
    assert edges == {(f"{name}-start", name), (name, f"{name}-crawled"), (f"{name}-crawled", name)}


@pytest.mark.shows("crawl-history", "crawl-logs")
def test_the_crawl_writes_table_and_partitions(aws: Aws, crawl_then_job: str) -> None:
    glue = aws.client("glue")
    run = ended_run(aws, crawl_then_job, glue.start_workflow_run(Name=crawl_then_job)["RunId"])
    assert node(run, "CRAWLER", crawl_then_job)["CrawlerDetails"]["Crawls"][0]["State"] == "SUCCEEDED"

    table = glue.get_table(DatabaseName="trips", Name="raw_trips")["Table"]

    columns = [(column["Name"], column["Type"]) for column in table["StorageDescriptor"]["Columns"]]
    assert columns == [("id", "bigint"), ("city", "string"), ("km", "double")]
    assert [(key["Name"], key["Type"]) for key in table["PartitionKeys"]] == [("year", "string")]
    partitions = glue.get_partitions(DatabaseName="trips", TableName="raw_trips")["Partitions"]
    assert sorted(partition["Values"] for partition in partitions) == [["2012"], ["2013"]]
    crawls = glue.list_crawls(CrawlerName=crawl_then_job)["Crawls"]
    log = aws.log("/aws-glue/crawlers", crawl_then_job)
    assert crawls[0]["State"] == "COMPLETED"
    assert any(crawls[0]["CrawlId"] in line for line in log)


@pytest.mark.shows(
    "workflow-completed", "workflow-end", "workflow-statistics", "workflow-graph-details", "iam-crawler-s3"
)
def test_a_run_whose_crawl_fails_completes_and_never_starts_the_job(aws: Aws) -> None:
    name, glue = "failing-crawl", aws.client("glue")
    role = aws.role(f"{name}-role", {"Effect": "Allow", "Action": ["logs:*", "glue:*"], "Resource": "*"})
    aws.client("s3").create_bucket(Bucket=f"{name}-raw")
    glue.create_database(DatabaseInput={"Name": name})
    glue.create_crawler(
        Name=name, Role=role, DatabaseName=name, Targets={"S3Targets": [{"Path": f"s3://{name}-raw/raw/"}]}
    )
    aws.job(name, role, "print(1)")
    glue.create_workflow(Name=name)
    glue.create_trigger(Name=f"{name}-start", Type="ON_DEMAND", WorkflowName=name, Actions=[{"CrawlerName": name}])
    crawled = {"LogicalOperator": "EQUALS", "CrawlerName": name, "CrawlState": "SUCCEEDED"}
    glue.create_trigger(
        Name=f"{name}-crawled", Type="CONDITIONAL", WorkflowName=name, StartOnCreation=True,
        Predicate={"Conditions": [crawled]}, Actions=[{"JobName": name}],
    )  # fmt: skip

    run = ended_run(aws, name, glue.start_workflow_run(Name=name)["RunId"])

    assert run["Status"] == "COMPLETED"
    crawl = node(run, "CRAWLER", name)["CrawlerDetails"]["Crawls"][0]
    assert crawl["State"] == "FAILED"
    assert "AccessDenied" in crawl["ErrorMessage"]
    assert "JobDetails" not in node(run, "JOB", name)
    assert run["Statistics"]["FailedActions"] == 1
    assert run["Statistics"]["TotalActions"] == 2


@pytest.mark.shows("trigger-not-activated", "workflow-graph-details")
def test_a_trigger_that_was_not_activated_never_fires(aws: Aws) -> None:
    name, glue = "not-activated", aws.client("glue")
    role = aws.role(f"{name}-role", ALLOW_ALL)
    aws.job(f"{name}-a", role, "print(1)")
    aws.job(f"{name}-b", role, "print(2)")
    glue.create_workflow(Name=name)
    glue.create_trigger(Name=f"{name}-1", Type="ON_DEMAND", WorkflowName=name, Actions=[{"JobName": f"{name}-a"}])
    glue.create_trigger(
        Name=f"{name}-2", Type="CONDITIONAL", WorkflowName=name, Actions=[{"JobName": f"{name}-b"}],
        Predicate={"Conditions": [{**ON_SUCCESS, "JobName": f"{name}-a"}]},
    )  # fmt: skip
    assert glue.get_trigger(Name=f"{name}-2")["Trigger"]["State"] == "CREATED"

    run = ended_run(aws, name, glue.start_workflow_run(Name=name)["RunId"])

    assert run["Status"] == "COMPLETED"
    assert "JobDetails" not in node(run, "JOB", f"{name}-b")


@pytest.mark.shows("workflow-limit", "workflow-stop", "workflow-stop-ended")
def test_a_workflow_at_its_limit_refuses_another_run_and_a_stopped_run_ends_its_job(aws: Aws) -> None:
    name, glue = "limited", aws.client("glue")
    aws.job(name, aws.role(f"{name}-role", ALLOW_ALL), "import time; time.sleep(600)")
    glue.create_workflow(Name=name, MaxConcurrentRuns=1)
    glue.create_trigger(Name=f"{name}-start", Type="ON_DEMAND", WorkflowName=name, Actions=[{"JobName": name}])
    run_id = glue.start_workflow_run(Name=name)["RunId"]
    with pytest.raises(glue.exceptions.ConcurrentRunsExceededException):
        glue.start_workflow_run(Name=name)

    glue.stop_workflow_run(Name=name, RunId=run_id)

    run = ended_run(aws, name, run_id)
    assert run["Status"] == "STOPPED"
    assert node(run, "JOB", name)["JobDetails"]["JobRuns"][0]["JobRunState"] == "STOPPED"
    with pytest.raises(glue.exceptions.IllegalWorkflowStateException):
        glue.stop_workflow_run(Name=name, RunId=run_id)


@pytest.mark.shows("trigger-last-attempt", "trigger-watches-failure", "job-retries", "workflow-completed")
def test_a_node_that_fails_is_judged_by_its_last_attempt(aws: Aws) -> None:
    name, glue = "retried-node", aws.client("glue")
    role = aws.role(f"{name}-role", ALLOW_ALL)
    aws.job(f"{name}-a", role, "raise ValueError('always')", MaxRetries=1)
    aws.job(f"{name}-b", role, "print('after the failure')")
    glue.create_workflow(Name=name)
    glue.create_trigger(Name=f"{name}-1", Type="ON_DEMAND", WorkflowName=name, Actions=[{"JobName": f"{name}-a"}])
    glue.create_trigger(
        Name=f"{name}-2", Type="CONDITIONAL", WorkflowName=name, Actions=[{"JobName": f"{name}-b"}],
        Predicate={"Conditions": [{"LogicalOperator": "EQUALS", "State": "FAILED", "JobName": f"{name}-a"}]},
        StartOnCreation=True,
    )  # fmt: skip

    run = ended_run(aws, name, glue.start_workflow_run(Name=name)["RunId"])

    attempts = node(run, "JOB", f"{name}-a")["JobDetails"]["JobRuns"]
    assert [(one["Attempt"], one["JobRunState"]) for one in attempts] == [(0, "FAILED"), (1, "FAILED")]
    after = node(run, "JOB", f"{name}-b")["JobDetails"]["JobRuns"]
    assert [one["JobRunState"] for one in after] == ["SUCCEEDED"]
    assert after[0]["StartedOn"] >= attempts[1]["CompletedOn"]
    assert run["Statistics"]["FailedActions"] == run["Statistics"]["SucceededActions"] == 1


@pytest.mark.shows("job-deleted", "workflow-completed")
def test_a_job_that_was_deleted_ends_its_node_in_error(aws: Aws) -> None:
    name, glue = "deleted-job", aws.client("glue")
    glue.create_workflow(Name=name)
    glue.create_trigger(Name=f"{name}-start", Type="ON_DEMAND", WorkflowName=name, Actions=[{"JobName": name}])
    run = ended_run(aws, name, glue.start_workflow_run(Name=name)["RunId"])
    assert run["Status"] == "COMPLETED"
    assert run["Statistics"]["ErroredActions"] == 1
    assert node(run, "JOB", name)["JobDetails"]["JobRuns"][0]["JobRunState"] == "ERROR"


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"Type": "SCHEDULED"}, "needs a Schedule"),
        ({"Type": "EVENT", "WorkflowName": ""}, "needs WorkflowName"),
        ({"Actions": [{"CrawlerName": "a"}, {"CrawlerName": "b"}, {"CrawlerName": "c"}]}, "at most 2 crawlers"),
        ({"StartOnCreation": True}, "StartOnCreation is not supported for ON_DEMAND"),
    ],
)
@pytest.mark.shows("trigger-two-crawlers", "trigger-start-on-creation-on-demand")
def test_a_trigger_that_glue_or_this_glue_does_not_take_is_refused(
    aws: Aws, members: dict[str, Any], said: str
) -> None:
    request = {"Name": "refused", "Type": "ON_DEMAND", "WorkflowName": "w", "Actions": [{"JobName": "j"}], **members}
    with pytest.raises(ClientError, match="InvalidInputException") as refusal:
        aws.client("glue").create_trigger(**{key: value for key, value in request.items() if value != ""})
    assert said in str(refusal.value)


@pytest.mark.shows("workflow-cloudformation")
def test_cloudformation_creates_updates_and_deletes_through_the_same_service(aws: Aws) -> None:
    cloudformation, glue = aws.client("cloudformation"), aws.client("glue")

    def template(limit: int) -> str:
        resources = {
            "Flow": {
                "Type": "AWS::Glue::Workflow",
                "Properties": {"Name": "from-cfn", "MaxConcurrentRuns": limit, "Tags": {"team": "data"}},
            },
            "Start": {
                "Type": "AWS::Glue::Trigger",
                "Properties": {
                    "Name": "from-cfn-start", "Type": "ON_DEMAND", "WorkflowName": {"Ref": "Flow"},
                    "Actions": [{"JobName": "j"}],
                },
            },
            "Security": {
                "Type": "AWS::Glue::SecurityConfiguration",
                "Properties": {
                    "Name": "from-cfn",
                    "EncryptionConfiguration": {"S3Encryptions": [{"S3EncryptionMode": "SSE-S3"}]},
                },
            },
        }  # fmt: skip
        return json.dumps({"Resources": resources})

    cloudformation.create_stack(StackName="glue-types", TemplateBody=template(1))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="glue-types", WaiterConfig={"Delay": 1})
    assert glue.get_workflow(Name="from-cfn")["Workflow"]["MaxConcurrentRuns"] == 1
    assert glue.get_trigger(Name="from-cfn-start")["Trigger"]["WorkflowName"] == "from-cfn"
    tags = glue.get_tags(ResourceArn="arn:aws:glue:us-east-1:000000000000:workflow/from-cfn")["Tags"]
    assert tags["team"] == "data"
    configuration = glue.get_security_configuration(Name="from-cfn")["SecurityConfiguration"]
    assert configuration["EncryptionConfiguration"]["S3Encryption"] == [{"S3EncryptionMode": "SSE-S3"}]

    cloudformation.update_stack(StackName="glue-types", TemplateBody=template(3))
    cloudformation.get_waiter("stack_update_complete").wait(StackName="glue-types", WaiterConfig={"Delay": 1})
    assert glue.get_workflow(Name="from-cfn")["Workflow"]["MaxConcurrentRuns"] == 3

    cloudformation.delete_stack(StackName="glue-types")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName="glue-types", WaiterConfig={"Delay": 1})
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_workflow(Name="from-cfn")
