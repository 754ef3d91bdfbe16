"""Workflows themselves: the API's actions on them, and the runs that each remembers."""

import threading
from copy import deepcopy
from dataclasses import dataclass, field

from local.glue import model
from local.glue.clock import Clock
from local.glue.errors import AlreadyExists, EntityNotFound
from local.glue.platform import now
from local.glue.requests import Action, Request, Response, page
from local.glue.triggers.service import Triggers
from local.glue.triggers.trigger import Trigger
from local.glue.workflows.graph import describe_graph
from local.glue.workflows.run import LIVE, WorkflowRun

WORKFLOWS_A_PAGE = 25
# GetWorkflowRun and GetWorkflowRuns of the API: "runs within the last 90 days".
SECONDS_OF_HISTORY = 90 * 24 * 3600


@dataclass
class Workflow:
    """One workflow and its runs, oldest first."""

    request: Request
    created: float = field(default_factory=now)
    modified: float = field(default_factory=now)
    runs: list[WorkflowRun] = field(default_factory=list)

    def is_at_its_limit(self) -> bool:
        """Whether as many runs have not ended as MaxConcurrentRuns allows; absent, there is no limit."""
        limit = self.request.get("MaxConcurrentRuns")
        return limit is not None and sum(run.status in LIVE for run in self.runs) >= limit

    def forget_runs_before(self, oldest: float) -> None:
        """Keep the live runs and those that were started at `oldest` or later."""
        self.runs = [run for run in self.runs if run.status in LIVE or run.started_on >= oldest]

    def new_run(self, triggers: list[Trigger], properties: dict[str, str]) -> WorkflowRun:
        """A run that is to start: `properties` go over the workflow's defaults, key by key."""
        defaults = self.request.get("DefaultRunProperties", {})
        return WorkflowRun(
            workflow=self.request["Name"], properties={**defaults, **properties}, triggers=deepcopy(triggers)
        )


class Definitions:
    """The workflows of one scope, by name. They change under `lock`, which is that of their runs."""

    def __init__(self, *, triggers: Triggers, clock: Clock, lock: threading.RLock) -> None:
        self._triggers = triggers
        self._clock = clock
        self._lock = lock
        self._workflows: dict[str, Workflow] = {}
        self.actions: dict[str, Action] = {
            "CreateWorkflow": self.create,
            "UpdateWorkflow": self.update,
            "DeleteWorkflow": self.delete,
            "GetWorkflow": self.get,
            "BatchGetWorkflows": self.get_some,
            "ListWorkflows": self.list_names,
        }

    def create(self, request: Request) -> Response:
        """CreateWorkflow."""
        with self._lock:
            if request["Name"] in self._workflows:
                raise AlreadyExists(f"Workflow with name {request['Name']} already exists.")
            self._workflows[request["Name"]] = Workflow(request)
        return {"Name": request["Name"]}

    def update(self, request: Request) -> Response:
        """UpdateWorkflow: the members that are given replace those that were."""
        with self._lock:
            workflow = self.find(request["Name"])
            workflow.request = {**workflow.request, **request}
            workflow.modified = now()
        return {"Name": request["Name"]}

    def replace(self, request: Request) -> Response:
        """CloudFormation's update: what the new properties leave out is reset."""
        with self._lock:
            workflow = self.find(request["Name"])
            workflow.request = request
            workflow.modified = now()
        return {}

    def delete(self, request: Request) -> Response:
        """DeleteWorkflow: of a workflow that is not there, too."""
        with self._lock:
            self._workflows.pop(request["Name"], None)
        return {"Name": request["Name"]}

    def get(self, request: Request) -> Response:
        """GetWorkflow."""
        with self._lock:
            return {"Workflow": self._describe(self.find(request["Name"]), graph=request.get("IncludeGraph", False))}

    def get_some(self, request: Request) -> Response:
        """BatchGetWorkflows."""
        names, graph = request["Names"], request.get("IncludeGraph", False)
        with self._lock:
            return {
                "Workflows": [self._describe(self._current(name), graph=graph) for name in names if self.has(name)],
                "MissingWorkflows": [name for name in names if not self.has(name)],
            }

    def list_names(self, request: Request) -> Response:
        """ListWorkflows."""
        with self._lock:
            return page(list(self._workflows), request, key="Workflows", default=WORKFLOWS_A_PAGE)

    def has(self, name: str | None) -> bool:
        """Whether there is a workflow of that name."""
        return name in self._workflows

    def check(self, name: str) -> None:
        """Raise EntityNotFound where there is no workflow of that name."""
        with self._lock:
            self.find(name)

    def find(self, name: str) -> Workflow:
        """The workflow of a name; its runs are those that can still be seen. Raises EntityNotFound."""
        if name not in self._workflows:
            raise EntityNotFound(f"Entity not found: workflow {name}.")
        return self._current(name)

    def _current(self, name: str) -> Workflow:
        self._workflows[name].forget_runs_before(self._clock.now() - SECONDS_OF_HISTORY)
        return self._workflows[name]

    def _describe(self, workflow: Workflow, *, graph: bool) -> Response:
        name = workflow.request["Name"]
        return model.members(
            "Workflow",
            {
                **workflow.request,
                "CreatedOn": workflow.created,
                "LastModifiedOn": workflow.modified,
                "LastRun": workflow.runs[-1].describe(graph=graph) if workflow.runs else None,
                "Graph": describe_graph(name, self._triggers.of_workflow(name), None) if graph else None,
            },
        )
