"""The databases of the Data Catalog."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_glue as glue
from aws_cdk import aws_s3 as s3
from constructs import Construct

from lake.names import Names


class Catalog(Construct):
    """One database each for raw, curated and ops tables, with the place where its tables lie."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: Names,
        raw_bucket: s3.IBucket,
        curated_bucket: s3.IBucket,
        removal_policy: cdk.RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.raw = glue.Database(
            self,
            "Raw",
            database_name=names.raw_database,
            description="Raw objects, as the crawlers found them",
            location_uri=raw_bucket.s3_url_for_object("raw/"),
            removal_policy=removal_policy,
        )
        self.curated = glue.Database(
            self,
            "Curated",
            database_name=names.curated_database,
            description="Curated Iceberg tables",
            location_uri=curated_bucket.s3_url_for_object("curated/"),
            removal_policy=removal_policy,
        )
        self.ops = glue.Database(
            self,
            "Ops",
            database_name=names.ops_database,
            description="Runs, consumed objects and quarantined rows of each dataset",
            location_uri=curated_bucket.s3_url_for_object("ops/"),
            removal_policy=removal_policy,
        )
