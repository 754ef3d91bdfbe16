"""What `python run.py` is made of; `run` is its use as a library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lake.names import DEFAULT_ENVIRONMENT

if TYPE_CHECKING:
    from runner.result import RunResult


def run(
    pipeline: str,
    env: str = DEFAULT_ENVIRONMENT,
    *,
    run_id: str | None = None,
    timeout_seconds: float | None = None,
    if_busy_wait: bool = True,
    profile: str | None = None,
    properties: Mapping[str, str] | None = None,
) -> RunResult:
    """Start a pipeline, wait for its end, and return what came of it; nothing is printed.

    A run id starts one run: with the id of one that was started before, by whomever, that one is waited for. The
    result's `final_status` says how it ended; only SUCCEEDED is success. `timeout_seconds` ends the waiting, not the
    run; without it, it is the job's own time limit and an hour. `properties` are run properties besides the run id.

    Raises what `runner.errors` names, and nothing of AWS's: WrongUse for a pipeline that is not deployed, ConfigError
    for an environment or pipeline that is not there. AWS that cannot be asked is a result: UNREACHABLE.
    """
    from runner.library import run_to_its_end

    return run_to_its_end(
        pipeline,
        env,
        run_id=run_id,
        timeout_seconds=timeout_seconds,
        if_busy_wait=if_busy_wait,
        profile=profile,
        properties=properties or {},
    )
