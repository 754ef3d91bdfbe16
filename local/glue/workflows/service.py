"""Workflows and their runs: the API's actions, and the engine that moves a run when a node of it has ended."""

import threading
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field

from local.glue import model
from local.glue.crawlers.service import Crawlers
from local.glue.errors import (
    AlreadyExists,
    ConcurrentRunsExceeded,
    CrawlerNotRunning,
    CrawlerStopping,
    EntityNotFound,
    IllegalWorkflowState,
    InvalidInput,
)
from local.glue.jobs.run import JobRun
from local.glue.jobs.service import Jobs, Origin
from local.glue.platform import now
from local.glue.requests import Action, Request, Response, page
from local.glue.triggers import Trigger, Triggers
from local.glue.workflows.run import WorkflowRun, describe_graph, new_run_id, node_of

LIVE = ("RUNNING", "STOPPING")


@dataclass
class Workflow:
    """One workflow and its runs, oldest first."""

    request: Request
    created: float = field(default_factory=now)
    modified: float = field(default_factory=now)
    runs: list[WorkflowRun] = field(default_factory=list)

    def live_runs(self) -> int:
        """How many runs have not ended."""
        return sum(run.status in LIVE for run in self.runs)


class Workflows:
    """The workflows of one scope. A run moves under one lock: at its start, and when a node of it has ended."""

    def __init__(self, *, triggers: Triggers, crawlers: Crawlers, jobs: Jobs) -> None:
        self._triggers = triggers
        self._crawlers = crawlers
        self._jobs = jobs
        self._lock = threading.RLock()
        self._workflows: dict[str, Workflow] = {}
        self.actions: dict[str, Action] = {
            "CreateWorkflow": self.create,
            "UpdateWorkflow": self.update,
            "DeleteWorkflow": self.delete,
            "GetWorkflow": self.get,
            "ListWorkflows": self.list_names,
            "StartWorkflowRun": self.start,
            "StopWorkflowRun": self.stop,
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

    def list_names(self, request: Request) -> Response:
        """ListWorkflows."""
        with self._lock:
            return page(list(self._workflows), request, key="Workflows", default=25)

    def start(self, request: Request) -> Response:
        """StartWorkflowRun. RunProperties go over the workflow's defaults, key by key."""
        with self._lock:
            workflow = self._find(request["Name"])
            limit = workflow.request.get("MaxConcurrentRuns")
            if limit is not None and workflow.live_runs() >= limit:
                raise ConcurrentRunsExceeded(f"Concurrent runs exceeded for workflow {request['Name']}.")
            triggers = deepcopy(self._triggers.of_workflow(request["Name"]))
            starts = [trigger for trigger in triggers if trigger.starts_a_run]
            if not starts:
                raise InvalidInput(f"Workflow {request['Name']} has no start trigger.")
            properties = {
                **workflow.request.get("DefaultRunProperties", {}),
                **request.get("RunProperties", {}),
            }
            run = WorkflowRun(id=new_run_id(), workflow=request["Name"], properties=properties, triggers=triggers)
            workflow.runs.append(run)
            for trigger in starts:
                self._fire(run, trigger)
            self._advance(run)
        return {"RunId": run.id}

    def stop(self, request: Request) -> Response:
        """StopWorkflowRun: what runs is ended, what has not started never does."""
        with self._lock:
            run = self._find_run(request)
            if run.status != "RUNNING":
                raise IllegalWorkflowState(f"Workflow run {run.id} is {run.status} and cannot be stopped.")
            run.status = "STOPPING"
            crawls = [one for attempts in run.crawls.values() for one in attempts if one.completed_on is None]
            runs = [one for attempts in run.job_runs.values() for one in attempts]
        for crawl in crawls:
            with suppress(CrawlerNotRunning, CrawlerStopping):  # it has ended meanwhile, or another stops it
                self._crawlers.stop({"Name": crawl.crawler})
        for job_run in runs:
            self._jobs.stop_run(job_run)
        self._advance(run)
        return {}

    def get_run(self, request: Request) -> Response:
        """GetWorkflowRun."""
        with self._lock:
            return {"Run": self._find_run(request).describe(graph=request.get("IncludeGraph", False))}

    def get_runs(self, request: Request) -> Response:
        """GetWorkflowRuns, newest first."""
        graph = request.get("IncludeGraph", False)
        with self._lock:
            runs = [run.describe(graph=graph) for run in reversed(self._find(request["Name"]).runs)]
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

    def _fire(self, run: WorkflowRun, trigger: Trigger) -> None:
        run.fired.add(trigger.name)
        for action in trigger.request["Actions"]:
            kind, name = node_of(action)
            if kind == "CRAWLER":
                crawl = self._crawlers.begin_triggered(name, lambda _: self._advance(run))
                run.crawls.setdefault(name, []).append(crawl)
            else:
                run.job_runs.setdefault(name, []).append(self._start_job(run, trigger, action))

    def _start_job(self, run: WorkflowRun, trigger: Trigger, action: Request) -> JobRun:
        request = {name: value for name, value in action.items() if name != "CrawlerName"}
        origin = Origin(trigger=trigger.name, workflow=run.workflow, workflow_run_id=run.id)

        def retried(attempt: JobRun) -> None:
            self._retried(run, attempt)

        return self._jobs.begin_triggered(request, origin, lambda _: self._advance(run), retried)

    def _retried(self, run: WorkflowRun, attempt: JobRun) -> None:
        with self._lock:
            run.job_runs[attempt.job].append(attempt)

    def _advance(self, run: WorkflowRun) -> None:
        """Fire what is due; the run has ended when nothing runs and nothing fires.

        How AWS ends a run is not documented; this is the rule that its states and graph allow.
        """
        with self._lock:
            while run.status == "RUNNING" and (due := run.due()):
                for trigger in due:
                    self._fire(run, trigger)
            if run.status in LIVE and not run.busy():
                run.status = "COMPLETED" if run.status == "RUNNING" else "STOPPED"
                run.completed_on = now()

    def _describe(self, name: str, *, graph: bool) -> Response:
        workflow = self._find(name)
        last = workflow.runs[-1].describe(graph=graph) if workflow.runs else None
        return model.members(
            "Workflow",
            {
                **workflow.request,
                "CreatedOn": workflow.created,
                "LastModifiedOn": workflow.modified,
                "LastRun": last,
                "Graph": describe_graph(name, self._triggers.of_workflow(name), None) if graph else None,
            },
        )

    def _find(self, name: str) -> Workflow:
        if name not in self._workflows:
            raise EntityNotFound(f"Entity not found: workflow {name}.")
        return self._workflows[name]

    def _find_run(self, request: Request) -> WorkflowRun:
        for run in self._find(request["Name"]).runs:
            if run.id == request["RunId"]:
                return run
        raise EntityNotFound(f"Entity not found: run {request['RunId']} of workflow {request['Name']}.")
