"""One job run from its credentials to its end: brings its files, runs its processes, ships its logs."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import BotoCoreError, ClientError

from local.glue.errors import GlueError, InternalService
from local.glue.jobs.arguments import command_line, special
from local.glue.jobs.files import Files, NotFetched
from local.glue.jobs.places import spark_places
from local.glue.jobs.process import PACKAGE, ScriptProcess
from local.glue.jobs.run import JobRun
from local.glue.jobs.spark import EVENT_LOGS, SparkProcess
from local.glue.logs import LogStream
from local.glue.platform import Platform

# The session name that AWS's job runs have.
SESSION_NAME = "GlueJobRunnerSession"


class RunFailed(Exception):
    """The run ended in failure; the text is its ErrorMessage."""


class RunStopped(Exception):
    """The run was asked to stop, and did."""


class RunTimedOut(Exception):
    """The run took longer than its Timeout."""


@dataclass(frozen=True)
class Outputs:
    """The two log streams of a run: the script's, and Spark's or the script's errors."""

    output: LogStream
    error: LogStream

    def close(self) -> None:
        """Ship what is left."""
        self.output.close()
        self.error.close()


def execute(run: JobRun, platform: Platform, *, log_key: str | None, running: Callable[[], None]) -> None:
    """Returns when the run has succeeded; raises RunFailed, RunStopped or RunTimedOut otherwise.

    `log_key` is the KMS key of its log groups. `running` is called once the script's process has started. No process
    of the run is left when this returns.
    """
    folder = platform.runs_dir / run.id
    with spark_places.one(run.stop) if run.plan.kind == "glueetl" else nullcontext():
        if run.stop.is_set():
            raise RunStopped
        try:
            folder.mkdir(parents=True)
            _execute(run, platform, folder, log_key, running)
        except NotFetched as problem:
            raise RunFailed(str(problem)) from problem
        except (ClientError, BotoCoreError) as problem:
            raise RunFailed(f"Error Category: PERMISSION_ERROR; {problem}") from problem
        except InternalService as problem:
            raise RunFailed(problem.message) from problem
        except GlueError as problem:
            raise RunFailed(f"Error Category: PERMISSION_ERROR; {problem.message}") from problem
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _execute(run: JobRun, platform: Platform, folder: Path, log_key: str | None, running: Callable[[], None]) -> None:
    role, policy = platform.scope.role_arn(run.plan.role), run.plan.session_policy
    credentials = platform.vendor.grant(role, SESSION_NAME, policy)
    try:
        output, error = (
            platform.log_stream(run.plan.role, SESSION_NAME, group=group, stream=run.logs.stream, key=log_key)
            for group in (run.logs.output, run.logs.error)
        )
        outputs = Outputs(output, error)
        try:
            files = Files(platform.vendor.session(role, SESSION_NAME, policy), platform.endpoint, folder)
            process = _prepare(run, platform, folder, files)
            try:
                _supervise(run, process, process.environment(credentials), outputs, running, platform.minute_seconds)
            finally:
                _bring_event_logs(run, folder, files, outputs.error)
        finally:
            outputs.close()
    finally:
        platform.vendor.revoke(credentials)


def _prepare(run: JobRun, platform: Platform, folder: Path, files: Files) -> ScriptProcess:
    """Bring the script and the files with the run's role, as Glue does before it starts."""
    plan, settings = run.plan, special(run.plan.arguments)
    (folder / "scratch").mkdir()
    script = files.fetch(plan.script)
    for location in settings.extra_files:
        files.fetch_all(location)
    py_files = [files.fetch(location) for location in settings.extra_py_files]
    line = command_line(plan.arguments, job=plan.job, run_id=run.id, added=_added(run))
    if plan.kind == "pythonshell":
        return ScriptProcess(folder, platform.endpoint, py_files, script, line)
    jars = [files.fetch(location) for location in settings.extra_jars]
    return SparkProcess(
        folder, platform.endpoint, py_files, script, line, platform.spark_home, plan.capacity, settings, jars
    )


def _bring_event_logs(run: JobRun, folder: Path, files: Files, errors: LogStream) -> None:
    """Write Spark's event logs where the run wants them, at its end; that they cannot be written fails no run.

    AWS writes what there is every half a minute, too.
    """
    location = special(run.plan.arguments).event_logs
    if location is not None and (folder / EVENT_LOGS).exists():
        try:
            files.put_all(folder / EVENT_LOGS, location)
        except (NotFetched, BotoCoreError, S3UploadFailedError) as problem:
            errors.write(f"Spark's event logs were not written: {problem}")


def _added(run: JobRun) -> dict[str, str]:
    """The arguments that Glue adds to some runs."""
    added = {
        "--WORKFLOW_NAME": run.plan.workflow,
        "--WORKFLOW_RUN_ID": run.plan.workflow_run_id,
        "--SECURITY_CONFIGURATION": run.plan.security_configuration,
    }
    return {name: value for name, value in added.items() if value}


def _supervise(
    run: JobRun,
    process: ScriptProcess,
    environment: dict[str, str],
    outputs: Outputs,
    running: Callable[[], None],
    minute_seconds: float,
) -> None:
    plan = process.folder / ".plan"
    plan.write_text(json.dumps(process.plan()))
    supervisor = subprocess.Popen(
        [sys.executable, "-I", str(PACKAGE / "supervisor.py"), str(plan)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    pumps = [_pump(supervisor.stdout, outputs.output), _pump(supervisor.stderr, outputs.error)]
    running()
    try:
        stopped = _wait(supervisor, run, run.plan.timeout_minutes * minute_seconds)
    finally:
        _end(supervisor)
        for pump in pumps:
            pump.join(timeout=10)
    if stopped:
        raise RunStopped
    if supervisor.returncode != 0:
        raise RunFailed(_error_message(process, supervisor.returncode))
    process.succeeded()


def _wait(supervisor: "subprocess.Popen[bytes]", run: JobRun, seconds: float) -> bool:
    """Wait for the end; True where the run was asked to stop before. Raises RunTimedOut."""
    ended = threading.Event()

    def wait() -> None:
        supervisor.wait()
        ended.set()
        run.stop.set()

    threading.Thread(target=wait, name=f"wait {run.id}", daemon=True).start()
    if not run.stop.wait(timeout=seconds):
        raise RunTimedOut
    return not ended.is_set()


def _end(supervisor: "subprocess.Popen[bytes]") -> None:
    """Leave no process of the run's group."""
    with suppress(ProcessLookupError):
        os.killpg(supervisor.pid, signal.SIGKILL)
    supervisor.wait()


def _pump(pipe: IO[bytes] | None, stream: LogStream) -> threading.Thread:
    def pump() -> None:
        for line in pipe or ():
            stream.write(line.decode(errors="replace").rstrip("\n"))

    thread = threading.Thread(target=pump, name="log pump", daemon=True)
    thread.start()
    return thread


def _error_message(process: ScriptProcess, code: int) -> str:
    if process.error_file.exists():
        return str(json.loads(process.error_file.read_text()))
    return f"Error Category: UNCLASSIFIED_ERROR; Command failed with exit code {code}"
