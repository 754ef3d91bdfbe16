"""Looks at the processes of an emulator and of what it starts, all through a run."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

SECONDS_BETWEEN_LOOKS = 0.25


@dataclass
class Seen:
    """What was seen: the addresses that were listened on, the most memory in bytes, and how often was looked."""

    listening: set[str] = field(default_factory=set)
    most_memory: int = 0
    looks: int = 0
    java_seen: bool = False


@contextmanager
def watched(pid: int) -> Iterator[Seen]:
    """Watch process `pid` and its descendants while the block runs."""
    seen, stop = Seen(), threading.Event()

    def watch() -> None:
        while not stop.wait(SECONDS_BETWEEN_LOOKS):
            _look(pid, seen)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def _look(pid: int, seen: Seen) -> None:
    memory = 0
    root = psutil.Process(pid)
    for one in (root, *root.children(recursive=True)):
        try:
            memory += one.memory_info().rss
            seen.java_seen = seen.java_seen or one.name() == "java"
            for connection in one.net_connections(kind="inet"):
                if connection.status == psutil.CONN_LISTEN:
                    seen.listening.add(connection.laddr.ip)
        except psutil.NoSuchProcess:
            continue
    seen.most_memory = max(seen.most_memory, memory)
    seen.looks += 1


def processes_of(run_id: str) -> list[psutil.Process]:
    """The live processes that have a run's id in their command line."""
    found = []
    for one in psutil.process_iter(["cmdline", "status"]):
        if one.info["status"] != psutil.STATUS_ZOMBIE and any(run_id in part for part in one.info["cmdline"] or ()):
            found.append(one)
    return found
