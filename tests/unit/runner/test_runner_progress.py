from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from runner.errors import AwsError, Trouble
from runner.progress import Progress
from tests.unit.runner.workflow_runs import at, crawl, job_run, workflow_run


def console(*, terminal: bool) -> Console:
    return Console(file=StringIO(), force_terminal=terminal, color_system=None, width=100, _environ={"TERM": "xterm"})


def shown(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def running(**fields: Any) -> Any:
    return workflow_run("RUNNING", **fields)


def test_terminal_shows_a_row_for_each_node_with_its_elapsed_time() -> None:
    terminal = console(terminal=True)
    with Progress(terminal, now=lambda: at(60)) as progress:
        progress.looked("flights", running(crawls=[crawl()], jobs=[job_run("RUNNING")]))
    assert "flights  crawl  SUCCEEDED  11 s\nflights  job    RUNNING    46 s\n" in shown(terminal)


def test_terminal_shows_a_node_that_has_not_started() -> None:
    terminal = console(terminal=True)
    with Progress(terminal, now=lambda: at(5)) as progress:
        progress.looked("flights", running(crawls=[crawl("RUNNING")]))
    assert "flights  job    not started" in shown(terminal)


@pytest.mark.parametrize("terminal", [True, False])
def test_retried_attempt_is_shown_as_such(terminal: bool) -> None:
    to = console(terminal=terminal)
    attempts = [job_run("FAILED", "jr_1"), job_run("RUNNING", "jr_1_attempt_1", Attempt=1)]
    with Progress(to, now=lambda: at(60)) as progress:
        progress.looked("flights", running(crawls=[crawl()], jobs=attempts))
    assert "attempt 2" in shown(to)


def test_plain_lines_say_each_change_once() -> None:
    plain = console(terminal=False)
    with Progress(plain, now=lambda: at(60)) as progress:
        for _ in range(3):
            progress.looked("flights", running(crawls=[crawl("RUNNING")]))
        for _ in range(3):
            progress.looked("flights", running(crawls=[crawl()]))
    assert shown(plain) == "flights: crawl RUNNING\nflights: crawl SUCCEEDED after 11 s\n"


def test_the_same_problem_is_said_once() -> None:
    plain = console(terminal=False)
    with Progress(plain) as progress:
        for _ in range(3):
            progress.problem("flights", AwsError(Trouble.THROTTLED, "look", "Rate exceeded"))
    assert shown(plain) == "flights: throttled; trying again\n"
