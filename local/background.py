"""Work that nobody waits for, done in the order in which it came."""

import queue
import sys
import threading
import traceback
from collections.abc import Callable

Call = Callable[[], object]


class Worker:
    """One thread, started with the first call and ended with the process. A call that raises is told in the log."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls: queue.SimpleQueue[Call] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self, call: Call) -> None:
        """Make `call` after those that came before it; returns at once."""
        self._calls.put(call)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            call = self._calls.get()
            try:
                call()
            except Exception:  # the next ones are made all the same
                traceback.print_exc(file=sys.stderr)
