"""A run from start to result, for programs: the same operation as the command's, without a word on the terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping

from lake.environment import load_environment
from runner.aws import Aws
from runner.command import chosen
from runner.command_start import default_timeout
from runner.operate import Operation, Started, Time
from runner.result import RunResult
from runner.start import checked_run_id, new_run_id


def run_to_its_end(
    pipeline: str,
    env: str,
    *,
    run_id: str | None,
    timeout_seconds: float | None,
    if_busy_wait: bool,
    profile: str | None,
    properties: Mapping[str, str],
    time: Time | None = None,
) -> RunResult:
    """Do what `runner.run` promises."""
    aws = Aws(load_environment(env), profile, os.environ)
    (name,) = chosen(aws, [pipeline])
    operation = Operation(aws, time or Time())
    own_id = checked_run_id(run_id) if run_id is not None else new_run_id()
    started = operation.start(name, own_id, queue=if_busy_wait, properties=properties)
    if not isinstance(started, Started):
        return started
    seconds = default_timeout(name) if timeout_seconds is None else timeout_seconds
    (result,) = operation.wait([started], {name: seconds}, lambda _, __: None, lambda _, __: None)
    return result
