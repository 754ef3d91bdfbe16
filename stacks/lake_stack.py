"""Stack `lake-<env>`: what all pipelines of an environment share."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from lake.environment import Environment
from lake.names import CURATED_BUCKET_OUTPUT, RAW_BUCKET_OUTPUT, Names
from stacks.alarms import Alarms
from stacks.catalog import Catalog
from stacks.encryption import Encryption
from stacks.guards import guards, removal_policy
from stacks.operator_policy import OperatorPolicy
from stacks.query import QuerySide
from stacks.storage import Storage


class LakeStack(cdk.Stack):
    """Buckets, key, Glue security configuration, databases, alarms and queries; its outputs name the buckets."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: cdk.Environment,
        environment: Environment,
        names: Names,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            env=env,
            description=f"Data lake, {environment.name}: what is shared",
            **guards(environment),
        )
        removal = removal_policy(environment)
        encryption = Encryption(self, "Encryption", names=names, removal_policy=removal)
        storage = Storage(
            self,
            "Storage",
            key=encryption.key,
            raw_bucket=environment.raw_bucket,
            log_retention=cdk.Duration.days(environment.log_retention_days),
            removal_policy=removal,
        )
        Catalog(
            self,
            "Catalog",
            names=names,
            raw_bucket=storage.raw_bucket,
            curated_bucket=storage.curated_bucket,
            removal_policy=removal,
        )
        self.queries = QuerySide(
            self,
            "Queries",
            names=names,
            curated_bucket=storage.curated_bucket,
            key=encryption.key,
            most_gigabytes=environment.max_query_gigabytes,
        )
        OperatorPolicy(
            self,
            "Operator",
            names=names,
            raw_bucket=storage.raw_bucket,
            curated_bucket=storage.curated_bucket,
            key=encryption.key,
        )
        Alarms(self, "Alarms", names=names, key=encryption.key, addresses=environment.alarm_emails)
        self.key = encryption.key
        self.security_configuration = encryption.security_configuration
        self.raw_bucket = storage.raw_bucket
        self.raw_key_arn = environment.raw_bucket_key
        self.curated_bucket = storage.curated_bucket
        cdk.CfnOutput(self, RAW_BUCKET_OUTPUT, value=self.raw_bucket.bucket_name)
        cdk.CfnOutput(self, CURATED_BUCKET_OUTPUT, value=self.curated_bucket.bucket_name)
