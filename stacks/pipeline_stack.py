"""Stack `lake-<env>-<dataset>`: the pipeline of one dataset."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from lake.dataset import Dataset
from lake.environment import Environment
from lake.names import Names
from stacks.arrivals import Arrivals
from stacks.crawler import DatasetCrawler
from stacks.dashboard import dashboard
from stacks.guards import guards, removal_policy
from stacks.job import DatasetJob
from stacks.job_code import JobCode, rules_jars
from stacks.job_role import JobRole
from stacks.lake_stack import LakeStack
from stacks.log_groups import LogGroups
from stacks.schedule import PipelineSchedule
from stacks.silence import silence_alarm
from stacks.workflow import PipelineWorkflow


class PipelineStack(cdk.Stack):
    """Crawler, job, their roles and log groups, the workflow that runs one after the other, and what starts it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: cdk.Environment,
        environment: Environment,
        names: Names,
        dataset: Dataset,
        lake: LakeStack,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            env=env,
            description=f"Data lake, {names.env}: dataset {dataset.name}",
            **guards(environment),
        )
        if outside := dataset.partitions_outside_the_key():
            message = f"{dataset.name}: {', '.join(outside)}: not by columns of the key, so merges search everything"
            cdk.Annotations.of(self).add_warning_v2("lake:partitionOutsideTheKey", message)
        logs = LogGroups(
            self,
            "Logs",
            crawler=names.crawler_log_group(dataset.name),
            job_output=names.job_log_group(dataset.name, "output"),
            job_error=names.job_log_group(dataset.name, "error"),
            key=lake.key,
            retention_days=environment.log_retention_days,
            removal_policy=removal_policy(environment),
        )
        crawl = DatasetCrawler(
            self,
            "Crawl",
            names=names,
            dataset=dataset,
            raw_bucket=lake.raw_bucket,
            key=lake.key,
            raw_key_arn=lake.raw_key_arn,
            security_configuration=lake.security_configuration,
        )
        code = JobCode(self, "Code", dataset=dataset, upkeep=environment.upkeep, jars=rules_jars(dataset))
        job_role = JobRole(
            self,
            "JobRole",
            names=names,
            dataset=dataset,
            raw_bucket=lake.raw_bucket,
            curated_bucket=lake.curated_bucket,
            key=lake.key,
            raw_key_arn=lake.raw_key_arn,
            code=code,
        )
        job = DatasetJob(
            self,
            "Job",
            names=names,
            dataset=dataset,
            role=job_role.role,
            code=code,
            curated_bucket=lake.curated_bucket,
            security_configuration=lake.security_configuration,
        )
        workflow = PipelineWorkflow(
            self, "Workflow", names=names, dataset=dataset.name, crawler=crawl.crawler, job=job.job
        )
        # Whatever runs finds its log groups.
        workflow.node.add_dependency(logs)
        if dataset.schedule is not None:
            schedule = PipelineSchedule(self, "Schedule", names=names, dataset=dataset, on=environment.schedules)
            schedule.node.add_dependency(workflow)
        if dataset.on_arrival is not None:
            Arrivals(
                self,
                "Arrivals",
                names=names,
                dataset=dataset.name,
                prefix=dataset.source.prefix,
                on_arrival=dataset.on_arrival,
                raw_bucket=lake.raw_bucket,
                job=job.job,
                on=environment.schedules,
            ).node.add_dependency(logs)
        if dataset.max_age is not None:
            silence_alarm(
                self, "Silence", names=names, dataset=dataset.name, max_age=dataset.max_age, on=environment.schedules
            )
        if environment.dashboards:
            dashboard(
                self, "Dashboard", names=names, dataset=dataset, price_per_dpu_hour=environment.price_per_dpu_hour
            )
