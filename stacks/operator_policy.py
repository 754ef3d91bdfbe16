"""What whoever runs `run.py` needs, and no more: a managed policy to attach to people's roles."""

from __future__ import annotations

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from lake.names import OPS_TABLES, RECORDS_PREFIX, Names
from stacks.acknowledged import WILDCARD, acknowledge
from stacks.arns import arn, bucket_arn, objects_arn, place_of
from stacks.statements import Statement, allow, catalog_arns, list_under, policy, use_key

EVERY_PIPELINE = "the pipelines of this environment, whatever its datasets: the stack does not know them"
RECORDS = "records of runs: their names hold run ids"
LOGS = "logs of this environment's jobs: Glue names the streams"
QUARANTINED = "tables of quarantined rows: Iceberg names the files"

QUARANTINE_TABLES = f"*_{OPS_TABLES[2]}"
QUARANTINE_OBJECTS = f"ops/*/{OPS_TABLES[2]}/*"

RUN = (
    "glue:GetWorkflow",
    "glue:GetWorkflowRun",
    "glue:GetWorkflowRuns",
    "glue:StartWorkflowRun",
    "glue:StopWorkflowRun",
)

# `--only`: the crawl or the job by itself.
CRAWL = ("glue:GetCrawler", "glue:StartCrawler", "glue:StopCrawler")
RUN_JOB = ("glue:BatchStopJobRun", "glue:GetJob", "glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun")


class OperatorPolicy(Construct):
    """Starts, stops and looks at runs of this environment, reads their logs, records and quarantined rows.

    It changes no data: what it writes are the claims by which a run id starts one run.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: Names,
        raw_bucket: s3.IBucket,
        curated_bucket: s3.Bucket,
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, construct_id)
        self._names = names
        log_group = names.job_log_groups
        statements = [
            allow("RunPipelines", RUN, [arn(self, "glue", f"workflow/{names.owned}*")]),
            allow("RunCrawlers", CRAWL, [arn(self, "glue", f"crawler/{names.owned}*")]),
            allow("RunJobs", RUN_JOB, [arn(self, "glue", f"job/{names.owned}*")]),
            *self._record_statements(curated_bucket),
            *self._quarantine_statements(curated_bucket),
            allow("ListRawObjects", ["s3:ListBucket"], [bucket_arn(raw_bucket)]),
            use_key("UseKey", key, ["kms:Decrypt", "kms:GenerateDataKey"]),
            allow(
                "ReadLogs",
                ["logs:DescribeLogStreams", "logs:GetLogEvents"],
                [arn(self, "logs", f"log-group:{log_group}*{suffix}") for suffix in ("", ":*")],
            ),
            allow(
                "LookAtStacks",
                ["cloudformation:DescribeStacks"],
                [arn(self, "cloudformation", f"stack/{name}/*") for name in (names.storage_stack, f"{names.owned}*")],
            ),
        ]
        self.policy = iam.ManagedPolicy(
            self,
            "Resource",
            managed_policy_name=names.operator_policy,
            description=f"What run.py needs in environment {names.env}",
            document=policy(statements),
        )
        acknowledge(self.policy, {**self._reasons(log_group), **objects_in(curated_bucket)})

    def _record_statements(self, bucket: s3.IBucket) -> list[Statement]:
        """Without the list S3 says 'denied' of an object that is not there ('GetObject', S3 API reference)."""
        return [
            allow("ReadRecords", ["s3:GetObject"], [objects_arn(bucket, f"{RECORDS_PREFIX}*")]),
            allow("ClaimRuns", ["s3:PutObject"], [objects_arn(bucket, f"{RECORDS_PREFIX}*.start")]),
            list_under("ListRecords", bucket, [RECORDS_PREFIX]),
        ]

    def _quarantine_statements(self, bucket: s3.IBucket) -> list[Statement]:
        tables = catalog_arns(self, self._names.ops_database, [QUARANTINE_TABLES])
        return [
            allow("FindQuarantine", ["glue:GetTable"], tables),
            allow("ReadQuarantine", ["s3:GetObject"], [objects_arn(bucket, QUARANTINE_OBJECTS)]),
        ]

    def _reasons(self, log_group: str) -> dict[str, str]:
        """The findings of cdk-nag about patterns, each with why it stands."""
        partition, region, account = place_of(self).printed
        here = f"{region}:{account}"
        reasons = {
            f"glue:{here}:workflow/{self._names.owned}*": EVERY_PIPELINE,
            f"glue:{here}:crawler/{self._names.owned}*": EVERY_PIPELINE,
            f"glue:{here}:job/{self._names.owned}*": EVERY_PIPELINE,
            f"glue:{here}:table/{self._names.ops_database}/{QUARANTINE_TABLES}": QUARANTINED,
            **{f"logs:{here}:log-group:{log_group}*{suffix}": LOGS for suffix in ("", ":*")},
            f"cloudformation:{here}:stack/{self._names.storage_stack}/*": EVERY_PIPELINE,
            f"cloudformation:{here}:stack/{self._names.owned}*/*": EVERY_PIPELINE,
        }
        return {f"{WILDCARD}[Resource::arn:{partition}:{what}]": why for what, why in reasons.items()}


def objects_in(bucket: s3.Bucket) -> dict[str, str]:
    """The findings about objects of a bucket of this stack: cdk-nag prints its logical id."""
    logical_id = cdk.Stack.of(bucket).get_logical_id(cast(cdk.CfnElement, bucket.node.default_child))
    patterns = {
        f"{RECORDS_PREFIX}*": RECORDS,
        f"{RECORDS_PREFIX}*.start": RECORDS,
        QUARANTINE_OBJECTS: QUARANTINED,
    }
    return {f"{WILDCARD}[Resource::<{logical_id}.Arn>/{keys}]": why for keys, why in patterns.items()}
