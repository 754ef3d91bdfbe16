"""One job run from its credentials to its end: fetches the files, runs Spark, ships the logs, says how it ended."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.glue.errors import GlueError
from local.glue.jobs.arguments import command_line, special
from local.glue.jobs.run import JobRun
from local.glue.jobs.spark import LOG4J, LOG4J_FILE, PACKAGE, SparkProcess, file_name
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
    """The two log streams of a run: the script's and Spark's."""

    script: LogStream
    spark: LogStream

    def close(self) -> None:
        """Ship what is left."""
        self.script.close()
        self.spark.close()


def execute(run: JobRun, platform: Platform, *, running: Callable[[], None]) -> None:
    """Returns when the run has succeeded; raises RunFailed, RunStopped or RunTimedOut otherwise.

    `running` is called once the script's process has started. No process of the run is left when this returns.
    """
    folder = platform.runs_dir / run.id
    folder.mkdir(parents=True)
    role = platform.scope.role_arn(run.role)
    try:
        credentials = platform.vendor.grant(role, SESSION_NAME)
    except GlueError as problem:
        raise RunFailed(problem.message) from problem
    outputs = Outputs(
        platform.log_stream(run.role, SESSION_NAME, group=f"{run.log_group}/output", stream=run.id),
        platform.log_stream(run.role, SESSION_NAME, group=f"{run.log_group}/error", stream=run.id),
    )
    try:
        process = _prepare(run, platform, folder)
        _supervise(run, process, credentials, outputs, running)
    except (ClientError, BotoCoreError) as problem:
        raise RunFailed(f"Error Category: PERMISSION_ERROR; {problem}") from problem
    except GlueError as problem:
        raise RunFailed(problem.message) from problem
    finally:
        outputs.close()
        platform.vendor.revoke(credentials)
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(run: JobRun, platform: Platform, folder: Path) -> SparkProcess:
    """Fetch the script and the files with the run's role, as Glue does before it starts."""
    settings = special(run.arguments)
    session = platform.vendor.session(platform.scope.role_arn(run.role), SESSION_NAME)
    fetch = _Fetch(session, platform.endpoint, folder)
    (folder / LOG4J_FILE).write_text(LOG4J)
    (folder / "scratch").mkdir()
    workflow = {"--WORKFLOW_NAME": run.workflow or "", "--WORKFLOW_RUN_ID": run.workflow_run_id or ""}
    script = fetch(run.script)
    for location in settings.extra_files:
        fetch(location)
    return SparkProcess(
        folder=folder,
        spark_home=platform.spark_home,
        endpoint=platform.endpoint,
        worker_type=run.worker_type,
        special=settings,
        jars=[fetch(location) for location in settings.extra_jars],
        py_files=[fetch(location) for location in settings.extra_py_files],
        script=script,
        command_line=command_line(
            run.arguments, job=run.job, run_id=run.id, workflow=workflow if run.workflow_run_id else {}
        ),
    )


class _Fetch:
    """Copies one S3 object into the run's folder under its own name."""

    def __init__(self, session: boto3.Session, endpoint: str, folder: Path) -> None:
        self._s3 = session.client("s3", endpoint_url=endpoint)
        self._folder = folder

    def __call__(self, location: str) -> Path:
        parts = urlsplit(location)
        if parts.scheme not in ("s3", "s3a") or not parts.path.strip("/"):
            raise RunFailed(f"InvalidArgument: {location!r} is not the location of an S3 object.")
        target = self._folder / file_name(location)
        try:
            body = self._s3.get_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))["Body"]
            target.write_bytes(body.read())
        except ClientError as problem:
            raise RunFailed(f"Error Category: PERMISSION_ERROR; reading {location}: {problem}") from problem
        return target


def _supervise(
    run: JobRun,
    process: SparkProcess,
    credentials: dict[str, str],
    outputs: Outputs,
    running: Callable[[], None],
) -> None:
    plan = process.folder / ".plan"
    plan.write_text(json.dumps(process.plan()))
    supervisor = subprocess.Popen(
        [sys.executable, "-I", str(PACKAGE / "supervisor.py"), str(plan)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=process.environment(credentials),
        start_new_session=True,
    )
    pumps = [_pump(supervisor.stdout, outputs.script), _pump(supervisor.stderr, outputs.spark)]
    running()
    try:
        stopped = _wait(supervisor, run)
    finally:
        _end(supervisor)
        for pump in pumps:
            pump.join(timeout=10)
    if stopped:
        raise RunStopped
    if supervisor.returncode != 0:
        raise RunFailed(_error_message(process, supervisor.returncode))
    process.class_archive().make(process.folder)


def _wait(supervisor: "subprocess.Popen[bytes]", run: JobRun) -> bool:
    """Wait for the end; True where the run was asked to stop before. Raises RunTimedOut."""
    ended = threading.Event()

    def wait() -> None:
        supervisor.wait()
        ended.set()
        run.stop.set()

    threading.Thread(target=wait, name=f"wait {run.id}", daemon=True).start()
    if not run.stop.wait(timeout=run.timeout_minutes * 60):
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


def _error_message(process: SparkProcess, code: int) -> str:
    if process.error_file.exists():
        return str(json.loads(process.error_file.read_text()))
    return f"Error Category: UNCLASSIFIED_ERROR; Command failed with exit code {code}"
