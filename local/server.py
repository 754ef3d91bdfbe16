"""The emulator's process: MiniStack with local Glue in it, on the loopback interface.

`python -m local.server --port N --state-dir DIR [--no-iam]`, started by `local.process`. Ends on SIGTERM, or when
its pid file is gone, and leaves nothing.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import threading
from collections.abc import Awaitable, Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from local import health, ministack_adapter
from local.settings import ACCOUNT, HOST, REGION, SPARK_HOME, Settings

SECONDS_BETWEEN_LOOKS_AT_THE_PID_FILE = 2.0

AsgiApp = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="AWS on this machine.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--role-seconds", type=float, default=Settings.role_seconds)
    parser.add_argument("--minute-seconds", type=float, default=Settings.minute_seconds)
    parser.add_argument("--no-iam", action="store_true")
    given = vars(parser.parse_args())
    iam = not given.pop("no_iam")
    settings = Settings(**given)
    code = health.code_digest()  # of the code that is imported from here on
    os.environ.update(ministack_adapter.environment(port=settings.port, iam=iam))
    # Runs of an emulator that was killed have left their folders; their processes ended with it.
    shutil.rmtree(settings.runs_dir, ignore_errors=True)
    asyncio.run(_serve(application(settings, code), settings))


def application(settings: Settings, code: str) -> AsgiApp:
    """MiniStack's application with local Glue installed; before it the URLs of roles' credentials and of health."""
    # Imported late: MiniStack reads its environment when it is imported.
    from local.events.service import Events
    from local.glue import cloudformation
    from local.glue.api import GlueApi
    from local.glue.clock import SystemClock
    from local.glue.credentials import PATH, RoleCredentialsVendor
    from local.glue.managed_policies import POLICIES
    from local.glue.platform import Platform
    from local.glue.scope import Scope
    from local.glue.service import Glue
    from local.glue.supported import supported

    def assume(role_arn: str, session_name: str, policy: str | None) -> ministack_adapter.RoleCredentials:
        return ministack_adapter.assume_role(
            role_arn,
            session_name=session_name,
            service="glue.amazonaws.com",
            seconds=settings.role_seconds,
            policy=policy,
        )

    glues: dict[Scope, Glue] = {}
    vendors: list[RoleCredentialsVendor] = []
    lock = threading.Lock()

    def glue_of(scope: Scope) -> Glue:
        with lock:
            if scope not in glues:
                vendor = RoleCredentialsVendor(settings.endpoint, scope.region, assume)
                vendors.append(vendor)
                changes = events.state_changes(scope)
                platform = Platform(
                    scope,
                    settings.endpoint,
                    vendor,
                    settings.runs_dir,
                    SPARK_HOME,
                    events=changes,
                    minute_seconds=settings.minute_seconds,
                )
                glues[scope] = Glue(platform, clock)
            return glues[scope]

    def notify(scope: Scope, workflow: str, event_id: str) -> None:
        glue_of(scope).workflows.notify_event(workflow, event_id)

    clock = SystemClock()
    events = Events(settings.endpoint, clock, notify)
    events.install()
    api = GlueApi(glue_of)
    ministack_adapter.install(
        api.handle, cloudformation.handlers(lambda: glue_of(ministack_adapter.current_scope())), api.unasked
    )
    ministack_adapter.add_managed_policies(POLICIES)
    ministack: AsgiApp = ministack_adapter.resolve("ministack.app:app")
    told = health.Health(
        iam_enforced=ministack_adapter.iam_enforced(),
        code=code,
        ministack=version("ministack"),
        glue=supported(glue_of(Scope(ACCOUNT, REGION))),
    ).to_json()

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            await _respond(send, *_credentials(vendors, scope))
        elif scope["type"] == "http" and scope["path"] == health.PATH:
            await _respond(send, 200, told)
        elif scope["type"] == "http" and scope["path"].startswith("/iceberg"):
            message = "Glue's Iceberg REST endpoint is not served on this machine: use the Glue API (type `glue`)."
            await _respond(send, 501, json.dumps({"error": {"message": message, "code": 501}}).encode())
        else:
            await ministack(scope, receive, send)

    return app


def _credentials(vendors: Iterable[Any], scope: dict[str, Any]) -> tuple[int, bytes]:
    headers = {name.lower(): value for name, value in scope["headers"]}
    authorization = headers.get(b"authorization", b"").decode()
    answers = (vendor.answer(authorization) for vendor in vendors)
    refused = (401, b'{"code": "InvalidToken", "message": "No run has this token."}')
    return next((answer for answer in answers if answer is not None), refused)


async def _respond(send: Any, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _disowned(settings: Settings) -> None:
    """Return once the pid file, which was there, names this process no more: it was removed or replaced.

    Otherwise an emulator whose project was deleted would hold its port for ever, out of reach of `make down`.
    """
    owned = False
    while True:
        try:
            mine = settings.pid_file.read_text() == str(os.getpid())
        except OSError:
            mine = False
        if owned and not mine:
            return
        owned = owned or mine
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS_AT_THE_PID_FILE)


async def _serve(app: AsgiApp, settings: Settings) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"{HOST}:{settings.port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.loglevel = "WARNING"
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    async def stopped() -> None:
        told, disowned = asyncio.create_task(stop.wait()), asyncio.create_task(_disowned(settings))
        await asyncio.wait((told, disowned), return_when=asyncio.FIRST_COMPLETED)

    await serve(app, config, shutdown_trigger=stopped)  # type: ignore[arg-type] # hypercorn types scopes one by one
    # Threads of crawls and runs are daemons; the pipes of their supervisors close with this process.
    os._exit(0)


if __name__ == "__main__":
    main()
