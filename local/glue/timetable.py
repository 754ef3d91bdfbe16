"""When scheduled things are due: one time ahead for each that is on, and the next when it has come."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from lake.schedule import Schedule
from local.glue.clock import Clock


class Timetable:
    """Calls `due` with a thing's name at each time of its schedule.

    Times that pass while nobody looks (the machine sleeps) are not made up for.
    """

    def __init__(self, clock: Clock, due: Callable[[str], None]) -> None:
        self._clock = clock
        self._due = due
        self._lock = threading.RLock()
        self._entries: dict[str, object] = {}

    def put(self, name: str, schedule: Schedule) -> None:
        """From now on `name` is due when `schedule` says so, and no more by an earlier one."""
        with self._lock:
            self.drop(name)
            moment = schedule.next(datetime.fromtimestamp(self._clock.now(), UTC))
            if moment is not None:
                entry = self._entries[name] = object()
                self._clock.at(moment.timestamp(), lambda: self._ring(name, schedule, entry))

    def drop(self, name: str) -> None:
        """`name` is due no more."""
        with self._lock:
            self._entries.pop(name, None)

    def _ring(self, name: str, schedule: Schedule, entry: object) -> None:
        with self._lock:
            if self._entries.get(name) is not entry:
                return  # it was dropped, or put anew
            self.put(name, schedule)
        self._due(name)
