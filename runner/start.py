"""Starting a run once: by a claim, and never sending a call again that AWS may have acted on unlooked."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from runner.claim import Claim, Claims
from runner.errors import AwsError, Trouble, WrongUse
from runner.launch import Launch
from runner.pace import Pace

RUN_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")

# How often a start is tried while AWS throttles, or does not answer at all.
ATTEMPTS: Final[Mapping[Trouble, int]] = {Trouble.THROTTLED: 8, Trouble.NOT_SENT: 3, Trouble.TRANSIENT: 3}
LOCAL_ATTEMPTS: Final[Mapping[Trouble, int]] = {**ATTEMPTS, Trouble.NOT_SENT: 1}


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
class Patience:
    """Seconds that make a takeover safe, by AWS's and this machine's reach.

    A holder sends its start only while its claim is younger than `fresh`, and renews it otherwise. One who finds a
    claim that names no run takes it over when it is older than `grace`: longer than `fresh` and a call together, so
    that a start which was sent has happened by then, and can be found.
    """

    fresh: float
    grace: float


AWS_PATIENCE: Final = Patience(fresh=10.0, grace=60.0)
LOCAL_PATIENCE: Final = Patience(fresh=2.0, grace=10.0)


@dataclass(frozen=True, slots=True)
class Begun:
    """A workflow run, or job run. `joined`: it was started before, or by someone else, under the same run id."""

    workflow_run_id: str
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Starter:
    """Starts runs, of each run id one."""

    launch: Launch
    claims: Claims
    attempts: Mapping[Trouble, int]
    pace: Pace
    patience: Patience
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    jitter: Callable[[], float]

    def start(self, dataset: str, run_id: str, properties: Mapping[str, str] | None = None) -> Begun:
        """Start the run of this id, or join it where it was started already.

        Raises AwsError: MISSING where the workflow is not deployed, AT_LIMIT where nothing was started; another call
        of this Starter tries again. Raises WrongUse where the run id is that of a run of another kind.
        """
        workflow = self.claims.names.pipeline(dataset)
        claim = self.claims.take(dataset, run_id)
        tries = 0
        while True:
            begun = (
                self._join(workflow, dataset, run_id)
                if claim is None
                else self._send(workflow, dataset, run_id, claim, properties or {})
            )
            if isinstance(begun, Begun):
                return begun
            claim = begun
            if claim is None:
                tries += 1
                self.sleep(self.pace.backoff(tries, self.jitter()))

    def _join(self, workflow: str, dataset: str, run_id: str) -> Begun | Claim | None:
        """Return the run that another started; this runner's claim where that one is dead; None to look again."""
        found = self.claims.read(dataset, run_id)
        if found is None:
            return self.claims.take(dataset, run_id)
        if found.workflow_run_id is not None:
            if not found.workflow_run_id.startswith(self.launch.prefix):
                raise WrongUse(
                    f"--run-id '{run_id}' is that of {found.workflow_run_id}, which is no {self.launch.kind}"
                )
            return Begun(found.workflow_run_id, joined=True)
        if workflow_run_id := self.launch.find(workflow, run_id):
            self._settle(dataset, run_id, found, workflow_run_id)
            return Begun(workflow_run_id, joined=True)
        return self.claims.take_over(dataset, run_id, found) if found.age > self.patience.grace else None

    def _send(
        self, workflow: str, dataset: str, run_id: str, claim: Claim, properties: Mapping[str, str]
    ) -> Begun | None:
        """Start the run; None where the claim was lost meanwhile."""
        written = self.clock() - claim.age
        failures = 0
        while True:
            if self.clock() - written > self.patience.fresh:
                renewed = self.claims.take_over(dataset, run_id, claim)
                if renewed is None:
                    return None
                claim, written = renewed, self.clock() - renewed.age
            try:
                started = self.launch.start(workflow, run_id, properties)
                self._settle(dataset, run_id, claim, started)
                return Begun(started)
            except AwsError as error:
                failures += 1
                if failures >= self.attempts.get(error.trouble, 0):
                    raise
                self.sleep(self.pace.backoff(failures, self.jitter()))
                # AWS may have acted on the call whose answer was lost.
                if error.trouble is Trouble.TRANSIENT and (found := self.launch.find(workflow, run_id)):
                    self._settle(dataset, run_id, claim, found)
                    return Begun(found)

    def _settle(self, dataset: str, run_id: str, claim: Claim, workflow_run_id: str) -> None:
        """Write down which run it is. Where that fails the run is found by its run property, so it is no error."""
        with suppress(AwsError):
            self.claims.settle(dataset, run_id, claim, workflow_run_id)
