"""The crawler of one dataset, and its role."""

from __future__ import annotations

import json
from typing import Any

from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from lake.dataset import Dataset
from lake.names import RAW_TABLE_PREFIX, Names
from stacks.acknowledged import (
    IN_THE_LAKE_STACK,
    LOG_STREAMS,
    OWN_OBJECTS,
    acknowledge,
    wildcard_keys,
    wildcard_log_streams,
)
from stacks.classifier import DatasetClassifier
from stacks.statements import (
    allow,
    catalog_arns,
    decrypt_raw_objects,
    list_under,
    locate,
    policy,
    read_under,
    use_key,
    write_logs,
)

# What a crawl that updates one table and its partitions asks of the catalog; it deletes nothing.
CATALOG_ACTIONS = (
    "glue:GetDatabase",
    "glue:GetTable",
    "glue:GetTables",
    "glue:CreateTable",
    "glue:UpdateTable",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:BatchGetPartition",
    "glue:CreatePartition",
    "glue:BatchCreatePartition",
    "glue:UpdatePartition",
    "glue:BatchUpdatePartition",
)


class DatasetCrawler(Construct):
    """Keeps one table of the raw database in step with the objects under the dataset's prefix."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: Names,
        dataset: Dataset,
        raw_bucket: s3.IBucket,
        key: kms.IKey,
        raw_key_arn: str | None,
        security_configuration: glue.ISecurityConfiguration,
    ) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            role_name=names.crawler_role(dataset.name),
            assumed_by=iam.ServicePrincipal("glue.amazonaws.com"),
            description=f"Crawls the raw objects of {dataset.name}",
            inline_policies={"Crawl": self._policy(names, dataset, raw_bucket, key, raw_key_arn)},
        )
        acknowledge(
            self.role,
            {
                wildcard_keys(raw_bucket, f"{dataset.source.prefix}*"): OWN_OBJECTS,
                wildcard_log_streams(self, names.crawler_log_group(dataset.name)): LOG_STREAMS,
            },
        )
        classifier = DatasetClassifier(self, "Classifier", names=names, dataset=dataset)
        self.crawler = glue.CfnCrawler(
            self,
            "Crawler",
            name=names.pipeline(dataset.name),
            description=f"Raw objects of {dataset.name}",
            role=self.role.role_arn,
            database_name=names.raw_database,
            table_prefix=RAW_TABLE_PREFIX,
            targets=glue.CfnCrawler.TargetsProperty(
                s3_targets=[glue.CfnCrawler.S3TargetProperty(path=raw_bucket.s3_url_for_object(dataset.source.prefix))]
            ),
            configuration=json.dumps(crawler_configuration(dataset.source.prefix)),
            schema_change_policy=glue.CfnCrawler.SchemaChangePolicyProperty(
                update_behavior="UPDATE_IN_DATABASE", delete_behavior="LOG"
            ),
            recrawl_policy=glue.CfnCrawler.RecrawlPolicyProperty(recrawl_behavior="CRAWL_EVERYTHING"),
            classifiers=classifier.names or None,
            crawler_security_configuration=security_configuration.security_configuration_name,
        )
        acknowledge(self.crawler, {"AwsSolutions-GL1": IN_THE_LAKE_STACK})

    def _policy(
        self, names: Names, dataset: Dataset, raw_bucket: s3.IBucket, key: kms.IKey, raw_key_arn: str | None
    ) -> iam.PolicyDocument:
        prefix = dataset.source.prefix
        table = catalog_arns(self, names.raw_database, [names.raw_table(dataset.name)])
        return policy(
            [
                read_under("ReadRawObjects", raw_bucket, prefix),
                list_under("ListRawObjects", raw_bucket, [prefix]),
                locate("LocateBucket", [raw_bucket]),
                use_key("DecryptRawObjects", key, ["kms:Decrypt"]),
                *decrypt_raw_objects(self, raw_key_arn),
                allow("WriteRawTable", CATALOG_ACTIONS, table),
                write_logs(self, [names.crawler_log_group(dataset.name)]),
            ]
        )


def crawler_configuration(prefix: str) -> dict[str, Any]:
    """Return the crawler's configuration that keeps one table at the folder `prefix`, whatever lies below it."""
    level = 1 + prefix.count("/")  # the bucket is level 1
    return {
        "Version": 1.0,
        # Partitions are found by prefix here, and an index would need rights of its own.
        "CreatePartitionIndex": False,
        "CrawlerOutput": {
            "Partitions": {"AddOrUpdateBehavior": "InheritFromTable"},
            "Tables": {"TableThreshold": 1},
        },
        "Grouping": {
            "TableGroupingPolicy": "CombineCompatibleSchemas",
            "TableLevelConfiguration": level,
        },
    }
