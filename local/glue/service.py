"""Glue in one account and region: every action that is served here, in one table."""

from local.glue.classifiers import Classifiers
from local.glue.clock import Clock, SystemClock
from local.glue.crawlers.service import Crawlers
from local.glue.jobs.service import Jobs
from local.glue.platform import Platform
from local.glue.requests import Action
from local.glue.security_configurations import SecurityConfigurations
from local.glue.tags import Tags
from local.glue.triggers.service import Triggers
from local.glue.triggers.trigger import Trigger
from local.glue.workflows.definitions import Definitions
from local.glue.workflows.engine import Engine
from local.glue.workflows.service import Workflows
from local.glue.workflows.standalone import StandaloneChains

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

    def __init__(self, platform: Platform, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        self.scope = platform.scope
        self.tags = Tags()
        self.security_configurations = SecurityConfigurations()
        self.classifiers = Classifiers()
        self.crawlers = Crawlers(platform, self.classifiers)
        self.jobs = Jobs(platform, self.security_configurations, self.tags)
        engine = Engine(self.crawlers, self.jobs)
        self.triggers = Triggers(
            clock,
            fire=self._fire,
            check_workflow=lambda name: definitions.check(name),
            tags_of=lambda name: self.tags.of(self.scope.arn(f"trigger/{name}")),
        )
        definitions = self.workflow_definitions = Definitions(triggers=self.triggers, clock=clock, lock=engine.lock)
        self.workflows = Workflows(definitions, triggers=self.triggers, engine=engine, clock=clock)
        self._standalone = StandaloneChains(engine, lambda: self.triggers.of_workflow(None))
        parts = (
            self.tags, self.security_configurations, self.classifiers, self.crawlers, self.jobs, self.triggers,
            self.workflows,
        )  # fmt: skip
        self.actions: dict[str, Action] = {name: action for part in parts for name, action in part.actions.items()}

    def _fire(self, trigger: Trigger) -> None:
        (self.workflows if trigger.workflow else self._standalone).fire(trigger)
