"""The triggers of one scope: the API's actions, and the clock of those with a schedule."""

import threading
from collections.abc import Callable

from local.glue.clock import Clock
from local.glue.errors import AlreadyExists, EntityNotFound, InvalidInput
from local.glue.requests import Action, Request, Response, page
from local.glue.timetable import Timetable
from local.glue.triggers.definition import ACTIVATED_TYPES, check, scheduled
from local.glue.triggers.trigger import Trigger

KEPT_BY_AN_UPDATE = ("Name", "Type", "WorkflowName")


class Triggers:
    """Triggers by name. Every change happens under one lock.

    `fire` is called, outside that lock, with a trigger that is started on demand or whose time has come;
    `check_workflow` raises EntityNotFound where there is no workflow of a name; `tags_of` gives a trigger's tags.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        fire: Callable[[Trigger], None],
        check_workflow: Callable[[str], None],
        tags_of: Callable[[str], dict[str, str]],
    ) -> None:
        self._fire = fire
        self._check_workflow = check_workflow
        self._tags_of = tags_of
        self._lock = threading.RLock()
        self._triggers: dict[str, Trigger] = {}
        self._timetable = Timetable(clock, self._due)
        self.actions: dict[str, Action] = {
            "CreateTrigger": self.create,
            "UpdateTrigger": self.update,
            "DeleteTrigger": self.delete,
            "GetTrigger": self.get,
            "GetTriggers": self.get_all,
            "BatchGetTriggers": self.get_some,
            "ListTriggers": self.list_names,
            "StartTrigger": self.start,
            "StopTrigger": self.stop,
        }

    def create(self, request: Request) -> Response:
        """CreateTrigger. The workflow must be there; its jobs and crawlers need not (AWS documents neither)."""
        check(request)
        if request.get("WorkflowName"):
            self._check_workflow(request["WorkflowName"])
        activated = request.get("StartOnCreation", False) and request["Type"] in ACTIVATED_TYPES
        trigger = Trigger(request, "ACTIVATED" if activated else "CREATED")
        with self._lock:
            if trigger.name in self._triggers:
                raise AlreadyExists(f"Trigger with name {trigger.name} already exists.")
            if trigger.workflow and trigger.starts_a_run and self.start_of(trigger.workflow):
                raise InvalidInput(f"Workflow {trigger.workflow} has a start trigger already.")
            self._triggers[trigger.name] = trigger
            self._arrange(trigger)
        return {"Name": trigger.name}

    def update(self, request: Request) -> Response:
        """UpdateTrigger: overwrites the definition completely; type, workflow and state stay."""
        with self._lock:
            trigger = self._find(request["Name"])
            kept = {name: trigger.request[name] for name in KEPT_BY_AN_UPDATE if name in trigger.request}
            self._change(trigger, {**request["TriggerUpdate"], **kept})
            return {"Trigger": trigger.describe()}

    def replace(self, request: Request) -> Response:
        """CloudFormation's update: what the new properties leave out is reset; StartOnCreation is ignored."""
        with self._lock:
            self._change(self._find(request["Name"]), request)
        return {}

    def delete(self, request: Request) -> Response:
        """DeleteTrigger: of a trigger that is not there, too."""
        with self._lock:
            self._triggers.pop(request["Name"], None)
            self._timetable.drop(request["Name"])
        return {"Name": request["Name"]}

    def get(self, request: Request) -> Response:
        """GetTrigger."""
        with self._lock:
            return {"Trigger": self._find(request["Name"]).describe()}

    def get_all(self, request: Request) -> Response:
        """GetTriggers."""
        with self._lock:
            return page([one.describe() for one in self._asked(request)], request, key="Triggers")

    def get_some(self, request: Request) -> Response:
        """BatchGetTriggers."""
        with self._lock:
            names = request["TriggerNames"]
            return {
                "Triggers": [self._triggers[name].describe() for name in names if name in self._triggers],
                "TriggersNotFound": [name for name in names if name not in self._triggers],
            }

    def list_names(self, request: Request) -> Response:
        """ListTriggers: those that have all the tags asked for."""
        asked = request.get("Tags", {}).items()
        with self._lock:
            found = [one.name for one in self._asked(request) if asked <= self._tags_of(one.name).items()]
            return page(found, request, key="TriggerNames")

    def start(self, request: Request) -> Response:
        """StartTrigger: fires an ON_DEMAND trigger, activates any other."""
        with self._lock:
            trigger = self._find(request["Name"])
            if trigger.type in ACTIVATED_TYPES or trigger.state == "DEACTIVATED":
                trigger.state = "ACTIVATED"
                self._arrange(trigger)
        if trigger.type == "ON_DEMAND":
            self._fire(trigger)
        return {"Name": trigger.name}

    def stop(self, request: Request) -> Response:
        """StopTrigger: the trigger fires no more. An ON_DEMAND one stays CREATED for ever: it cannot be stopped."""
        with self._lock:
            trigger = self._find(request["Name"])
            if trigger.type == "ON_DEMAND":
                raise InvalidInput(f"Trigger {trigger.name} is ON_DEMAND: it is never active, so it cannot be stopped.")
            trigger.state = "DEACTIVATED"
            self._arrange(trigger)
        return {"Name": trigger.name}

    def named(self, name: str) -> Trigger | None:
        """The trigger of that name, if there is one."""
        with self._lock:
            return self._triggers.get(name)

    def of_workflow(self, workflow: str | None) -> list[Trigger]:
        """The triggers that belong to `workflow`, or to none, in the order of their creation."""
        with self._lock:
            return [trigger for trigger in self._triggers.values() if trigger.workflow == workflow]

    def start_of(self, workflow: str) -> Trigger | None:
        """The trigger that starts the runs of `workflow`."""
        return next((trigger for trigger in self.of_workflow(workflow) if trigger.starts_a_run), None)

    def _due(self, name: str) -> None:
        trigger = self.named(name)
        if trigger is not None and trigger.state == "ACTIVATED":
            self._fire(trigger)

    def _change(self, trigger: Trigger, request: Request) -> None:
        check({name: value for name, value in request.items() if name != "StartOnCreation"})
        trigger.request = request
        self._arrange(trigger)

    def _arrange(self, trigger: Trigger) -> None:
        """Let the clock fire the trigger, or no more."""
        if trigger.type == "SCHEDULED" and trigger.state == "ACTIVATED":
            self._timetable.put(trigger.name, scheduled(trigger.request))
        else:
            self._timetable.drop(trigger.name)

    def _asked(self, request: Request) -> list[Trigger]:
        """All triggers, or those that start DependentJobName where there are such ('GetTriggers' of the API)."""
        every = list(self._triggers.values())
        job = request.get("DependentJobName")
        return [one for one in every if job in one.jobs_started()] or every

    def _find(self, name: str) -> Trigger:
        if name not in self._triggers:
            raise EntityNotFound(f"Trigger with name {name} not found.")
        return self._triggers[name]
