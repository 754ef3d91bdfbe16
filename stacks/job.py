"""The Spark job of one dataset."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from lake.dataset import Dataset
from lake.names import DATASET_FILE_ARGUMENT, Names
from stacks.acknowledged import IN_THE_LAKE_STACK, acknowledge
from stacks.job_code import JobCode
from stacks.spark_conf import conf_argument, spark_conf


class DatasetJob(Construct):
    """Runs the script on Glue 5.1, one run at a time; another that is started meanwhile waits its turn."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: Names,
        dataset: Dataset,
        role: iam.Role,
        code: JobCode,
        curated_bucket: s3.IBucket,
        security_configuration: glue.ISecurityConfiguration,
    ) -> None:
        super().__init__(scope, construct_id)
        self.job = glue.PySparkEtlJob(
            self,
            "Resource",
            job_name=names.pipeline(dataset.name),
            description=f"Raw objects of {dataset.name} into its curated table",
            # Its policy is written out: what the L2 would add opens the whole asset bucket.
            role=role.without_policy_updates(),
            script=glue.Code.from_bucket(code.bucket, code.script),
            extra_python_files=[glue.Code.from_bucket(code.bucket, code.stages)],
            extra_files=[glue.Code.from_bucket(code.bucket, code.dataset)],
            extra_jars=[glue.Code.from_bucket(code.bucket, jar) for jar in code.jars],
            glue_version=glue.GlueVersion.V5_1,
            worker_configuration=glue.WorkerConfiguration(
                worker_type=glue.WorkerType[dataset.workers.type.replace(".", "_")],
                number_of_workers=dataset.workers.count,
            ),
            timeout=cdk.Duration.minutes(dataset.timeout_minutes),
            max_concurrent_runs=1,
            job_run_queuing_enabled=True,
            max_retries=0,
            security_configuration=security_configuration,
            # Glue 5.x logs live without being asked; the metrics would need a right on all of CloudWatch.
            continuous_logging=glue.ContinuousLoggingProps(enabled=False),
            enable_metrics=False,
            enable_observability_metrics=False,
            default_arguments=self._arguments(names, dataset.name, code, curated_bucket),
        )
        acknowledge(self.job, dict.fromkeys(("AwsSolutions-GL1", "AwsSolutions-GL3"), IN_THE_LAKE_STACK))

    def _arguments(self, names: Names, dataset: str, code: JobCode, curated_bucket: s3.IBucket) -> dict[str, str]:
        settings = spark_conf(
            region=cdk.Stack.of(self).region,
            warehouse=curated_bucket.s3_url_for_object("curated/"),
        )
        return {
            "--ENV": names.env,
            "--DATASET": dataset,
            DATASET_FILE_ARGUMENT: code.dataset,
            "--SOURCE_DB": names.raw_database,
            "--SOURCE_TABLE": names.raw_table(dataset),
            "--TARGET_DB": names.curated_database,
            "--TARGET_S3": curated_bucket.s3_url_for_object(names.curated_prefix(dataset).rstrip("/")),
            "--OPS_DB": names.ops_database,
            "--TempDir": curated_bucket.s3_url_for_object(names.temp_prefix(dataset)),
            "--datalake-formats": "iceberg",
            "--conf": conf_argument(settings),
        }
