"""How many Spark processes run at once on this machine: the others wait their turn, in the order they came."""

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

# A run waits for a core and for memory most of its first seconds: more at once would only make each of them slower,
# and each JVM holds half a GiB and more.
SPARK_PLACES = 2 * (os.cpu_count() or 1)
SECONDS_BETWEEN_LOOKS = 0.2


class Places:
    """At most `number` holders at once; the first that asks is the first that is served."""

    def __init__(self, number: int) -> None:
        self._free = number
        self._changed = threading.Condition()
        self._line: deque[object] = deque()

    @contextmanager
    def one(self, given_up: threading.Event) -> Iterator[None]:
        """A place while the block runs. Once `given_up` is set the block runs without one: it is to end at once."""
        me = object()
        with self._changed:
            self._line.append(me)
            while not given_up.is_set() and (self._line[0] is not me or self._free == 0):
                self._changed.wait(SECONDS_BETWEEN_LOOKS)
            self._line.remove(me)
            held = not given_up.is_set()
            self._free -= held
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += held
                self._changed.notify_all()


spark_places = Places(SPARK_PLACES)
