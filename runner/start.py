"""Starting a workflow run: a call that AWS may have acted on is not sent again before a look for its run."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from lake.names import RUN_ID_PROPERTY
from runner.errors import AwsError, Trouble, WrongUse, asking
from runner.pace import Pace

if TYPE_CHECKING:
    from mypy_boto3_glue.client import GlueClient

RUN_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")

# How often a start is tried while AWS throttles, or does not answer at all.
ATTEMPTS: Final = {Trouble.THROTTLED: 8, Trouble.NOT_SENT: 3, Trouble.TRANSIENT: 3}
LOCAL_ATTEMPTS: Final = {**ATTEMPTS, Trouble.NOT_SENT: 1}


def new_run_id(now: datetime | None = None) -> str:
    """Return a run id that no other run has and that sorts by time, like `20130101T060000Z-1f00ba`."""
    return f"{now or datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def checked_run_id(text: str) -> str:
    """Return `text` where it can be a run id, part of an object's key; raises WrongUse where it cannot."""
    if not RUN_ID.fullmatch(text):
        raise WrongUse(
            f"--run-id '{text}': allowed are up to 128 letters, digits, '.', '_' and '-', the first a letter or digit"
        )
    return text


@dataclass(frozen=True, slots=True)
class Starter:
    """Starts workflow runs."""

    glue: GlueClient
    attempts: dict[Trouble, int]
    pace: Pace
    sleep: Callable[[float], None]
    jitter: Callable[[], float]

    def start(self, workflow: str, run_id: str) -> str:
        """Start one run of `workflow` and return its workflow run id.

        Raises AwsError: MISSING where the workflow is not deployed, AT_LIMIT where nothing was started.
        """
        failures = 0
        while True:
            try:
                with asking(f"start workflow {workflow}"):
                    return self.glue.start_workflow_run(Name=workflow, RunProperties={RUN_ID_PROPERTY: run_id})["RunId"]
            except AwsError as error:
                failures += 1
                if failures >= self.attempts.get(error.trouble, 0):
                    raise
                self.sleep(self.pace.backoff(failures, self.jitter()))
                # AWS may have acted on the call whose answer was lost.
                if error.trouble is Trouble.TRANSIENT and (found := self._find(workflow, run_id)):
                    return found

    def _find(self, workflow: str, run_id: str) -> str | None:
        token = ""
        while True:
            with asking(f"look whether run {run_id} of workflow {workflow} was started"):
                page = (
                    self.glue.get_workflow_runs(Name=workflow, NextToken=token)
                    if token
                    else self.glue.get_workflow_runs(Name=workflow)
                )
            for run in page.get("Runs", []):
                if run.get("WorkflowRunProperties", {}).get(RUN_ID_PROPERTY) == run_id:
                    return run.get("WorkflowRunId")
            token = page.get("NextToken", "")
            if not token:
                return None
