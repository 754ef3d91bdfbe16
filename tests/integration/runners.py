"""`python run.py` as a process of its own that a test can watch, interrupt and kill; and the runs that it started."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from lake.names import RUN_ID_PROPERTY, Names
from local.settings import PROJECT
from tests.integration.aws import wait_for
from tests.integration.lake import Lake

NAMES = Names("local")
SECONDS: Final = 180
LIVE: Final = {"RUNNING", "STOPPING"}

# In place of the pipeline's job: a Spark session, and numbered lines at a pace at which some are always yet to come.
NUMBERED_LINES: Final = """
import time
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print("counted", spark.range(3).count(), flush=True)
for number in range({lines}):
    print(f"line {{number}}", flush=True)
    time.sleep(0.02)
"""
FOR_EVER: Final = 10**9


@dataclass
class Runner:
    """A runner that goes on; `said` is what it has written so far, on stdout and stderr."""

    process: subprocess.Popen[bytes]
    output: int
    said: str = ""
    _reader: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        # A terminal whose last process has gone is an error to read.
        with suppress(OSError):
            while part := os.read(self.output, 65536):
                with self._lock:
                    self.said += part.decode(errors="replace").replace("\r\n", "\n")

    def until_it_says(self, text: str) -> None:
        """Wait until it has said `text`; fails where it ends before."""

        def look() -> bool:
            ended = self.process.poll() is not None
            assert text in self.said or not ended, self.said
            return text in self.said

        wait_for(look, seconds=SECONDS, what=text)

    def type(self, text: str) -> None:
        """Type on its terminal."""
        os.write(self.output, text.encode())

    def ended(self) -> int:
        """Wait for its end; its exit code."""
        code = self.process.wait(SECONDS)
        assert self._reader is not None
        self._reader.join(SECONDS)
        return code

    def interrupt(self) -> None:
        """Do what Ctrl-C does where there is no terminal."""
        self.process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """Kill it, so that nothing of it goes on when this returns."""
        self.process.kill()
        self.process.wait()


@contextmanager
def runner(lake: Lake, *arguments: str, endpoint: str | None = None, terminal: bool = False) -> Iterator[Runner]:
    """Start `python run.py`; it is killed with the block where it goes on. `terminal`: on one of its own."""
    environment = lake.environment | ({"AWS_ENDPOINT_URL": endpoint} if endpoint else {})
    ours, theirs = pty.openpty() if terminal else os.pipe()
    if terminal:
        environment |= {"TERM": "xterm-256color"}
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 160, 0, 0))
    command = [sys.executable, "run.py", *arguments]
    if terminal:
        # Whoever leads a session gets the first terminal that it opens for its own: then Ctrl-C is typed there.
        opened = f"import os, sys; os.open({os.ttyname(theirs)!r}, os.O_RDWR); os.execv(sys.argv[1], sys.argv[1:])"
        command = [sys.executable, "-c", opened, *command]
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdin=theirs if terminal else subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    going_on = Runner(process, ours)
    try:
        yield going_on
    finally:
        going_on.kill()
        going_on.ended()
        os.close(ours)


def runs_of_id(lake: Lake, dataset: str, run_id: str) -> list[dict[str, Any]]:
    """The workflow runs that were started with a run id."""
    glue = lake.aws.client("glue")
    pages = glue.get_workflow_runs(Name=NAMES.pipeline(dataset), IncludeGraph=True, MaxResults=1000)
    return [run for run in pages["Runs"] if run["WorkflowRunProperties"].get(RUN_ID_PROPERTY) == run_id]


def stop_all(lake: Lake, dataset: str) -> None:
    """Stop the runs of a pipeline that go on, and wait until none does."""
    glue, workflow = lake.aws.client("glue"), NAMES.pipeline(dataset)

    def none_goes_on() -> bool:
        live = [run for run in glue.get_workflow_runs(Name=workflow)["Runs"] if run["Status"] in LIVE]
        for run in live:
            with suppress(glue.exceptions.IllegalWorkflowStateException):
                glue.stop_workflow_run(Name=workflow, RunId=run["WorkflowRunId"])
        return not live

    wait_for(none_goes_on, seconds=SECONDS, what=f"the end of all runs of {workflow}")


@contextmanager
def script_in_place(lake: Lake, dataset: str, script: str) -> Iterator[None]:
    """The pipeline's job runs another script while the block runs."""
    s3 = lake.aws.client("s3")
    job = lake.aws.client("glue").get_job(JobName=NAMES.pipeline(dataset))["Job"]
    bucket, _, key = job["Command"]["ScriptLocation"].removeprefix("s3://").partition("/")
    before = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    s3.put_object(Bucket=bucket, Key=key, Body=script.encode())
    try:
        yield
    finally:
        s3.put_object(Bucket=bucket, Key=key, Body=before)
