"""What is said at the end of runs, for people or as JSON, and the exit code that follows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lake.names import Names
from runner.aws import Aws
from runner.errors import AwsError
from runner.outcome import EXIT_CODES, FinalStatus, gravest
from runner.result import RunResult

if TYPE_CHECKING:
    from rich.console import Console

# Ends of a run whose job's log may say why.
SHOW_LOG_FOR: Final = frozenset({FinalStatus.FAILED, FinalStatus.TIMED_OUT, FinalStatus.STOPPED})


def conclude(console: Console, aws: Aws, results: Sequence[RunResult], *, as_json: bool) -> int:
    """Report every run in turn, print the final status last, and return the exit code.

    `as_json`: one object a line on stdout for each; the console is stderr then.
    """
    from runner.report import print_final_status

    for result in results:
        if as_json:
            print(json.dumps(result.as_json()), flush=True)
        report(console, aws, result, brief=as_json, titled=len(results) > 1)
    status = gravest(result.final_status for result in results)
    print_final_status(console, status)
    return EXIT_CODES[status]


def report(console: Console, aws: Aws, result: RunResult, *, brief: bool, titled: bool, preview: bool = True) -> None:
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
    # A crawl by itself leaves no record, and no rows.
    if result.final_status is FinalStatus.SUCCEEDED and result.record is not None and preview and not brief:
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
