"""The command `start`: from its options to its exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lake.dataset import load_dataset
from runner.aws import Aws
from runner.command import chosen, in_environment
from runner.duration import parse_duration
from runner.errors import AwsError, WrongUse
from runner.operate import Operation, Started, Time
from runner.options import IfBusy, OnInterrupt, Only
from runner.outcome import EXIT_CODES, FinalStatus
from runner.result import RunResult
from runner.start import checked_run_id, new_run_id

if TYPE_CHECKING:
    from rich.console import Console

# Without --timeout, a run gets its job's own time limit and this for the crawl and for queues.
CRAWL_AND_QUEUE_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class StartOptions:
    """The command's options as they were given."""

    pipelines: Sequence[str]
    env: str
    run_id: str | None = None
    no_wait: bool = False
    timeout: str | None = None
    json: bool = False
    profile: str | None = None
    if_busy: IfBusy = "wait"
    verbose: bool = False
    on_interrupt: OnInterrupt | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    """What the job is asked for beside its daily work."""
    svg: str | None = None
    only: Only | None = None


def start_command(options: StartOptions, time: Time | None = None) -> int:
    """Start the pipelines, wait, report, and return the exit code. Wrong use starts nothing and returns 2."""

    def command(aws: Aws) -> int:
        try:
            return _start(aws, options, time or Time())
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            print(f"final_status: {FinalStatus.INTERRUPTED.value}", file=sys.stderr if options.json else sys.stdout)
            return EXIT_CODES[FinalStatus.INTERRUPTED]

    return in_environment(options.env, options.profile, command)


def default_timeout(pipeline: str) -> float:
    """Return the seconds that a run is waited for where no --timeout is given."""
    return load_dataset(pipeline).timeout_minutes * 60 + CRAWL_AND_QUEUE_SECONDS


def _start(aws: Aws, options: StartOptions, time: Time) -> int:
    pipelines = chosen(aws, options.pipelines)
    run_id = checked_run_id(options.run_id) if options.run_id is not None else new_run_id()
    if options.only == "crawl" and (options.run_id is not None or options.no_wait):
        # AWS gives a crawl no id, so nobody could find it again.
        raise WrongUse("--only crawl goes with neither --run-id nor --no-wait: it is one crawl, and waited for")
    given = parse_duration("--timeout", options.timeout) if options.timeout is not None else None
    timeouts = {pipeline: given or default_timeout(pipeline) for pipeline in pipelines}
    operation = Operation(aws, time)

    queue = not options.no_wait and options.if_busy == "wait"
    results, runs = _start_each(operation, pipelines, run_id, options, queue=queue)
    console = _console(options)
    for run in runs:
        _say_started(console, aws.environment.name, run)
    from runner.conclude import conclude

    if options.no_wait:
        results += [operation.started_only(run) for run in runs]
    elif runs:
        from runner.watching import Watching

        watching = Watching(operation, console, verbose=options.verbose, on_interrupt=options.on_interrupt)
        results += watching.to_the_end(runs, timeouts)
    results.sort(key=lambda result: pipelines.index(result.pipeline))
    code = conclude(console, aws, results, as_json=options.json)
    if options.svg is not None:
        from runner.picture import save

        save(console, options.svg, f"python run.py {' '.join(options.pipelines)}".rstrip())
    return code


def _console(options: StartOptions) -> Console:
    # Only now, when the runs were started: they go on while rich is imported.
    if options.svg is not None:
        from runner.picture import recording

        return recording(stderr=options.json)
    from rich.console import Console

    return Console(stderr=options.json)


def _start_each(
    operation: Operation, pipelines: Sequence[str], run_id: str, options: StartOptions, *, queue: bool
) -> tuple[list[RunResult], list[Started]]:
    """Start the pipelines in turn; return what came to nothing as results, and the runs to wait for."""
    results: list[RunResult] = []
    runs: list[Started] = []
    if len(pipelines) > 1:
        try:
            operation.check_deployed(pipelines)
        except AwsError as error:
            return [operation.unreachable(pipeline, run_id, error) for pipeline in pipelines], []
    for position, pipeline in enumerate(pipelines):
        started = operation.start(
            pipeline,
            run_id,
            queue=queue,
            properties=options.properties,
            only=options.only,
            refuse=options.if_busy == "refuse",
        )
        if isinstance(started, Started):
            runs.append(started)
            continue
        results.append(started)
        if started.final_status is FinalStatus.INTERRUPTED:
            return results + _left_by_interrupt(operation, pipelines[position + 1 :], run_id, runs), []
    return results, runs


def _left_by_interrupt(
    operation: Operation, not_started: Sequence[str], run_id: str, runs: Sequence[Started]
) -> list[RunResult]:
    """Return the results of the runs started before an interrupted start, and of those not started."""
    going = [
        operation.interrupted(run.pipeline, run_id, f"interrupted; the run goes on: {run_id}", run.workflow_run_id)
        if run.begun
        else operation.interrupted(run.pipeline, run_id, "interrupted; not started")
        for run in runs
    ]
    rest = [operation.interrupted(pipeline, run_id, "interrupted; not started") for pipeline in not_started]
    return going + rest


def _say_started(console: Console, env: str, run: Started) -> None:
    from runner.text import say

    if run.begun is None:
        say(console, f"{run.pipeline}: another run goes on in {env}; run {run.run_id} starts when that has ended")
        return
    began = "joined" if run.begun.joined else "started"
    say(console, f"{run.pipeline}: {began} in {env}, run {run.run_id}")
    say(console, f"{run.pipeline}: {run.named}")
