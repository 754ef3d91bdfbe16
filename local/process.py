"""Starts and ends the emulator's process, and says whether it is there."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from local.settings import HOST, PROJECT, Settings

HEALTH_PATH = "/_ministack/health"
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 15.0


class EmulatorError(Exception):
    """The emulator could not be started or stopped; the text says why and what to do."""


@dataclass(frozen=True)
class Status:
    """`pid` is None where the emulator does not run."""

    pid: int | None
    endpoint: str
    healthy: bool


def status(settings: Settings) -> Status:
    """Whether the emulator of these settings runs, and answers."""
    pid = _pid(settings)
    return Status(pid=pid, endpoint=settings.endpoint, healthy=pid is not None and _healthy(settings))


def start(settings: Settings) -> Status:
    """The emulator runs and answers when this returns; one that ran already is left as it is.

    Raises EmulatorError where its port is taken by something else, or it does not come up.
    """
    if _pid(settings) is not None:
        _wait_until_healthy(settings, None)
        return status(settings)
    if _port_taken(settings.port):
        raise EmulatorError(
            f"Port {settings.port} of {HOST} is taken by another program. End that program, or choose another port: "
            f"AWS_ENDPOINT_URL=http://{HOST}:PORT"
        )
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with settings.log_file.open("wb") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "local.server",
                "--port",
                str(settings.port),
                "--state-dir",
                str(settings.state_dir),
            ],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    settings.pid_file.write_text(str(process.pid))
    _wait_until_healthy(settings, process)
    return status(settings)


def stop(settings: Settings) -> bool:
    """The emulator has ended, with every process of its runs, when this returns. False where none ran."""
    pid = _pid(settings)
    if pid is None:
        settings.pid_file.unlink(missing_ok=True)
        return False
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + SECONDS_TO_STOP
    while _runs(pid):
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    settings.pid_file.unlink(missing_ok=True)
    return True


def _wait_until_healthy(settings: Settings, process: "subprocess.Popen[bytes] | None") -> None:
    until = time.monotonic() + SECONDS_TO_START
    while not _healthy(settings):
        ended = process is not None and process.poll() is not None
        if ended or time.monotonic() > until:
            lines = (
                settings.log_file.read_text(errors="replace").splitlines()[-15:] if settings.log_file.exists() else []
            )
            reason = "ended at once" if ended else f"did not answer within {SECONDS_TO_START:.0f} s"
            raise EmulatorError("\n".join([f"The emulator {reason}. The end of {settings.log_file}:", *lines]))
        time.sleep(0.05)


def _healthy(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(settings.endpoint + HEALTH_PATH, timeout=5) as answer:
            return "services" in json.load(answer)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _pid(settings: Settings) -> int | None:
    """The process id of the emulator, if it is alive and is the emulator."""
    try:
        pid = int(settings.pid_file.read_text())
    except (OSError, ValueError):
        return None
    return pid if _runs(pid) and _is_emulator(pid) else None


def _runs(pid: int) -> bool:
    try:
        reaped, _ = os.waitpid(pid, os.WNOHANG)  # our own child stays a zombie until it is waited for
        if reaped == pid:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _is_emulator(pid: int) -> bool:
    """A process id may have passed to another program since the file was written."""
    command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "local.server" in command.stdout


def _port_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
