"""The commands `list` and `history`: pipelines with their last run, and the runs of one pipeline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from lake.dataset import dataset_names
from lake.names import Names
from runner.aws import Aws
from runner.command import chosen, in_environment
from runner.duration import in_words
from runner.errors import WrongUse
from runner.find import runs_of
from runner.outcome import FinalStatus
from runner.record import Records
from runner.summary import RUNNING, Summary, summaries

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

STYLES: Final = {FinalStatus.SUCCEEDED.value: "green", RUNNING: "cyan", FinalStatus.STOPPED.value: "yellow"}
BAR_WIDTH: Final = 30
UNCUT: Final = 240


def list_command(env: str, *, as_json: bool, profile: str | None) -> int:
    """Show every pipeline with its last run; one that is not deployed says so."""

    def command(aws: Aws) -> int:
        records = Records(aws, Names(aws.environment.name))
        lasts = {pipeline: _last(aws, records, pipeline) for pipeline in dataset_names()}
        if as_json:
            for pipeline, last in lasts.items():
                run = last.as_json() if isinstance(last, Summary) else None
                print(json.dumps({"pipeline": pipeline, "deployed": last is not None, "last_run": run}))
            return 0
        table = _table("pipeline", "last run", "ended", "rows curated", "quarantined", "run id")
        for pipeline, last in lasts.items():
            if isinstance(last, Summary):
                table.add_row(pipeline, _status(last), _ago(last), *_rows(last), last.run_id)
            else:
                table.add_row(pipeline, "not deployed" if last is None else "never ran", "", "", "", "")
        _console().print(table)
        return 0

    return in_environment(env, profile, command)


def history_command(
    pipeline: str | None, env: str, *, limit: int, plot: bool, as_json: bool, profile: str | None
) -> int:
    """Show the last runs of a pipeline, the latest first; `plot` draws their rows and durations."""

    def command(aws: Aws) -> int:
        (name,) = chosen(aws, [pipeline] if pipeline else [])
        records = Records(aws, Names(aws.environment.name))
        runs = summaries(aws, records, name, runs_of(aws, name)[:limit])
        if as_json:
            for run in runs:
                print(json.dumps({"pipeline": name, "env": env, **run.as_json()}))
            return 0
        console = _console()
        table = _table("run id", "started", "took", "ended as", "rows read", "curated", "quarantined")
        for run in runs:
            started = run.started_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if run.started_at else ""
            read = f"{run.record.rows.read:,}" if run.record and run.record.rows.read is not None else ""
            table.add_row(run.run_id, started, _took(run), _status(run), read, *_rows(run))
        console.print(table if runs else f"{name}: no run yet")
        if plot and runs:
            _plot(console, runs)
        return 0

    return in_environment(env, profile, command)


def _last(aws: Aws, records: Records, pipeline: str) -> Summary | str | None:
    """The last run; "" where there is none, None where the pipeline is not deployed."""
    try:
        runs = runs_of(aws, pipeline)[:1]
    except WrongUse:
        return None
    return summaries(aws, records, pipeline, runs)[0] if runs else ""


def _plot(console: Console, runs: Sequence[Summary]) -> None:
    """Draw rows and duration of each run as bars, the oldest first, each to the scale of the largest."""
    from rich.bar import Bar

    oldest_first = list(reversed(runs))
    rows = [run.record.rows.curated or 0 if run.record else 0 for run in oldest_first]
    seconds = [run.seconds() or 0.0 for run in oldest_first]
    table = _table("run id", "rows curated", "", "took", "")
    for run, count, took in zip(oldest_first, rows, seconds, strict=True):
        bars = (
            Bar(max(top, 1), 0, value, width=BAR_WIDTH) for value, top in ((count, max(rows)), (took, max(seconds)))
        )
        row_bar, time_bar = bars
        table.add_row(run.run_id, f"{count:,}", row_bar, _took(run), time_bar)
    console.print()
    console.print(table)


def _console() -> Console:
    """A console that cuts nothing where the output goes to a file or another program."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=UNCUT)


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    numbers = {"rows curated", "quarantined", "rows read", "curated", "took"}
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", no_wrap=True)
    return table


def _status(run: Summary) -> str:
    style = STYLES.get(run.status, "red")
    return f"[{style}]{run.status}[/{style}]"


def _rows(run: Summary) -> tuple[str, str]:
    rows = run.record.rows if run.record else None
    curated, quarantined = (rows.curated, rows.quarantined) if rows else (None, None)
    return ("" if curated is None else f"{curated:,}", "" if quarantined is None else f"{quarantined:,}")


def _took(run: Summary) -> str:
    seconds = run.seconds()
    return "" if seconds is None else in_words(seconds)


def _ago(run: Summary) -> str:
    if run.ended_at is None:
        return "goes on"
    return f"{in_words((datetime.now(UTC) - run.ended_at).total_seconds())} ago"
