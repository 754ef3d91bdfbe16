"""Triggers: what starts crawlers and jobs, on demand or when others have ended. Workflow runs fire them."""

import threading
from dataclasses import dataclass, field

from local.glue import model
from local.glue.errors import AlreadyExists, EntityNotFound, InvalidInput, Unsupported
from local.glue.platform import now
from local.glue.requests import Action, Request, Response, page

TYPES = ("ON_DEMAND", "CONDITIONAL")
# The states that a condition may watch for ('AWS Glue triggers'), by the member that names them.
WATCHABLE = {
    "State": ("SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT"),
    "CrawlState": ("SUCCEEDED", "FAILED", "CANCELLED"),
}
CRAWLERS_A_TRIGGER = 2
CONDITIONS_A_TRIGGER = 500


@dataclass
class Trigger:
    """One trigger. ON_DEMAND stays CREATED for ever; CONDITIONAL fires only while ACTIVATED."""

    request: Request
    state: str
    modified: float = field(default_factory=now)

    @property
    def name(self) -> str:
        """The trigger's name."""
        return str(self.request["Name"])

    @property
    def workflow(self) -> str | None:
        """The workflow that it belongs to."""
        return self.request.get("WorkflowName")

    @property
    def starts_a_run(self) -> bool:
        """Whether it is its workflow's start."""
        return bool(self.request["Type"] == "ON_DEMAND")

    def describe(self) -> Response:
        """The trigger as GetTrigger shows it."""
        return model.members("Trigger", {**self.request, "State": self.state})


class Triggers:
    """The triggers of one scope."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._triggers: dict[str, Trigger] = {}
        self.actions: dict[str, Action] = {
            "CreateTrigger": self.create,
            "UpdateTrigger": self.update,
            "DeleteTrigger": self.delete,
            "GetTrigger": self.get,
            "GetTriggers": self.get_all,
            "StartTrigger": self.start,
            "StopTrigger": self.stop,
        }

    def create(self, request: Request) -> Response:
        """CreateTrigger."""
        _check(request)
        conditional = request["Type"] == "CONDITIONAL"
        if request.get("StartOnCreation") and not conditional:
            raise InvalidInput("StartOnCreation is not supported for ON_DEMAND triggers.")
        state = "ACTIVATED" if request.get("StartOnCreation") else "CREATED"
        with self._lock:
            if request["Name"] in self._triggers:
                raise AlreadyExists(f"Trigger with name {request['Name']} already exists.")
            if not conditional and any(one.starts_a_run for one in self.of_workflow(request["WorkflowName"])):
                raise InvalidInput(f"Workflow {request['WorkflowName']} has a start trigger already.")
            self._triggers[request["Name"]] = Trigger(request, state)
        return {"Name": request["Name"]}

    def update(self, request: Request) -> Response:
        """UpdateTrigger: the members that are given replace those that were; type and workflow stay."""
        with self._lock:
            trigger = self._find(request["Name"])
            changed = {**trigger.request, **request["TriggerUpdate"], "Name": trigger.name}
            _check(changed)
            trigger.request = changed
            return {"Trigger": trigger.describe()}

    def replace(self, request: Request) -> Response:
        """CloudFormation's update: what the new properties leave out is reset; StartOnCreation is ignored."""
        with self._lock:
            trigger = self._find(request["Name"])
            _check(request)
            trigger.request = request
        return {}

    def delete(self, request: Request) -> Response:
        """DeleteTrigger: of a trigger that is not there, too."""
        with self._lock:
            self._triggers.pop(request["Name"], None)
        return {"Name": request["Name"]}

    def get(self, request: Request) -> Response:
        """GetTrigger."""
        with self._lock:
            return {"Trigger": self._find(request["Name"]).describe()}

    def get_all(self, request: Request) -> Response:
        """GetTriggers."""
        job = request.get("DependentJobName")
        with self._lock:
            found = [one.describe() for one in self._triggers.values() if job is None or job in _jobs_started(one)]
        return page(found, request, key="Triggers")

    def start(self, request: Request) -> Response:
        """StartTrigger: a conditional trigger becomes active."""
        return self._switch(request["Name"], "ACTIVATED")

    def stop(self, request: Request) -> Response:
        """StopTrigger: a conditional trigger becomes inactive."""
        return self._switch(request["Name"], "DEACTIVATED")

    def of_workflow(self, workflow: str) -> list[Trigger]:
        """The triggers that belong to `workflow`, in the order of their creation."""
        with self._lock:
            return [trigger for trigger in self._triggers.values() if trigger.workflow == workflow]

    def _switch(self, name: str, state: str) -> Response:
        with self._lock:
            trigger = self._find(name)
            if trigger.starts_a_run:
                raise Unsupported(
                    "Starting an ON_DEMAND trigger by itself is not supported by the Glue on this machine: "
                    f"start its workflow {trigger.workflow}."
                )
            trigger.state = state
        return {"Name": name}

    def _find(self, name: str) -> Trigger:
        if name not in self._triggers:
            raise EntityNotFound(f"Trigger with name {name} not found.")
        return self._triggers[name]


def _jobs_started(trigger: Trigger) -> list[str]:
    return [action["JobName"] for action in trigger.request["Actions"] if "JobName" in action]


def _check(request: Request) -> None:
    """Raise InvalidInput for what Glue refuses, Unsupported for what is not served here."""
    kind = request["Type"]
    if kind not in TYPES:
        raise Unsupported(
            f"Triggers of type {kind} are not supported by the Glue on this machine, only {', '.join(TYPES)}."
        )
    if not request.get("WorkflowName"):
        raise Unsupported("A trigger outside a workflow is not supported by the Glue on this machine.")
    for action in request["Actions"]:
        if ("JobName" in action) == ("CrawlerName" in action):
            raise InvalidInput("An action names one job or one crawler.")
    crawlers = sum("CrawlerName" in action for action in request["Actions"])
    if crawlers > CRAWLERS_A_TRIGGER:
        raise InvalidInput(f"A trigger starts at most {CRAWLERS_A_TRIGGER} crawlers; this one has {crawlers}.")
    if kind == "CONDITIONAL":
        _check_predicate(request.get("Predicate", {}))


def _check_predicate(predicate: Request) -> None:
    conditions = predicate.get("Conditions", [])
    if not 1 <= len(conditions) <= CONDITIONS_A_TRIGGER:
        raise InvalidInput(f"A CONDITIONAL trigger has 1 to {CONDITIONS_A_TRIGGER} conditions.")
    if len(conditions) > 1 and "Logical" not in predicate:
        raise InvalidInput("A predicate of more than one condition needs Logical: AND or ANY.")
    for condition in conditions:
        member = "State" if "JobName" in condition else "CrawlState"
        if condition.get(member) not in WATCHABLE[member]:
            raise InvalidInput(f"{member} of a condition must be one of {', '.join(WATCHABLE[member])}.")
