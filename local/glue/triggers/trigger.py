"""A trigger: what was asked for, its state, and how the API shows it."""

from dataclasses import dataclass

from local.glue import model
from local.glue.requests import Request, Response

# The types that start a workflow's run, or a chain outside workflows; CONDITIONAL goes on with one.
START_TYPES = ("ON_DEMAND", "SCHEDULED", "EVENT")
BATCH_SIZE = 1
BATCH_WINDOW_SECONDS = 900


@dataclass
class Trigger:
    """One trigger. `state` is CREATED, ACTIVATED or DEACTIVATED.

    Every change here is complete when its call returns, so that the states on the way (CREATING, ACTIVATING, UPDATING,
    DEACTIVATING, DELETING) are never seen; a client that waits for them to end is served.
    """

    request: Request
    state: str

    @property
    def name(self) -> str:
        """The trigger's name."""
        return str(self.request["Name"])

    @property
    def type(self) -> str:
        """ON_DEMAND, SCHEDULED, EVENT or CONDITIONAL."""
        return str(self.request["Type"])

    @property
    def workflow(self) -> str | None:
        """The workflow that it belongs to, None outside workflows."""
        return self.request.get("WorkflowName")

    @property
    def starts_a_run(self) -> bool:
        """Whether it is its workflow's start."""
        return self.type in START_TYPES

    @property
    def is_listening(self) -> bool:
        """Whether events reach it. An EVENT trigger needs no activation: AWS's guide creates one, and events come."""
        return self.type == "EVENT" and self.state != "DEACTIVATED"

    @property
    def batch_size(self) -> int:
        """How many events fire it; one, where it has no condition."""
        return int(self.request.get("EventBatchingCondition", {}).get("BatchSize", BATCH_SIZE))

    @property
    def batch_window(self) -> int:
        """After how many seconds from the first event it fires with those that came."""
        return int(self.request.get("EventBatchingCondition", {}).get("BatchWindow", BATCH_WINDOW_SECONDS))

    def jobs_started(self) -> list[str]:
        """The jobs that it starts."""
        return [action["JobName"] for action in self.request["Actions"] if "JobName" in action]

    def describe(self) -> Response:
        """The trigger as GetTrigger shows it."""
        return model.members("Trigger", {**self.request, "State": self.state})
