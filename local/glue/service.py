"""Glue in one account and region: every action that is served here, in one table."""

from local.glue.classifiers import Classifiers
from local.glue.crawlers.service import Crawlers
from local.glue.jobs.service import Jobs
from local.glue.platform import Platform
from local.glue.requests import Action
from local.glue.security_configurations import SecurityConfigurations
from local.glue.tags import Tags
from local.glue.triggers import Triggers
from local.glue.workflows.service import Workflows

# The Data Catalog's actions: MiniStack serves them, `data_catalog` what it lacks of them.
CATALOG_ACTIONS = frozenset(
    {
        "BatchCreatePartition", "BatchDeletePartition", "BatchDeleteTable", "BatchGetPartition", "BatchUpdatePartition",
        "CreateDatabase", "CreatePartition", "CreatePartitionIndex", "CreateTable", "DeleteDatabase",
        "DeletePartition", "DeleteTable", "GetDatabase", "GetDatabases", "GetPartition", "GetPartitionIndexes",
        "GetPartitions", "GetTable", "GetTables", "UpdateDatabase", "UpdatePartition", "UpdateTable",
    }
)  # fmt: skip


class Glue:
    """Crawlers, classifiers, jobs, triggers, workflows, security configurations and tags of one scope.

    The HTTP API and CloudFormation both call these; there is no other way to change them.
    """

    def __init__(self, platform: Platform) -> None:
        self.scope = platform.scope
        self.tags = Tags()
        self.security_configurations = SecurityConfigurations()
        self.classifiers = Classifiers()
        self.crawlers = Crawlers(platform, self.classifiers)
        self.jobs = Jobs(platform, self.security_configurations, self.tags)
        self.triggers = Triggers()
        self.workflows = Workflows(triggers=self.triggers, crawlers=self.crawlers, jobs=self.jobs)
        parts = (
            self.tags, self.security_configurations, self.classifiers, self.crawlers, self.jobs, self.triggers,
            self.workflows,
        )  # fmt: skip
        self.actions: dict[str, Action] = {name: action for part in parts for name, action in part.actions.items()}
