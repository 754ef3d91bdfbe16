"""Where the curated tables are queried: Athena's workgroup, and what a reader is given."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from lake.names import Names
from stacks.arns import bucket_arn, objects_arn
from stacks.cfn import resource
from stacks.statements import Statement, allow, catalog_arns, list_under, use_key

# Of the curated bucket; a lifecycle rule empties it. No dataset's temporary folder has a '-' in its name.
RESULTS_PREFIX = "temp/athena-results/"


class QuerySide(Construct):
    """Athena's queries of this environment: their results encrypted with the lake's key, none scans more than a limit.

    Who asks cannot turn either off: the workgroup's settings stand before the client's.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: Names,
        curated_bucket: s3.IBucket,
        key: kms.IKey,
        most_gigabytes: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self._names = names
        self._bucket = curated_bucket
        self._key = key
        encryption = {"EncryptionOption": "SSE_KMS", "KmsKey": key.key_arn}
        resource(
            self,
            "WorkGroup",
            "AWS::Athena::WorkGroup",
            {
                "Name": names.workgroup,
                "Description": f"Queries of the curated tables of {names.env}",
                # Else a workgroup that was ever used cannot be removed; what goes with it is the history of queries.
                "RecursiveDeleteOption": True,
                "WorkGroupConfiguration": {
                    "EnforceWorkGroupConfiguration": True,
                    "PublishCloudWatchMetricsEnabled": True,
                    "BytesScannedCutoffPerQuery": most_gigabytes * 10**9,
                    "ResultConfiguration": {
                        "OutputLocation": curated_bucket.s3_url_for_object(RESULTS_PREFIX),
                        "EncryptionConfiguration": encryption,
                    },
                },
            },
        )

    def grant_read(self, reader: iam.IGrantable, datasets: Sequence[str]) -> None:
        """Let `reader` read the curated tables of these datasets by any engine: catalog, objects, key. Nothing else.

        To ask by Athena it needs the workgroup's own rights besides.
        """
        for statement in self._read_statements(datasets):
            reader.grant_principal.add_to_principal_policy(iam.PolicyStatement.from_json(statement))

    def _read_statements(self, datasets: Sequence[str]) -> list[Statement]:
        names, bucket = self._names, self._bucket
        prefixes = [names.curated_prefix(dataset) for dataset in datasets]
        tables = [names.curated_table(dataset) for dataset in datasets]
        return [
            allow(
                "FindCurated",
                ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartitions"],
                catalog_arns(self, names.curated_database, tables),
            ),
            allow("ReadCurated", ["s3:GetObject"], [objects_arn(bucket, f"{prefix}*") for prefix in prefixes]),
            list_under("ListCurated", bucket, prefixes),
            allow("LocateCurated", ["s3:GetBucketLocation"], [bucket_arn(bucket)]),
            use_key("DecryptCurated", self._key, ["kms:Decrypt"]),
        ]
