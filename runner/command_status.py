"""The commands `status`, `attach`, `stop` and `logs`: on runs that are there already."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from runner.aws import Aws
from runner.command import chosen, in_environment
from runner.command_start import default_timeout
from runner.conclude import conclude, report
from runner.duration import parse_duration
from runner.find import find_run, run_id_of
from runner.judge import has_ended
from runner.logs import LOG_KINDS
from runner.operate import Operation, Time
from runner.options import OnInterrupt
from runner.outcome import EXIT_CODES, FinalStatus
from runner.text import say
from runner.watching import SHORT, Watching

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import WorkflowRunTypeDef


def status_command(
    pipelines: Sequence[str],
    env: str,
    *,
    run_id: str | None,
    as_json: bool,
    profile: str | None,
    time: Time | None = None,
) -> int:
    """Show the latest run of each pipeline, or the one named, as it is now; 0 also where it went badly."""

    def command(aws: Aws) -> int:
        from rich.console import Console

        from runner.progress import Progress

        console = Console(stderr=as_json)
        operation = Operation(aws, time or Time())
        for pipeline in chosen(aws, pipelines):
            run = find_run(aws, pipeline, run_id)
            found = run_id_of(run)
            result = (
                operation.ended(pipeline, found, run) if has_ended(run) else operation.going_on(pipeline, found, run)
            )
            if as_json:
                # Of a run that goes on the end is not known yet.
                over = {} if has_ended(run) else {"final_status": None}
                print(json.dumps({**result.as_json(), **over}), flush=True)
                continue
            say(console, f"{pipeline}: run {found}, workflow run {run.get('WorkflowRunId')}", style="bold")
            progress = Progress(console, live=False)
            progress.looked(pipeline, run)
            if has_ended(run):
                report(console, aws, result, brief=False, titled=False, preview=False)
                say(console, f"it ended as {result.final_status.value}")
            else:
                say(console, "it goes on")
        return EXIT_CODES[FinalStatus.SUCCEEDED]

    return in_environment(env, profile, command)


def attach_command(
    pipeline: str | None,
    env: str,
    *,
    run_id: str | None,
    timeout: str | None,
    as_json: bool,
    profile: str | None,
    verbose: bool,
    on_interrupt: OnInterrupt | None,
    time: Time | None = None,
) -> int:
    """Wait for a run that goes on, or report one that has ended, as `start` does."""

    def command(aws: Aws) -> int:
        from rich.console import Console

        (name,) = chosen(aws, [pipeline] if pipeline else [])
        seconds = parse_duration("--timeout", timeout) if timeout is not None else default_timeout(name)
        operation = Operation(aws, time or Time())
        console = Console(stderr=as_json)
        run = operation.attach(name, find_run(aws, name, run_id))
        say(console, f"{name}: run {run.run_id}, workflow run {run.workflow_run_id}")
        results = Watching(operation, console, verbose=verbose, on_interrupt=on_interrupt).to_the_end(
            [run], {name: seconds}
        )
        return conclude(console, aws, results, as_json=as_json)

    return in_environment(env, profile, command)


def stop_command(
    pipeline: str | None, env: str, *, run_id: str | None, as_json: bool, profile: str | None, time: Time | None = None
) -> int:
    """Stop a run and wait until nothing of it goes on; 0 where it is stopped, else the code of how it ended."""

    def command(aws: Aws) -> int:
        from rich.console import Console

        (name,) = chosen(aws, [pipeline] if pipeline else [])
        operation = Operation(aws, time or Time())
        console = Console(stderr=as_json)
        found = find_run(aws, name, run_id)
        run = operation.attach(name, found)
        if has_ended(found):
            say(console, f"{name}: run {run.run_id} has ended already")
        else:
            operation.stop(run)
            say(console, f"{name}: stopping run {run.run_id}")
        results = Watching(operation, console, on_interrupt="leave").to_the_end([run], {name: default_timeout(name)})
        code = conclude(console, aws, results, as_json=as_json)
        return 0 if results[0].final_status is FinalStatus.STOPPED else code

    return in_environment(env, profile, command)


def logs_command(
    pipeline: str | None,
    env: str,
    *,
    run_id: str | None,
    follow: bool,
    verbose: bool,
    profile: str | None,
    time: Time | None = None,
) -> int:
    """Print the log of a run's job to stdout, line by line as it was written; `follow` goes on until the run ends."""

    def command(aws: Aws) -> int:
        (name,) = chosen(aws, [pipeline] if pipeline else [])
        operation = Operation(aws, time or Time())
        run = find_run(aws, name, run_id)
        follower = operation.follower(name, LOG_KINDS if verbose else SHORT)

        def show(seen: WorkflowRunTypeDef) -> None:
            for line in follower.read(operation.attempts(seen)):
                print(line.text, flush=True)

        if follow:
            started = operation.attach(name, run)
            operation.wait([started], {name: default_timeout(name)}, lambda _, seen: show(seen), lambda _, __: None)
            operation.pause_for_logs()
        show(run)
        return 0

    return in_environment(env, profile, command)
