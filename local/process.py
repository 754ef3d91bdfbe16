"""Starts and ends the emulator's process, and says whether it is there, and of which code."""

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

import psutil

from lake.lock import hold
from local.health import Health, ask, code_digest
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
    health: Health | None = None
    """What it says of itself; None where it does not answer, or runs code of before it could say."""

    @property
    def outdated(self) -> bool:
        """It runs code that is not the code that is here now."""
        return self.healthy and (self.health is None or self.health.code != code_digest())


def status(settings: Settings) -> Status:
    """Whether the emulator of these settings runs, and answers."""
    pid = _pid(settings)
    healthy = pid is not None and _healthy(settings)
    health = ask(settings.endpoint) if healthy else None
    return Status(pid=pid, endpoint=settings.endpoint, healthy=healthy, health=health)


def start(settings: Settings, *, iam: bool = True) -> Status:
    """The emulator runs and answers when this returns; one that ran already is left as it is, whatever its `iam`.

    Raises EmulatorError where its port is taken by something else, or it does not come up.
    """
    with hold(settings.lock_file, waiting=lambda holder: None):
        return _start(settings, iam=iam)


def _start(settings: Settings, *, iam: bool) -> Status:
    if _pid(settings) is not None:
        _wait_until_healthy(settings, None)
        return status(settings)
    if _port_taken(settings.port):
        raise EmulatorError(_who_has_the_port(settings))
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
                "--role-seconds",
                str(settings.role_seconds),
                "--minute-seconds",
                str(settings.minute_seconds),
                *([] if iam else ["--no-iam"]),
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
            reason = (
                "The emulator ended at once."
                if ended
                else f"The emulator did not answer within {SECONDS_TO_START:.0f} s."
            )
            left = "" if ended else " It is still there: python -m local down ends it."
            raise EmulatorError("\n".join([f"{reason}{left} The end of {settings.log_file}:", *lines]))
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
    return pid if _runs(pid) and _is_emulator(pid, settings.port) else None


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


def _is_emulator(pid: int, port: int) -> bool:
    """A process id may have passed to another program, or another emulator, since the file was written."""
    command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return f"local.server --port {port} " in command.stdout


def _port_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _who_has_the_port(settings: Settings) -> str:
    choose = f"choose another port: AWS_ENDPOINT_URL=http://{HOST}:PORT"
    if _healthy(settings):
        return (
            f"Port {settings.port} of {HOST} is taken by AWS on this machine that another folder has started"
            f"{_listener(settings.port)}. End it there ('make down'), or {choose}"
        )
    taken = f"Port {settings.port} of {HOST} is taken by another program{_listener(settings.port)}."
    return f"{taken} End that program, or {choose}"


def _listener(port: int) -> str:
    """' (process 123: its command)' where the system tells; macOS tells only its administrator."""
    try:
        for found in psutil.net_connections("tcp"):
            if found.status == psutil.CONN_LISTEN and found.laddr.port == port and found.pid:
                return f" (process {found.pid}: {' '.join(psutil.Process(found.pid).cmdline())[:100]})"
    except (psutil.Error, OSError):
        return ""
    return ""
