"""The emulator's own log, to its end or on and on."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 0.2


def last_lines(file: Path, count: int) -> Iterator[str]:
    """The last lines of a log, without their ends. Raises FileNotFoundError where it was never written."""
    with file.open(encoding="utf-8", errors="replace") as log:
        yield from (line.rstrip("\n") for line in deque(log, maxlen=count))


def follow(file: Path, count: int, running: Callable[[], bool]) -> Iterator[str]:
    """The last lines of a log and each line that comes, until `running` says that no more will."""
    with file.open(encoding="utf-8", errors="replace") as log:
        yield from (line.rstrip("\n") for line in deque(log, maxlen=count))
        begun = ""
        while True:
            more = running()  # asked first: what is written before the end is read after it
            while part := log.readline():
                begun += part
                if begun.endswith("\n"):
                    yield begun.rstrip("\n")
                    begun = ""
            if not more:
                break
            time.sleep(SECONDS_BETWEEN_LOOKS)
        if begun:
            yield begun
