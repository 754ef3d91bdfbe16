"""A CDK app that knows nothing of this project, deployed by the CDK's own command line and run with boto3.

What it must come to is what the AWS Glue guide says of it: a failed job ends its branch, the other branch goes on, what
waits for both never starts, and the run is COMPLETED all the same.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lake.cdk_cli import CDK, QUIET
from lake.node import node as node_program
from local import process
from local.settings import ACCESS_KEY, ACCOUNT, PROJECT, REGION, SECRET_KEY, Settings, client_environment
from tests.integration.aws import Aws
from tests.integration.conftest import free_port
from tests.integration.workflow_runs import ended_run, node

pytestmark = pytest.mark.integration

APP = Path(__file__).parent / "foreign_app" / "app.py"
STACK = "Shop"
ORDERS = b"id,customer,price\n1,a,2.5\n2,b,3.5\n3,a,4.0\n"


@dataclass(frozen=True)
class Shop:
    """The deployed app: its AWS, and its stack's outputs."""

    aws: Aws
    outputs: dict[str, str]

    def put(self, key: str, body: bytes) -> None:
        self.aws.client("s3").put_object(Bucket=self.outputs["Bucket"], Key=key, Body=body)


def cdk(settings: Settings, output: Path, *arguments: str) -> None:
    """Run the CDK's command line, as a user does who has credentials in the environment."""
    environment = {
        **os.environ,
        **QUIET,
        **client_environment(settings.endpoint),
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "JSII_NODE": node_program(),
        "NO_PROXY": "127.0.0.1",
    }
    line = [
        *(node_program(), str(CDK), *arguments),
        *("--app", f"{sys.executable} {APP}", "--output", str(output), "--no-notices", "--no-version-reporting"),
    ]
    done = subprocess.run(line, cwd=PROJECT, env=environment, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    settings = Settings(port=free_port(), state_dir=folder / "emulator")
    process.start(settings)
    cdk(settings, folder / "cdk.out", "bootstrap", f"aws://{ACCOUNT}/{REGION}")
    cdk(settings, folder / "cdk.out", "deploy", STACK, "--require-approval", "never")
    aws = Aws(settings.endpoint)
    (stack,) = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    yield Shop(aws, {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]})
    process.stop(settings)


@pytest.mark.shows("workflow-completed", "workflow-statistics", "workflow-resume", "trigger-and")
def test_a_diamond_with_a_failing_branch_ends_as_the_guide_says_and_can_be_repaired(shop: Shop) -> None:
    glue, name = shop.aws.client("glue"), shop.outputs["WorkflowName"]
    shop.put("orders/day=1/orders.csv", ORDERS)
    shop.put("customers/customers.csv", b"id,name\na,Ada\nb,\n")

    failed = ended_run(shop.aws, name, glue.start_workflow_run(Name=name)["RunId"], seconds=240)

    assert failed["Status"] == "COMPLETED"
    assert failed["WorkflowRunProperties"] == {"owner": "shop"}
    assert failed["Statistics"] == {
        "TotalActions": 5, "SucceededActions": 3, "FailedActions": 1, "StoppedActions": 0, "TimeoutActions": 0,
        "RunningActions": 0, "ErroredActions": 0, "WaitingActions": 0,
    }  # fmt: skip
    for crawler in ("OrdersCrawlerName", "CustomersCrawlerName"):
        crawls = node(failed, "CRAWLER", shop.outputs[crawler])["CrawlerDetails"]["Crawls"]
        assert [crawl["State"] for crawl in crawls] == ["SUCCEEDED"]
    (orders,) = node(failed, "JOB", shop.outputs["OrdersJobName"])["JobDetails"]["JobRuns"]
    (customers,) = node(failed, "JOB", shop.outputs["CustomersJobName"])["JobDetails"]["JobRuns"]
    assert (orders["JobRunState"], customers["JobRunState"]) == ("SUCCEEDED", "FAILED")
    assert "1 customers have no name" in customers["ErrorMessage"]
    assert "JobDetails" not in node(failed, "JOB", shop.outputs["JoinJobName"])
    assert {table["Name"] for table in glue.get_tables(DatabaseName="shop")["TableList"]} == {"orders", "customers"}

    shop.put("customers/customers.csv", b"id,name\na,Ada\nb,Bob\n")
    resumed = glue.resume_workflow_run(
        Name=name,
        RunId=failed["WorkflowRunId"],
        NodeIds=[node(failed, "JOB", shop.outputs["CustomersJobName"])["UniqueId"]],
    )
    run = ended_run(shop.aws, name, resumed["RunId"], seconds=240)

    assert run["Status"] == "COMPLETED"
    assert run["Statistics"]["SucceededActions"] == run["Statistics"]["TotalActions"] == 5
    (join,) = node(run, "JOB", shop.outputs["JoinJobName"])["JobDetails"]["JobRuns"]
    assert shop.aws.log("/aws-glue/jobs/output", join["Id"]) == ["orders by customer", "Ada 2", "Bob 1"]


@pytest.mark.shows("workflow-graph")
def test_its_graph_is_the_diamond_that_it_declares(shop: Shop) -> None:
    name = shop.outputs["WorkflowName"]
    graph = shop.aws.client("glue").get_workflow(Name=name, IncludeGraph=True)["Workflow"]["Graph"]
    names = {one["UniqueId"]: one["Name"] for one in graph["Nodes"]}
    shown = {value: key for key, value in shop.outputs.items()}
    through = {
        (shown[names[into["SourceId"]]], shown[names[out["DestinationId"]]])
        for into in graph["Edges"]
        for out in graph["Edges"]
        if into["DestinationId"] == out["SourceId"] and names[into["SourceId"]] in shown
        and names[out["DestinationId"]] in shown
    }  # fmt: skip
    assert through == {
        ("OrdersCrawlerName", "OrdersJobName"),
        ("CustomersCrawlerName", "CustomersJobName"),
        ("OrdersJobName", "JoinJobName"),
        ("CustomersJobName", "JoinJobName"),
    }
