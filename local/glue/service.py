"""Glue in one account and region: every action that is served here, in one table."""

from local.glue.classifiers import Classifiers
from local.glue.clock import Clock, SystemClock
from local.glue.crawlers.service import Crawlers
from local.glue.data_catalog import DataCatalog
from local.glue.data_catalog.stores import Stores
from local.glue.errors import UnknownOperation
from local.glue.jobs.service import Jobs
from local.glue.platform import Platform
from local.glue.requests import Action, Request, Response
from local.glue.security_configurations import SecurityConfigurations
from local.glue.tags import Tags
from local.glue.triggers.service import Triggers
from local.glue.triggers.trigger import Trigger
from local.glue.workflows.definitions import Definitions
from local.glue.workflows.engine import Engine
from local.glue.workflows.service import Workflows
from local.glue.workflows.standalone import StandaloneChains
from local.ministack_adapter import catalog_stores


class Glue:
    """The Data Catalog, crawlers, classifiers, jobs, triggers, workflows and all else of one scope.

    The HTTP API and CloudFormation both call these; there is no other way to change them.
    """

    def __init__(self, platform: Platform, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        self.scope = platform.scope
        self.tags = Tags(platform.scope)
        self.catalog = DataCatalog(Stores(account=platform.scope.account, **catalog_stores()))
        self.security_configurations = SecurityConfigurations()
        self.classifiers = Classifiers()
        self.crawlers = Crawlers(platform, self.classifiers, self.tags, clock)
        self.jobs = Jobs(platform, self.security_configurations, self.tags)
        engine = Engine(self.crawlers, self.jobs)
        self.triggers = Triggers(
            clock, fire=self._fire, check_workflow=self._check_workflow, tags_of=self._tags_of_trigger
        )
        self.workflow_definitions = Definitions(triggers=self.triggers, clock=clock, lock=engine.lock)
        self.workflows = Workflows(self.workflow_definitions, triggers=self.triggers, engine=engine, clock=clock)
        self._standalone = StandaloneChains(engine, lambda: self.triggers.of_workflow(None))
        parts = (
            self.tags, self.catalog, self.security_configurations, self.classifiers, self.crawlers, self.jobs,
            self.triggers, self.workflows,
        )  # fmt: skip
        self.actions: dict[str, Action] = {name: action for part in parts for name, action in part.actions.items()}

    def _fire(self, trigger: Trigger) -> None:
        (self.workflows if trigger.workflow else self._standalone).fire(trigger)

    def _check_workflow(self, name: str) -> None:
        self.workflow_definitions.check(name)

    def _tags_of_trigger(self, name: str) -> dict[str, str]:
        return self.tags.of(self.scope.arn(f"trigger/{name}"))

    def perform(self, action: str, request: Request) -> Response:
        """Do an action; the tags of what it creates or deletes come and go with it.

        Raises UnknownOperation for an action that is not served here.
        """
        if action not in self.actions:
            raise UnknownOperation(f"{action} is an action of AWS Glue that the Glue on this machine does not have.")
        tags = request.pop("Tags", {}) if self.tags.creates(action) else {}
        response = self.actions[action](request)
        self.tags.follow(action, request, tags)
        return response
