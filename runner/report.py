"""What is printed after the end of a run, for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from runner.duration import in_words
from runner.outcome import FinalStatus
from runner.record import RunRecord
from runner.result import RunResult
from runner.text import on_one_line, printable, say

if TYPE_CHECKING:
    from runner.preview import Preview

REASONS_SHOWN: Final = 10
TIMES_A_LINE: Final = 6
STATUS_STYLES: Final = {
    FinalStatus.SUCCEEDED: "bold green",
    FinalStatus.STARTED: "bold cyan",
    FinalStatus.STOPPED: "bold yellow",
    FinalStatus.INTERRUPTED: "bold yellow",
}
# Holds a timestamp with its zone whole.
CELL_WIDTH: Final = 32


def print_result(console: Console, result: RunResult, *, price_known: bool) -> None:
    """Print the numbers of one run, and why it did not succeed."""
    if result.record:
        _print_record(console, result.record)
    if result.cost and price_known:
        say(console, f"cost         {result.cost.usd:.4f} USD ({result.cost.dpu_hours:.4f} DPU-hours)")
    if result.reason:
        say(console, f"{result.pipeline}: {result.reason}", style="red" if _is_bad(result) else None)
    if result.remedy:
        say(console, f"{result.pipeline}: {result.remedy}")


def print_lines(console: Console, title: str, lines: list[str]) -> None:
    """Print lines of a log under a title."""
    say(console)
    say(console, title, style="bold")
    for line in lines:
        say(console, f"  {line}")


def print_preview(console: Console, title: str, preview: Preview) -> None:
    """Print the first rows as a table with as many columns as the console is wide; the rest are counted."""
    shown = columns_that_fit(preview, console.width)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in preview.columns[:shown]:
        table.add_column(Text(printable(name)), no_wrap=True)
    for row in preview.rows:
        table.add_row(*(Text(_cell(value)) for value in row[:shown]))
    say(console)
    left_out = len(preview.columns) - shown
    say(console, title + (f" (and {left_out} more columns)" if left_out else ""), style="bold")
    console.print(table)


def columns_that_fit(preview: Preview, width: int) -> int:
    """Return how many of the first columns fit into `width` characters whole; at least one."""
    used = 0
    for index, name in enumerate(preview.columns):
        cells = [len(_cell(row[index])) for row in preview.rows]
        used += max(len(name), *cells, 0) + 2
        if used > width:
            return max(index, 1)
    return len(preview.columns)


def print_final_status(console: Console, status: FinalStatus) -> None:
    """Print the last line: programs read it."""
    say(console, f"final_status: {status.value}", style=STATUS_STYLES.get(status, "bold red"))


def _print_record(console: Console, record: RunRecord) -> None:
    rows, files = record.rows, record.files
    parts = ((rows.inserted, "inserted"), (rows.updated, "updated"), (rows.unchanged, "unchanged"))
    curated = ", ".join(f"{_count(count)} {name}" for count, name in parts if count is not None)
    say(console)
    say(console, f"rows         {_count(rows.read)} read")
    say(console, f"             {_count(rows.curated)} curated" + (f" ({curated})" if curated else ""))
    say(console, f"             {_count(rows.superseded)} superseded")
    say(console, f"             {_count(rows.quarantined)} quarantined")
    size = f", {files.bytes / 1e6:,.1f} MB" if files.bytes is not None else ""
    say(console, f"files        {_count(files.new)} new, {_count(files.consumed)} consumed{size}")
    if files.unreadable:
        say(
            console,
            f"             {_count(files.unreadable)} of them could not be read: set aside whole",
            style="yellow",
        )
    if record.stages:
        times = [f"{stage.name} {in_words(stage.seconds)}" for stage in record.stages]
        for first in range(0, len(times), TIMES_A_LINE):
            more = "," if first + TIMES_A_LINE < len(times) else ""
            line = ", ".join(times[first : first + TIMES_A_LINE])
            say(console, f"{'times' if first == 0 else '':<13}{line}{more}")
    for rule in record.rules:
        say(console, f"rule         {rule.outcome}: {on_one_line(rule.rule)}")
        if rule.reason:
            say(console, f"             {on_one_line(rule.reason)}")
    if record.quarantine:
        worst = sorted(record.quarantine, key=lambda part: -part.rows)
        say(console, "quarantined")
        for part in worst[:REASONS_SHOWN]:
            say(console, f"  {_count(part.rows):>9}  {on_one_line(part.reason)}")
            if part.example is not None:
                example = part.example if isinstance(part.example, str) else json.dumps(part.example)
                say(console, f"             for example: {on_one_line(example)}")
        if len(worst) > REASONS_SHOWN:
            say(console, f"             and {len(worst) - REASONS_SHOWN} more reasons")


def _count(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


def _cell(value: object) -> str:
    return "" if value is None else on_one_line(value, CELL_WIDTH)


def _is_bad(result: RunResult) -> bool:
    return result.final_status not in (FinalStatus.SUCCEEDED, FinalStatus.STARTED)
