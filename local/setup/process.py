"""Runs the set-up's commands: none outlives the set-up, which does not outlive make.

Standard library only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from local.setup.disk import full_disk_hint
from local.setup.errors import SetupError

GRACE_SECONDS = 10
SHOWN_LINES = 30


class Terminated(BaseException):
    """Raised in the main thread when this process was told to end."""


def run(
    command: Sequence[object],
    *,
    cwd: Path,
    hint: str,
    env: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> None:
    """Run `command` to its end; raises SetupError with its exit code and `hint` when it fails.

    Interrupted, it gives the command some seconds to end by itself, then ends it. With `quiet` the command's
    output is shown, its last lines, only when it fails.
    """
    with tempfile.TemporaryFile() as log:
        output = log if quiet else None
        child = subprocess.Popen([str(part) for part in command], cwd=cwd, env=env, stdout=output, stderr=output)
        try:
            code = child.wait()
        except KeyboardInterrupt:
            _end(child, told=True)  # the terminal has told the whole process group
            raise
        except BaseException:
            _end(child, told=False)
            raise
        if code != 0:
            log.seek(0)
            sys.stderr.write("".join(log.read().decode(errors="replace").splitlines(keepends=True)[-SHOWN_LINES:]))
            raise SetupError(f"'{_shown(command)}' ended with exit code {code}. {full_disk_hint(cwd) or hint}")


def end_with_parent() -> None:
    """From now on end this process, and what it runs, when its parent has died or it is sent SIGTERM."""
    signal.signal(signal.SIGTERM, _terminate)
    parent = os.getppid()
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def _terminate(signum: int, frame: FrameType | None) -> None:
    raise Terminated


def _end(child: subprocess.Popen[bytes], *, told: bool) -> None:
    if not told:
        child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _shown(command: Sequence[object]) -> str:
    return " ".join([Path(str(command[0])).name, *(str(part) for part in command[1:4])])
