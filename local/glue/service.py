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
from local.glue.triggers import Triggers
from local.glue.workflows.service import Workflows
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
        self.jobs = Jobs(platform)
        self.triggers = Triggers()
        self.workflows = Workflows(triggers=self.triggers, crawlers=self.crawlers, jobs=self.jobs)
        parts = (
            self.tags, self.catalog, self.security_configurations, self.classifiers, self.crawlers, self.jobs,
            self.triggers, self.workflows,
        )  # fmt: skip
        self.actions: dict[str, Action] = {name: action for part in parts for name, action in part.actions.items()}

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
