"""Workflows and their runs: the API's actions, and what starts a run besides them."""

from copy import deepcopy
from dataclasses import dataclass, field

from local.glue import model
from local.glue.clock import Clock
from local.glue.errors import (
    AlreadyExists,
    ConcurrentRunsExceeded,
    EntityNotFound,
    IllegalWorkflowState,
    InvalidInput,
)
from local.glue.platform import now
from local.glue.requests import Action, Request, Response, page
from local.glue.triggers.batches import Batch, Batches
from local.glue.triggers.service import Triggers
from local.glue.triggers.trigger import Trigger
from local.glue.workflows.engine import Engine
from local.glue.workflows.graph import describe_graph, unique_id
from local.glue.workflows.resume import actions_of, restarted_nodes, resumed
from local.glue.workflows.run import LIVE, WorkflowRun

WORKFLOWS_A_PAGE = 25
RUNS_A_PAGE = 1000
# 'Overview of workflows in AWS Glue': with more jobs, crawlers and triggers, stopping and resuming may fail.
NODES_A_WORKFLOW = 100
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

    def new_run(self, triggers: list[Trigger], properties: dict[str, str]) -> WorkflowRun:
        """A run that is to start: `properties` go over the workflow's defaults, key by key."""
        defaults = self.request.get("DefaultRunProperties", {})
        return WorkflowRun(
            workflow=self.request["Name"], properties={**defaults, **properties}, triggers=deepcopy(triggers)
        )


class Workflows:
    """The workflows of one scope. Everything changes under the engine's lock."""

    def __init__(self, *, triggers: Triggers, engine: Engine, clock: Clock) -> None:
        self._triggers = triggers
        self._engine = engine
        self._clock = clock
        self._lock = engine.lock
        self._batches = Batches(clock, self._start_on_events)
        self._workflows: dict[str, Workflow] = {}
        self.actions: dict[str, Action] = {
            "CreateWorkflow": self.create,
            "UpdateWorkflow": self.update,
            "DeleteWorkflow": self.delete,
            "GetWorkflow": self.get,
            "BatchGetWorkflows": self.get_some,
            "ListWorkflows": self.list_names,
            "StartWorkflowRun": self.start,
            "StopWorkflowRun": self.stop,
            "ResumeWorkflowRun": self.resume,
            "GetWorkflowRun": self.get_run,
            "GetWorkflowRuns": self.get_runs,
            "GetWorkflowRunProperties": self.get_properties,
            "PutWorkflowRunProperties": self.put_properties,
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
            workflow = self._find(request["Name"])
            workflow.request = {**workflow.request, **request}
            workflow.modified = now()
        return {"Name": request["Name"]}

    def replace(self, request: Request) -> Response:
        """CloudFormation's update: what the new properties leave out is reset."""
        with self._lock:
            workflow = self._find(request["Name"])
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
            return {"Workflow": self._describe(request["Name"], graph=request.get("IncludeGraph", False))}

    def get_some(self, request: Request) -> Response:
        """BatchGetWorkflows."""
        names, graph = request["Names"], request.get("IncludeGraph", False)
        if len(names) > WORKFLOWS_A_PAGE:
            raise InvalidInput(f"Names has at most {WORKFLOWS_A_PAGE} workflows, not {len(names)}.")
        with self._lock:
            return {
                "Workflows": [self._describe(name, graph=graph) for name in names if name in self._workflows],
                "MissingWorkflows": [name for name in names if name not in self._workflows],
            }

    def list_names(self, request: Request) -> Response:
        """ListWorkflows."""
        _check_page(request, WORKFLOWS_A_PAGE)
        with self._lock:
            return page(list(self._workflows), request, key="Workflows", default=WORKFLOWS_A_PAGE)

    def start(self, request: Request) -> Response:
        """StartWorkflowRun: fires the start trigger, of whichever type and state it is.

        AWS does not say what it does for a workflow that starts on a schedule or on events; here it starts too.
        """
        run = self._start(self._trigger_of(request["Name"]), request.get("RunProperties", {}))
        return {"RunId": run.id}

    def fire(self, trigger: Trigger) -> None:
        """Start a run of the trigger's workflow: on demand, or because it is time.

        AWS drops a scheduled start over the workflow's limit; what is left of it here is a run in ERROR with the
        message that `WorkflowRun.ErrorMessage` documents. On demand, the limit is the caller's error.
        """
        if trigger.type == "ON_DEMAND":
            self._start(trigger, {})
        elif trigger.workflow in self._workflows:  # else it was deleted before its trigger
            self._start_or_drop(trigger, {}, None)

    def notify_event(self, workflow_name: str, event_id: str) -> None:
        """An event has come for a workflow (`glue:notifyEvent`): it starts a run, by itself or as one of a batch.

        Raises EntityNotFound where there is no such workflow, InvalidInput where no EVENT trigger starts it.
        An event for a trigger that was stopped is lost.
        """
        with self._lock:
            self._find(workflow_name)
            trigger = self._triggers.start_of(workflow_name)
            if trigger is None or trigger.type != "EVENT":
                raise InvalidInput(f"Workflow {workflow_name} is not started by events: it has no EVENT trigger.")
        if trigger.is_listening:
            self._batches.add(trigger, event_id)

    def stop(self, request: Request) -> Response:
        """StopWorkflowRun: what runs is ended, what has not started never does."""
        with self._lock:
            run = self._find_run(request)
            if run.status != "RUNNING":
                raise IllegalWorkflowState(f"Workflow run {run.id} is {run.status} and cannot be stopped.")
            _check_size(run)
        self._engine.stop(run)
        return {}

    def resume(self, request: Request) -> Response:
        """ResumeWorkflowRun: a new run, in which the nodes and all that comes after them run again."""
        with self._lock:
            workflow, earlier = self._find(request["Name"]), self._find_run(request)
            nodes = restarted_nodes(earlier, request["NodeIds"])
            _check_size(earlier)
            if workflow.is_at_its_limit():
                raise ConcurrentRunsExceeded(_limit_message(request["Name"]))
            run = resumed(earlier, nodes)
            workflow.runs.append(run)
            for trigger, action in actions_of(earlier, nodes):
                self._engine.act(run, trigger, action)
            self._engine.advance(run)
        return {"RunId": run.id, "NodeIds": [unique_id(run.workflow, node) for node in nodes]}

    def get_run(self, request: Request) -> Response:
        """GetWorkflowRun."""
        with self._lock:
            return {"Run": self._find_run(request).describe(graph=request.get("IncludeGraph", False))}

    def get_runs(self, request: Request) -> Response:
        """GetWorkflowRuns, newest first."""
        _check_page(request, RUNS_A_PAGE)
        graph = request.get("IncludeGraph", False)
        with self._lock:
            runs = [run.describe(graph=graph) for run in reversed(self._history(request["Name"]))]
        return page(runs, request, key="Runs")

    def get_properties(self, request: Request) -> Response:
        """GetWorkflowRunProperties."""
        with self._lock:
            return {"RunProperties": dict(self._find_run(request).properties)}

    def put_properties(self, request: Request) -> Response:
        """PutWorkflowRunProperties: adds keys or replaces theirs, and leaves the rest."""
        with self._lock:
            self._find_run(request).properties.update(request["RunProperties"])
        return {}

    def check(self, name: str) -> None:
        """Raise EntityNotFound where there is no workflow of that name."""
        with self._lock:
            self._find(name)

    def _find(self, name: str) -> Workflow:
        if name not in self._workflows:
            raise EntityNotFound(f"Entity not found: workflow {name}.")
        return self._workflows[name]

    def _start(self, trigger: Trigger, properties: dict[str, str]) -> WorkflowRun:
        """Raises EntityNotFound, ConcurrentRunsExceeded."""
        with self._lock:
            workflow = self._find(str(trigger.workflow))
            if workflow.is_at_its_limit():
                raise ConcurrentRunsExceeded(_limit_message(workflow.request["Name"]))
            run = workflow.new_run(self._triggers.of_workflow(trigger.workflow), properties)
            self._begin(workflow, run, trigger)
            return run

    def _start_on_events(self, trigger_name: str, batch: Batch) -> None:
        """Start the run of a batch; its trigger may have been stopped or deleted while the events were gathered."""
        with self._lock:
            triggers = [trigger for name in self._workflows for trigger in self._triggers.of_workflow(name)]
            trigger = next((one for one in triggers if one.name == trigger_name), None)
            if trigger is not None and trigger.is_listening:
                # A list in a map of texts: programs that read it cut off the brackets of `[id]`.
                event_ids = f"[{', '.join(batch.event_ids)}]"
                self._start_or_drop(trigger, {"aws:eventIds": event_ids}, batch.condition)

    def _start_or_drop(self, trigger: Trigger, properties: dict[str, str], condition: Response | None) -> None:
        with self._lock:
            workflow = self._find(str(trigger.workflow))
            run = workflow.new_run(self._triggers.of_workflow(trigger.workflow), properties)
            run.batch_condition = condition
            if workflow.is_at_its_limit():
                run.status, run.error = "ERROR", _limit_message(run.workflow)
                run.completed_on = run.started_on
                workflow.runs.append(run)
            else:
                self._begin(workflow, run, trigger)

    def _begin(self, workflow: Workflow, run: WorkflowRun, trigger: Trigger) -> None:
        run.started_on = self._clock.now()
        workflow.runs.append(run)
        self._engine.begin(run, next(one for one in run.triggers if one.name == trigger.name))

    def _trigger_of(self, workflow: str) -> Trigger:
        with self._lock:
            self._find(workflow)
            trigger = self._triggers.start_of(workflow)
        if trigger is None:
            raise InvalidInput(f"Workflow {workflow} has no start trigger.")
        return trigger

    def _describe(self, name: str, *, graph: bool) -> Response:
        workflow, runs = self._find(name), self._history(name)
        return model.members(
            "Workflow",
            {
                **workflow.request,
                "CreatedOn": workflow.created,
                "LastModifiedOn": workflow.modified,
                "LastRun": runs[-1].describe(graph=graph) if runs else None,
                "Graph": describe_graph(name, self._triggers.of_workflow(name), None) if graph else None,
            },
        )

    def _history(self, name: str) -> list[WorkflowRun]:
        """The runs that can still be seen, oldest first; the others are forgotten."""
        workflow, oldest = self._find(name), self._clock.now() - SECONDS_OF_HISTORY
        workflow.runs = [run for run in workflow.runs if run.status in LIVE or run.started_on >= oldest]
        return workflow.runs

    def _find_run(self, request: Request) -> WorkflowRun:
        for run in self._history(request["Name"]):
            if run.id == request["RunId"]:
                return run
        raise EntityNotFound(f"Entity not found: run {request['RunId']} of workflow {request['Name']}.")


def _limit_message(workflow: str) -> str:
    """The text that AWS documents for a start over the limit."""
    return f"Concurrent runs exceeded for workflow: {workflow}."


def _check_page(request: Request, most: int) -> None:
    if request.get("MaxResults", most) > most:
        raise InvalidInput(f"MaxResults is at most {most}, not {request['MaxResults']}.")


def _check_size(run: WorkflowRun) -> None:
    """AWS says that stopping and resuming may fail for a workflow that is too large; here they do."""
    size = len(run.nodes()) + len(run.triggers)
    if size > NODES_A_WORKFLOW:
        raise InvalidInput(
            f"Workflow {run.workflow} has {size} jobs, crawlers and triggers: with more than {NODES_A_WORKFLOW} a run "
            "can be neither stopped nor resumed. Divide the workflow."
        )
