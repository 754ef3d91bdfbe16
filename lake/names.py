"""Every name that two parts of the product must agree on. Standard library only, so that it costs nothing to import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

OpsTable = Literal["files", "runs", "quarantine"]
OPS_TABLES: Final[tuple[OpsTable, ...]] = ("files", "runs", "quarantine")

DEFAULT_ENVIRONMENT: Final = "local"

# At most 10 and 40 characters: "lake-<env>-<dataset>-crawler" then fits IAM's 64 for a role.
ENVIRONMENT_PATTERN: Final = re.compile(r"[a-z][a-z0-9]{0,9}")
DATASET_PATTERN: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
# A dataset of this name would own ops/records/, where every dataset's run records lie.
RESERVED_DATASETS: Final = frozenset({"records"})

# In the curated bucket: records and claims of all datasets' runs.
RECORDS_PREFIX: Final = "ops/records/"
# A dataset that objects start has a second workflow, called as a dataset with this ending would be.
ARRIVALS_SUFFIX: Final = "arrivals"

RAW_TABLE_PREFIX: Final = "raw_"
CATALOG: Final = "glue_catalog"

RAW_BUCKET_OUTPUT: Final = "RawBucketName"
CURATED_BUCKET_OUTPUT: Final = "CuratedBucketName"

# Run properties of the workflow: what run.py puts there and the job reads.
RUN_ID_PROPERTY: Final = "run_id"
REPROCESS_PREFIX_PROPERTY: Final = "reprocess_prefix"
REPROCESS_FROM_PROPERTY: Final = "reprocess_from"
REPROCESS_TO_PROPERTY: Final = "reprocess_to"
RELEASE_PREFIX_PROPERTY: Final = "release_prefix"
EXCLUDE_PREFIX_PROPERTY: Final = "exclude_prefix"
RUN_PROPERTIES: Final = (
    RUN_ID_PROPERTY,
    REPROCESS_PREFIX_PROPERTY,
    REPROCESS_FROM_PROPERTY,
    REPROCESS_TO_PROPERTY,
    RELEASE_PREFIX_PROPERTY,
    EXCLUDE_PREFIX_PROPERTY,
)

# The job opens its dataset's resolved JSON in its working folder; this argument holds the file's name there.
DATASET_FILE_ARGUMENT: Final = "--DATASET_FILE"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one environment; each is a pure function of the environment's and the dataset's name."""

    env: str

    @property
    def storage_stack(self) -> str:
        """Stack that holds what all pipelines share: buckets, databases, key, security configuration."""
        return f"lake-{self.env}"

    def pipeline_stack(self, dataset: str) -> str:
        """Stack of one dataset."""
        return self.pipeline(dataset)

    def pipeline(self, dataset: str) -> str:
        """Name of the dataset's workflow, of its crawler and of its job."""
        return f"lake-{self.env}-{slug(dataset)}"

    def start_trigger(self, dataset: str) -> str:
        """On-demand trigger: starts the crawler."""
        return f"{self.pipeline(dataset)}-start"

    def crawled_trigger(self, dataset: str) -> str:
        """Conditional trigger: starts the job when the crawl succeeded."""
        return f"{self.pipeline(dataset)}-crawled"

    def arrivals(self, dataset: str) -> str:
        """Workflow that starts when objects arrive: the job alone."""
        return f"{self.pipeline(dataset)}-{ARRIVALS_SUFFIX}"

    def arrived_trigger(self, dataset: str) -> str:
        """Event trigger of the arrivals workflow: starts the job."""
        return f"{self.pipeline(dataset)}-arrived"

    @property
    def alarm_topic(self) -> str:
        """SNS topic that is told of what goes wrong."""
        return f"lake-{self.env}"

    @property
    def owned(self) -> str:
        """What the name of everything of the environment's pipelines begins with, and of no other environment's."""
        return f"lake-{self.env}-"

    def metrics(self, dataset: str) -> str:
        """CloudWatch namespace of the numbers of the dataset's runs: one each, for a role can be held to it."""
        return self.pipeline(dataset)

    def silence_alarm(self, dataset: str) -> str:
        """Alarm that tells when no run has published for too long."""
        return f"{self.pipeline(dataset)}-silence"

    @property
    def security_configuration(self) -> str:
        """Glue security configuration of all crawlers and jobs."""
        return f"lake-{self.env}"

    def crawler_role(self, dataset: str) -> str:
        """Role of the crawler; fixed, for it is part of its log group's name."""
        return f"{self.pipeline(dataset)}-crawler"

    def job_role(self, dataset: str) -> str:
        """Role of the job; fixed, for it is part of its log groups' names."""
        return f"{self.pipeline(dataset)}-job"

    def crawler_log_group(self, dataset: str) -> str:
        """Log group that Glue writes a crawl's log to when the crawler has a security configuration."""
        return f"/aws-glue/crawlers-role/{self.crawler_role(dataset)}-{self.security_configuration}"

    def job_log_group(self, dataset: str, stream: Literal["output", "error"]) -> str:
        """Log group of a job with a security configuration: `output` is the script's own, `error` Spark's."""
        return f"/aws-glue/jobs/{self.security_configuration}-role/{self.job_role(dataset)}/{stream}"

    @property
    def job_log_groups(self) -> str:
        """What the names of the log groups of all the environment's jobs begin with."""
        return f"/aws-glue/jobs/{self.security_configuration}-role/{self.owned}"

    @property
    def workgroup(self) -> str:
        """Athena workgroup in which the curated tables are queried."""
        return f"lake-{self.env}"

    @property
    def operator_policy(self) -> str:
        """Managed policy for whoever runs `run.py`."""
        return f"lake-{self.env}-operator"

    @property
    def raw_database(self) -> str:
        """Database of the tables that crawlers write."""
        return f"lake_{self.env}_raw"

    @property
    def curated_database(self) -> str:
        """Database of the Iceberg tables that readers query."""
        return f"lake_{self.env}_curated"

    @property
    def ops_database(self) -> str:
        """Database of the Iceberg tables about the runs."""
        return f"lake_{self.env}_ops"

    def raw_table(self, dataset: str) -> str:
        """Table of the raw objects, in the raw database."""
        return f"{RAW_TABLE_PREFIX}{dataset}"

    def curated_table(self, dataset: str) -> str:
        """Curated table, in the curated database."""
        return dataset

    def ops_table(self, dataset: str, kind: OpsTable) -> str:
        """One of the dataset's tables in the ops database."""
        return f"{dataset}_{kind}"

    def files_table(self, dataset: str) -> str:
        """Ops table with a row for each consumed object."""
        return self.ops_table(dataset, "files")

    def runs_table(self, dataset: str) -> str:
        """Ops table with a row a run."""
        return self.ops_table(dataset, "runs")

    def quarantine_table(self, dataset: str) -> str:
        """Ops table with a row for each source row that was not curated."""
        return self.ops_table(dataset, "quarantine")

    def curated_prefix(self, dataset: str) -> str:
        """Folder of the curated table in the curated bucket; ends in '/'."""
        return f"curated/{dataset}/"

    def ops_prefix(self, dataset: str, kind: OpsTable) -> str:
        """Folder of an ops table in the curated bucket; ends in '/'."""
        return f"ops/{dataset}/{kind}/"

    def records_prefix(self, dataset: str) -> str:
        """Folder of the dataset's run records in the curated bucket; ends in '/'."""
        return f"{RECORDS_PREFIX}{dataset}/"

    def record_key(self, dataset: str, run_id: str) -> str:
        """Key of a run's record in the curated bucket."""
        return f"{self.records_prefix(dataset)}{run_id}.json"

    def claim_key(self, dataset: str, run_id: str) -> str:
        """Key of the object in the curated bucket that gives a run id to the one who starts it."""
        return f"{self.records_prefix(dataset)}{run_id}.start"

    def temp_prefix(self, dataset: str) -> str:
        """Folder of the job's temporary objects in the curated bucket; a lifecycle rule empties it."""
        return f"temp/{dataset}/"


def slug(dataset: str) -> str:
    """Return the dataset's name as stacks, workflows, crawlers, jobs and roles spell it: '-' for '_'."""
    return dataset.replace("_", "-")
