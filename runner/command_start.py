"""The command `start`: from its options to its exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lake.dataset import dataset_names, load_dataset
from lake.environment import load_environment
from lake.errors import ConfigError, unknown_name
from lake.names import Names
from runner.aws import Aws
from runner.duration import parse_duration
from runner.errors import AwsError, WrongUse
from runner.operate import Operation, Started, Time
from runner.options import IfBusy
from runner.outcome import EXIT_CODES, WRONG_USE, FinalStatus, gravest
from runner.result import RunResult
from runner.start import checked_run_id, new_run_id

if TYPE_CHECKING:
    from rich.console import Console

# Without --timeout, a run gets its job's own time limit and this for the crawl and for queues.
CRAWL_AND_QUEUE_SECONDS: Final = 3600.0

# Ends of a run whose job's log may say why.
SHOW_LOG_FOR: Final = frozenset({FinalStatus.FAILED, FinalStatus.TIMED_OUT, FinalStatus.STOPPED})


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


def start_command(options: StartOptions, time: Time | None = None) -> int:
    """Start the pipelines, wait, report, and return the exit code. Wrong use starts nothing and returns 2."""
    try:
        return _start(options, time or Time())
    except (ConfigError, WrongUse) as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        print(f"final_status: {FinalStatus.INTERRUPTED.value}", file=sys.stderr if options.json else sys.stdout)
        return EXIT_CODES[FinalStatus.INTERRUPTED]


def _start(options: StartOptions, time: Time) -> int:
    environment = load_environment(options.env)
    pipelines = list(dict.fromkeys(options.pipelines)) or [environment.default_pipeline]
    known = dataset_names()
    for pipeline in pipelines:
        if pipeline not in known:
            raise unknown_name("pipeline", pipeline, known)
    run_id = checked_run_id(options.run_id) if options.run_id is not None else new_run_id()
    given = parse_duration("--timeout", options.timeout) if options.timeout is not None else None
    timeouts = {
        pipeline: load_dataset(pipeline).timeout_minutes * 60 + CRAWL_AND_QUEUE_SECONDS if given is None else given
        for pipeline in pipelines
    }
    aws = Aws(environment, options.profile, os.environ)
    operation = Operation(aws, time)

    queue = not options.no_wait and options.if_busy == "wait"
    results, runs = _start_each(operation, pipelines, run_id, queue=queue)
    # Only now: the run goes on while rich is imported.
    from rich.console import Console

    console = Console(stderr=options.json)
    for run in runs:
        _say_started(console, environment.name, run)
    if options.no_wait:
        results += [operation.started_only(run) for run in runs]
    elif runs:
        from runner.progress import Progress

        with Progress(console) as progress:
            results += operation.wait(runs, timeouts, progress.looked, progress.problem)
    results.sort(key=lambda result: pipelines.index(result.pipeline))
    for result in results:
        if options.json:
            print(json.dumps(result.as_json()), flush=True)
        _report(console, aws, result, brief=options.json, titled=len(results) > 1)
    status = gravest(result.final_status for result in results)
    from runner.report import print_final_status

    print_final_status(console, status)
    return EXIT_CODES[status]


def _start_each(
    operation: Operation, pipelines: Sequence[str], run_id: str, *, queue: bool
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
        started = operation.start(pipeline, run_id, queue=queue)
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
    say(console, f"{run.pipeline}: {began} in {env}, run {run.run_id}, workflow run {run.workflow_run_id}")


def _report(console: Console, aws: Aws, result: RunResult, *, brief: bool, titled: bool) -> None:
    """Print one run's end. `brief` leaves out what its JSON holds, and the preview."""
    from dataclasses import replace

    from runner.report import print_result
    from runner.text import say

    if titled:
        say(console)
        say(console, f"{result.pipeline}: {result.final_status.value}", style="bold")
    shown = replace(result, record=None, cost=None) if brief else result
    print_result(console, shown, price_known=aws.environment.price_per_dpu_hour > 0)
    if result.final_status in SHOW_LOG_FOR:
        _show_log(console, aws, result)
    if result.final_status is FinalStatus.SUCCEEDED and not brief:
        _show_preview(console, aws, result)


def _show_log(console: Console, aws: Aws, result: RunResult) -> None:
    from runner.logs import last_lines
    from runner.report import print_lines
    from runner.states import Phase
    from runner.text import say

    for node in result.nodes:
        run = node.run
        if run is None or run.job_run is None or run.phase in (Phase.LIVE, Phase.SUCCEEDED):
            continue
        try:
            lines = last_lines(aws.logs, run.job_run, Names(result.env), result.pipeline)
        except AwsError as error:
            say(console, f"warning: the job's log could not be read: {error}", style="yellow")
            continue
        if lines:
            print_lines(console, f"The end of the log of {run.job_run.get('Id', '')}", lines)


def _show_preview(console: Console, aws: Aws, result: RunResult) -> None:
    """Print the first curated rows; whatever goes wrong here is a warning, for the run has succeeded."""
    from runner.report import print_preview
    from runner.text import on_one_line, say

    names = Names(result.env)
    database, table = names.curated_database, names.curated_table(result.pipeline)
    if result.record is not None and result.record.outcome == "empty":
        say(console, "There was nothing new.")
    try:
        from runner.preview import preview

        rows = preview(aws, database, table)
    # PyIceberg, PyArrow and botocore each raise their own; none may change the outcome.
    except Exception as error:
        say(console, f"warning: no preview of {database}.{table}: {on_one_line(error)}", style="yellow")
        return
    print_preview(console, f"First rows of {database}.{table}", rows)
