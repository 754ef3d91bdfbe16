"""When scheduled things are due: one alarm for each that is active, set anew when it rings."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from local.glue.clock import Alarm, Clock
from local.schedule import Schedule


class Timetable:
    """Calls `due` with a thing's name at each time of its schedule.

    Times that pass while nobody looks (the machine sleeps) are not made up for.
    """

    def __init__(self, clock: Clock, due: Callable[[str], None]) -> None:
        self._clock = clock
        self._due = due
        self._lock = threading.RLock()
        self._alarms: dict[str, Alarm] = {}

    def put(self, name: str, schedule: Schedule) -> None:
        """From now on `name` is due when `schedule` says so, and no more by an earlier one."""
        with self._lock:
            self.drop(name)
            moment = schedule.next(datetime.fromtimestamp(self._clock.now(), UTC))
            if moment is not None:
                self._alarms[name] = self._clock.at(moment.timestamp(), lambda: self._ring(name, schedule, moment))

    def drop(self, name: str) -> None:
        """`name` is due no more."""
        with self._lock:
            if name in self._alarms:
                self._alarms.pop(name).cancel()

    def _ring(self, name: str, schedule: Schedule, moment: datetime) -> None:
        with self._lock:
            if name not in self._alarms or self._alarms[name].when != moment.timestamp():
                return  # it was dropped, or put anew, while the alarm rang
            self.put(name, schedule)
        self._due(name)
