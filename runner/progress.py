"""Showing runs while they go on: a live table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from runner.duration import in_words
from runner.errors import AwsError
from runner.graph import STATES, Node, nodes_of
from runner.states import WORKFLOW_RUN_STATES, Phase
from runner.text import on_one_line, say

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import WorkflowRunTypeDef

LABELS: Final = {"CRAWLER": "crawl", "JOB": "job"}
STYLES: Final = {
    Phase.LIVE: "cyan",
    Phase.SUCCEEDED: "green",
    Phase.FAILED: "red",
    Phase.TIMED_OUT: "red",
    Phase.STOPPED: "yellow",
}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Progress:
    """Shows the nodes of each run with state and elapsed time; the plain lines say every change once.

    `live`: as a table that is drawn anew, where the console is a terminal.
    """

    def __init__(self, console: Console, now: Callable[[], datetime] = _utc_now, *, live: bool = True) -> None:
        self._console = console
        self._now = now
        self._runs: dict[str, list[Node]] = {}
        self._said: set[tuple[str, ...]] = set()
        self._live: Live | None = None
        if live and console.is_terminal and not console.is_dumb_terminal:
            # Drawn anew a few times a second by a thread of its own, so that times run on between two looks.
            self._live = Live(get_renderable=self._table, console=console, refresh_per_second=4, transient=False)

    def __enter__(self) -> Progress:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def looked(self, pipeline: str, run: WorkflowRunTypeDef) -> None:
        """Show what was seen of a run."""
        nodes = nodes_of(run)
        self._runs[pipeline] = nodes
        status = run.get("Status", "")
        if status not in WORKFLOW_RUN_STATES:
            self._once(pipeline, f"workflow run state '{status}' is not known here; it counts as running")
        for node in nodes:
            for state in node.unknown_states:
                label = LABELS[node.type]
                self._once(pipeline, f"{label} state '{state}' is not known here; it counts as running")
            if self._live is None and node.run:
                self._change(pipeline, node)

    def problem(self, pipeline: str, error: AwsError) -> None:
        """Say that AWS did not answer; the same problem again is said once."""
        self._once(pipeline, f"{error.trouble.value}; trying again")

    def _change(self, pipeline: str, node: Node) -> None:
        run = node.run
        if run is None:
            return
        key = (pipeline, node.type, node.name, run.state, str(run.attempt))
        if key in self._said:
            return
        self._said.add(key)
        attempt = f", attempt {run.attempt + 1}" if run.attempt else ""
        after = f" after {_elapsed(node, self._now())}" if run.ended_at else ""
        say(self._console, f"{pipeline}: {LABELS[node.type]} {run.state}{after}{attempt}")

    def _once(self, pipeline: str, text: str) -> None:
        if (pipeline, text) not in self._said:
            self._said.add((pipeline, text))
            say(self._console, f"{pipeline}: {on_one_line(text)}")

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, show_header=False)
        for pipeline, nodes in self._runs.items():
            for node in nodes:
                run = node.run
                known = run is not None and run.state in STATES[node.type]
                attempt = f" (attempt {run.attempt + 1})" if run and run.attempt else ""
                state = Text(
                    on_one_line(run.state) + attempt if run else "not started",
                    style=STYLES[run.phase] if run and known else "dim",
                )
                table.add_row(pipeline, LABELS[node.type], state, Text(_elapsed(node, self._now()), justify="right"))
        return table


def _elapsed(node: Node, now: datetime) -> str:
    run = node.run
    if run is None or run.started_at is None:
        return ""
    return in_words(((run.ended_at or now) - run.started_at).total_seconds())
