"""Locks between processes: what two commands at once would spoil waits for the first. Standard library only."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import TextIO


def hold(file: Path, *, waiting: Callable[[str], None], kept_by_exec: bool = False) -> TextIO:
    """Hold the lock `file` until the returned file is closed or this process ends, however it ends.

    Where another process holds it, `waiting` is called once with who does ('process 123'), and this one waits.
    With `kept_by_exec` a program that takes this process's place holds it on.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = file.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip()
        waiting(f"process {holder}" if holder.isdigit() else "another process")
        fcntl.flock(lock, fcntl.LOCK_EX)
    lock.seek(0)
    lock.truncate()
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    os.set_inheritable(lock.fileno(), kept_by_exec)
    return lock
