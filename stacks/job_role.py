"""The role of one dataset's job: what a run needs of its own dataset, and nothing of another's."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from lake.dataset import Dataset
from lake.names import OPS_TABLES, Names
from stacks.acknowledged import (
    LOG_STREAMS,
    METRICS,
    OWN_OBJECTS,
    WILDCARD,
    WRITTEN_OBJECTS,
    acknowledge,
    wildcard_keys,
    wildcard_log_streams,
)
from stacks.arns import arn, objects_arn
from stacks.job_code import JobCode
from stacks.statements import (
    Statement,
    allow,
    catalog_arns,
    decrypt_raw_objects,
    list_under,
    locate,
    policy,
    publish_metrics,
    read_under,
    use_key,
    write_logs,
)

READ_TABLE = ("glue:GetDatabase", "glue:GetTable", "glue:GetPartitions")
WRITE_TABLES = ("glue:GetDatabase", "glue:GetTable", "glue:CreateTable", "glue:UpdateTable")
WRITE_OBJECTS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")


class JobRole(Construct):
    """Reads the dataset's raw objects and table, writes its curated and ops tables, its records and its logs."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: Names,
        dataset: Dataset,
        raw_bucket: s3.IBucket,
        curated_bucket: s3.IBucket,
        key: kms.IKey,
        raw_key_arn: str | None,
        code: JobCode,
    ) -> None:
        super().__init__(scope, construct_id)
        self._names = names
        self._dataset = dataset.name
        workflows = [names.pipeline(dataset.name), *([names.arrivals(dataset.name)] if dataset.on_arrival else [])]
        statements = [
            read_under("ReadRawObjects", raw_bucket, dataset.source.prefix),
            list_under("ListRawObjects", raw_bucket, [dataset.source.prefix]),
            locate("LocateBuckets", [raw_bucket, curated_bucket]),
            allow("WriteCurated", WRITE_OBJECTS, self._written_objects(curated_bucket)),
            list_under("ListCurated", curated_bucket, self._written_prefixes()),
            use_key("UseKey", key, ["kms:Decrypt", "kms:GenerateDataKey"]),
            *decrypt_raw_objects(self, raw_key_arn),
            allow("ReadCode", ["s3:GetObject"], [objects_arn(code.bucket, key) for key in code.keys]),
            *self._catalog_statements(),
            allow("ReadRunProperties", ["glue:GetWorkflowRunProperties"], self._workflow_arns(workflows)),
            write_logs(self, self._log_groups()),
            publish_metrics("PublishMetrics", names.metrics(dataset.name)),
        ]
        self.role = iam.Role(
            self,
            "Resource",
            role_name=names.job_role(dataset.name),
            assumed_by=iam.ServicePrincipal("glue.amazonaws.com"),
            description=f"Turns the raw objects of {dataset.name} into its curated table",
            inline_policies={"Run": policy(statements)},
        )

        acknowledge(
            self.role,
            {
                wildcard_keys(raw_bucket, f"{dataset.source.prefix}*"): OWN_OBJECTS,
                **{wildcard_keys(curated_bucket, f"{prefix}*"): WRITTEN_OBJECTS for prefix in self._written_prefixes()},
                f"{WILDCARD}[Resource::*]": METRICS,
                **{wildcard_log_streams(self, group): LOG_STREAMS for group in self._log_groups()},
            },
        )

    def _log_groups(self) -> list[str]:
        return [self._names.job_log_group(self._dataset, stream) for stream in ("output", "error")]

    def _written_prefixes(self) -> list[str]:
        names, dataset = self._names, self._dataset
        return [
            names.curated_prefix(dataset),
            f"ops/{dataset}/",
            names.records_prefix(dataset),
            names.temp_prefix(dataset),
        ]

    def _written_objects(self, bucket: s3.IBucket) -> list[str]:
        return [objects_arn(bucket, f"{prefix}*") for prefix in self._written_prefixes()]

    def _catalog_statements(self) -> list[Statement]:
        names, dataset = self._names, self._dataset
        ops_tables = [names.ops_table(dataset, kind) for kind in OPS_TABLES]
        return [
            allow("ReadRawTable", READ_TABLE, catalog_arns(self, names.raw_database, [names.raw_table(dataset)])),
            allow(
                "WriteTables",
                WRITE_TABLES,
                [
                    *catalog_arns(self, names.curated_database, [names.curated_table(dataset)]),
                    *catalog_arns(self, names.ops_database, ops_tables)[1:],
                ],
            ),
        ]

    def _workflow_arns(self, workflows: Sequence[str]) -> list[str]:
        """Built from names: a workflow starts the job that has this role, so it cannot be there before."""
        return [arn(self, "glue", f"workflow/{name}") for name in workflows]
