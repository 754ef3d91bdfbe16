"""Chains outside workflows: a trigger that belongs to none starts one, and others that belong to none go on with it.

Source: 'AWS Glue triggers': a conditional trigger fires on what was itself started by a trigger, back to one that is
scheduled or on demand; a job or crawler that is started by hand fires none.
"""

from collections.abc import Callable
from dataclasses import dataclass

from local.glue.triggers.trigger import Trigger
from local.glue.workflows.chain import Chain
from local.glue.workflows.engine import Engine


@dataclass(kw_only=True)
class StandaloneChain(Chain):
    """A chain outside workflows. Its triggers are not frozen: AWS documents that of workflow runs only."""

    triggers: Callable[[], list[Trigger]]

    def watching(self) -> list[Trigger]:
        """The triggers outside workflows as they are now."""
        return self.triggers()


class StandaloneChains:
    """Starts chains outside workflows. `triggers` gives the triggers that belong to no workflow."""

    def __init__(self, engine: Engine, triggers: Callable[[], list[Trigger]]) -> None:
        self._engine = engine
        self._triggers = triggers

    def fire(self, trigger: Trigger) -> None:
        """Start a chain by `trigger`: what prevents a start ends in FAILED or ERROR, as in a workflow."""
        self._engine.begin(StandaloneChain(triggers=self._triggers), trigger)
