"""A CDK app as anyone might write it: nothing of this project in it, and nothing that knows of an emulator.

Two crawlers, then a job for each of their tables, then a job that needs both.
"""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

SCRIPTS = Path(__file__).parent / "scripts"


class Shop(cdk.Stack):
    """A shop's orders and customers, counted apart and then joined."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        bucket = s3.Bucket(self, "Data")
        database = glue.CfnDatabase(
            self, "Database", catalog_id=self.account, database_input={"name": "shop", "description": "The shop"}
        )
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("glue.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AWSGlueServiceRole")],
        )
        bucket.grant_read_write(role)

        crawlers = {}
        for table in ("orders", "customers"):
            crawler = glue.CfnCrawler(
                self,
                f"{table.title()}Crawler",
                role=role.role_arn,
                database_name="shop",
                targets={"s3Targets": [{"path": f"s3://{bucket.bucket_name}/{table}/"}]},
            )
            crawler.add_resource_dependency(database)
            crawlers[table] = crawler

        def job(name: str) -> glue.PySparkEtlJob:
            return glue.PySparkEtlJob(
                self,
                f"{name.title()}Job",
                role=role,
                script=glue.Code.from_asset(str(SCRIPTS / f"{name}.py")),
                glue_version=glue.GlueVersion.V5_1,
                worker_configuration=glue.WorkerConfiguration(worker_type=glue.WorkerType.G_1X, number_of_workers=2),
                default_arguments={"--BUCKET": bucket.bucket_name},
                timeout=cdk.Duration.minutes(10),
            )

        jobs = {name: job(name) for name in ("orders", "customers", "join")}
        workflow = glue.Workflow(self, "Workflow", default_run_properties={"owner": "shop"}, max_concurrent_runs=1)
        workflow.add_on_demand_trigger("Start", actions=[glue.Action.crawler(crawler) for crawler in crawlers.values()])
        for table, crawler in crawlers.items():
            workflow.add_conditional_trigger(
                f"{table.title()}Crawled",
                start_on_creation=True,
                predicate=glue.Predicate(conditions=[glue.Condition.crawler(crawler, glue.CrawlerState.SUCCEEDED)]),
                actions=[glue.Action.job(jobs[table])],
            )
        workflow.add_conditional_trigger(
            "BothCounted",
            start_on_creation=True,
            predicate=glue.Predicate(
                logical=glue.PredicateLogical.AND,
                conditions=[
                    glue.Condition.job(jobs[table], glue.JobState.SUCCEEDED) for table in ("orders", "customers")
                ],
            ),
            actions=[glue.Action.job(jobs["join"], arguments={"--TITLE": "orders by customer"})],
        )

        outputs = {
            "Bucket": bucket.bucket_name,
            "WorkflowName": workflow.workflow_name,
            **{f"{table.title()}CrawlerName": crawler.ref for table, crawler in crawlers.items()},
            **{f"{name.title()}JobName": one.job_name for name, one in jobs.items()},
        }
        for name, value in outputs.items():
            cdk.CfnOutput(self, name, value=value)


app = cdk.App()
Shop(app, "Shop")
app.synth()
