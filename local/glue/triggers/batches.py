"""Events on their way to an EVENT trigger: gathered until there are enough, or until the window closes.

Source: 'Overview of workflows in AWS Glue': the window opens at the first event; the limit that is reached first fires
the trigger, and both begin anew.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from local.glue.clock import Alarm, Clock
from local.glue.requests import Response
from local.glue.triggers.trigger import Trigger


@dataclass(frozen=True)
class Batch:
    """Events that start one run together. `condition` is what says why now: StartingEventBatchCondition."""

    event_ids: tuple[str, ...]
    condition: Response


@dataclass
class _Open:
    alarm: Alarm | None
    event_ids: list[str] = field(default_factory=list)


class Batches:
    """The open batches by the names of their triggers. `full` is called with a trigger's name and its batch."""

    def __init__(self, clock: Clock, full: Callable[[str, Batch], None]) -> None:
        self._clock = clock
        self._full = full
        self._lock = threading.Lock()
        self._open: dict[str, _Open] = {}

    def add(self, trigger: Trigger, event_id: str) -> None:
        """One more event. The size counts as it is now, the window as it was at the batch's first event."""
        with self._lock:
            gathered = self._open.get(trigger.name) or self._begin(trigger)
            gathered.event_ids.append(event_id)
            if len(gathered.event_ids) < trigger.batch_size:
                return
            batch = self._close(trigger.name, {"BatchSize": len(gathered.event_ids), "BatchWindow": 0})
        self._full(trigger.name, batch)

    def _begin(self, trigger: Trigger) -> _Open:
        gathered = self._open[trigger.name] = _Open(alarm=None)
        if trigger.batch_size > 1:
            name, window = trigger.name, trigger.batch_window
            gathered.alarm = self._clock.at(self._clock.now() + window, lambda: self._closed(name, gathered, window))
        return gathered

    def _closed(self, name: str, gathered: _Open, window: int) -> None:
        with self._lock:
            if self._open.get(name) is not gathered:
                return  # it was full just before
            batch = self._close(name, {"BatchSize": 0, "BatchWindow": window})
        self._full(name, batch)

    def _close(self, name: str, condition: Response) -> Batch:
        gathered = self._open.pop(name)
        if gathered.alarm is not None:
            gathered.alarm.cancel()
        return Batch(tuple(gathered.event_ids), condition)
