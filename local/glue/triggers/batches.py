"""Events on their way to an EVENT trigger: gathered until there are enough, or until the window closes.

Source: 'Overview of workflows in AWS Glue': the window opens at the first event; the limit that is reached first fires
the trigger, and both begin anew.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from local.glue.clock import Clock
from local.glue.requests import Response
from local.glue.triggers.trigger import Trigger


@dataclass(frozen=True)
class Batch:
    """Events that start one run together. `condition` is what says why now: StartingEventBatchCondition."""

    event_ids: tuple[str, ...]
    condition: Response


class Batches:
    """The open batches by the names of their triggers. `full` is called with a trigger's name and its batch."""

    def __init__(self, clock: Clock, full: Callable[[str, Batch], None]) -> None:
        self._clock = clock
        self._full = full
        self._lock = threading.Lock()
        self._open: dict[str, list[str]] = {}

    def add(self, trigger: Trigger, event_id: str) -> None:
        """One more event. The size counts as it is now, the window as it was at the batch's first event."""
        with self._lock:
            event_ids = self._open.get(trigger.name)
            if event_ids is None:
                event_ids = self._begin(trigger.name, trigger.batch_window)
            event_ids.append(event_id)
            if len(event_ids) < trigger.batch_size:
                return
            batch = self._close(trigger.name, {"BatchSize": len(event_ids), "BatchWindow": 0})
        self._full(trigger.name, batch)

    def _begin(self, name: str, window: int) -> list[str]:
        event_ids: list[str] = []
        self._open[name] = event_ids
        self._clock.at(self._clock.now() + window, lambda: self._window_closes(name, event_ids, window))
        return event_ids

    def _window_closes(self, name: str, event_ids: list[str], window: int) -> None:
        with self._lock:
            if self._open.get(name) is not event_ids:
                return  # there were enough events before
            batch = self._close(name, {"BatchSize": 0, "BatchWindow": window})
        self._full(name, batch)

    def _close(self, name: str, condition: Response) -> Batch:
        return Batch(tuple(self._open.pop(name)), condition)
