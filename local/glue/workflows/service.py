"""Workflows and their runs: the API's actions, and what starts a run besides them."""

from local.glue.clock import Clock
from local.glue.errors import (
    ConcurrentRunsExceeded,
    EntityNotFound,
    IllegalWorkflowState,
    InvalidInput,
)
from local.glue.requests import Action, Request, Response, page
from local.glue.triggers.batches import Batch, Batches
from local.glue.triggers.service import Triggers
from local.glue.triggers.trigger import Trigger
from local.glue.workflows.definitions import Definitions, Workflow
from local.glue.workflows.engine import Engine
from local.glue.workflows.graph import unique_id
from local.glue.workflows.resume import actions_of, restarted_nodes, resumed
from local.glue.workflows.run import WorkflowRun

# 'Overview of workflows in AWS Glue': with more jobs, crawlers and triggers, stopping and resuming may fail.
NODES_A_WORKFLOW = 100


class Workflows:
    """The workflows of one scope. Everything changes under the engine's lock."""

    def __init__(self, definitions: Definitions, *, triggers: Triggers, engine: Engine, clock: Clock) -> None:
        self._definitions = definitions
        self._triggers = triggers
        self._engine = engine
        self._clock = clock
        self._lock = engine.lock
        self._batches = Batches(clock, self._start_on_events)
        self.actions: dict[str, Action] = {
            **definitions.actions,
            "StartWorkflowRun": self.start,
            "StopWorkflowRun": self.stop,
            "ResumeWorkflowRun": self.resume,
            "GetWorkflowRun": self.get_run,
            "GetWorkflowRuns": self.get_runs,
            "GetWorkflowRunProperties": self.get_properties,
            "PutWorkflowRunProperties": self.put_properties,
        }

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
        elif self._definitions.has(trigger.workflow):  # else it was deleted before its trigger
            self._start_or_drop(trigger, {}, None)

    def notify_event(self, workflow_name: str, event_id: str) -> None:
        """An event has come for a workflow (`glue:notifyEvent`): it starts a run, by itself or as one of a batch.

        Raises EntityNotFound where there is no such workflow, InvalidInput where no EVENT trigger starts it.
        An event for a trigger that was stopped is lost.
        """
        with self._lock:
            self._definitions.find(workflow_name)
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
            workflow, earlier = self._definitions.find(request["Name"]), self._find_run(request)
            nodes = restarted_nodes(earlier, request["NodeIds"])
            _check_size(earlier)
            if workflow.is_at_its_limit():
                raise ConcurrentRunsExceeded(_limit_message(request["Name"]))
            run = resumed(earlier, nodes)
            self._keep(workflow, run)
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
        graph = request.get("IncludeGraph", False)
        with self._lock:
            runs = [run.describe(graph=graph) for run in reversed(self._definitions.find(request["Name"]).runs)]
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

    def _start(self, trigger: Trigger, properties: dict[str, str]) -> WorkflowRun:
        """Raises EntityNotFound, ConcurrentRunsExceeded."""
        with self._lock:
            workflow = self._definitions.find(str(trigger.workflow))
            if workflow.is_at_its_limit():
                raise ConcurrentRunsExceeded(_limit_message(workflow.request["Name"]))
            run = workflow.new_run(self._triggers.of_workflow(trigger.workflow), properties)
            self._begin(workflow, run, trigger)
            return run

    def _start_on_events(self, trigger_name: str, batch: Batch) -> None:
        """Start the run of a batch; its trigger may have been stopped or deleted while the events were gathered."""
        with self._lock:
            trigger = self._triggers.named(trigger_name)
            if trigger is not None and trigger.is_listening and self._definitions.has(trigger.workflow):
                # A list in a map of texts: programs that read it cut off the brackets of `[id]`.
                event_ids = f"[{', '.join(batch.event_ids)}]"
                self._start_or_drop(trigger, {"aws:eventIds": event_ids}, batch.condition)

    def _start_or_drop(self, trigger: Trigger, properties: dict[str, str], condition: Response | None) -> None:
        with self._lock:
            workflow = self._definitions.find(str(trigger.workflow))
            run = workflow.new_run(self._triggers.of_workflow(trigger.workflow), properties)
            run.batch_condition = condition
            if workflow.is_at_its_limit():
                self._keep(workflow, run)
                run.status, run.error = "ERROR", _limit_message(run.workflow)
                run.completed_on = run.started_on
            else:
                self._begin(workflow, run, trigger)

    def _begin(self, workflow: Workflow, run: WorkflowRun, trigger: Trigger) -> None:
        self._keep(workflow, run)
        self._engine.begin(run, next(one for one in run.triggers if one.name == trigger.name))

    def _keep(self, workflow: Workflow, run: WorkflowRun) -> None:
        run.started_on = self._clock.now()
        workflow.runs.append(run)

    def _trigger_of(self, workflow: str) -> Trigger:
        with self._lock:
            self._definitions.find(workflow)
            trigger = self._triggers.start_of(workflow)
        if trigger is None:
            raise InvalidInput(f"Workflow {workflow} has no start trigger.")
        return trigger

    def _find_run(self, request: Request) -> WorkflowRun:
        for run in self._definitions.find(request["Name"]).runs:
            if run.id == request["RunId"]:
                return run
        raise EntityNotFound(f"Entity not found: run {request['RunId']} of workflow {request['Name']}.")


def _limit_message(workflow: str) -> str:
    """The text that AWS documents for a start over the limit."""
    return f"Concurrent runs exceeded for workflow: {workflow}."


def _check_size(run: WorkflowRun) -> None:
    """AWS says that stopping and resuming may fail for a workflow that is too large; here they do."""
    size = len(run.nodes()) + len(run.triggers)
    if size > NODES_A_WORKFLOW:
        raise InvalidInput(
            f"Workflow {run.workflow} has {size} jobs, crawlers and triggers: with more than {NODES_A_WORKFLOW} a run "
            "can be neither stopped nor resumed. Divide the workflow."
        )
