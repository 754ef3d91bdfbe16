"""The key of the lake, and the Glue security configuration that makes crawlers and jobs use it."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from lake.names import Names
from stacks.arns import arn, place_of


class Encryption(Construct):
    """One customer key, rotated each year, that CloudWatch Logs may use for Glue's log groups of this account alone."""

    def __init__(self, scope: Construct, construct_id: str, *, names: Names, removal_policy: cdk.RemovalPolicy) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            alias=f"alias/{names.storage_stack}",
            description=f"Objects and logs of {names.storage_stack}",
            enable_key_rotation=True,
            removal_policy=removal_policy,
        )
        self.key.add_to_resource_policy(self._statement_for_logs())
        self.security_configuration = glue.SecurityConfiguration(
            self,
            "SecurityConfiguration",
            security_configuration_name=names.security_configuration,
            s3_encryption=glue.S3Encryption.kms(self.key),
            cloud_watch_encryption=glue.CloudWatchEncryption.kms(self.key),
            job_bookmarks_encryption=glue.JobBookmarksEncryption.client_side_kms(self.key),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )

    def _statement_for_logs(self) -> iam.PolicyStatement:
        """Allow CloudWatch Logs what its guide lists under 'Encrypt log data', for Glue's log groups only."""
        log_groups = arn(self, "logs", "log-group:/aws-glue/*")
        return iam.PolicyStatement(
            sid="EncryptGlueLogs",
            principals=[iam.ServicePrincipal(f"logs.{place_of(self).region}.amazonaws.com")],
            actions=["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            resources=["*"],
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups}},
        )
