"""Time as triggers need it: what time it is, and a call at a later one. Tests put a clock of their own in its place."""

import heapq
import itertools
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Protocol

# The longest sleep in one piece: the machine's clock may be set, or the machine sleep, meanwhile.
SECONDS_ASLEEP = 20.0


class Clock(Protocol):
    """Seconds since the epoch, and calls at a time. None is taken back: who is called looks whether it still holds."""

    def now(self) -> float:
        """The time."""

    def at(self, when: float, ring: Callable[[], None]) -> None:
        """Call `ring` once, at `when` or soon after it."""


class SystemClock:
    """The machine's clock. Calls are made one after another in one thread, which starts with the first of them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._alarms: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    def now(self) -> float:
        """The time."""
        return time.time()

    def at(self, when: float, ring: Callable[[], None]) -> None:
        """Call `ring` once, at `when` or soon after it."""
        with self._changed:
            heapq.heappush(self._alarms, (when, next(self._numbers), ring))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="clock", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            ring = self._next()
            try:
                ring()
            except Exception:  # the others still ring; the emulator's log learns of the defect
                traceback.print_exc(file=sys.stderr)

    def _next(self) -> Callable[[], None]:
        """The next call, once it is due."""
        with self._changed:
            while not self._alarms or self._alarms[0][0] > self.now():
                left = self._alarms[0][0] - self.now() if self._alarms else SECONDS_ASLEEP
                self._changed.wait(timeout=min(max(left, 0.0), SECONDS_ASLEEP))
            return heapq.heappop(self._alarms)[2]
