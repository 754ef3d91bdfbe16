"""Watching runs to their end: their nodes, their jobs' log lines as they come, and what Ctrl-C is to mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from runner.errors import AwsError
from runner.follow import Follower
from runner.logs import LOG_KINDS, LogKind
from runner.operate import Operation, Started
from runner.options import OnInterrupt
from runner.outcome import FinalStatus
from runner.progress import Progress
from runner.result import RunResult
from runner.text import on_one_line, say

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import WorkflowRunTypeDef
    from rich.console import Console

# What the script says itself; Spark's and Glue's own lines are many, and matter to few.
SHORT: Final[tuple[LogKind, ...]] = ("output",)
LINE_WIDTH: Final = 200
# After the end AWS may deliver lines for some seconds: so many looks in a row must bring none.
QUIET_LOOKS: Final = 2
LAST_LOOKS: Final = 6


@dataclass(slots=True)
class Watching:
    """Shows runs on a console until each has ended, or the user turns away."""

    operation: Operation
    console: Console
    verbose: bool = False
    on_interrupt: OnInterrupt | None = None
    ask: Callable[[str], str] = input
    _followers: dict[str, Follower] = field(default_factory=dict)

    def to_the_end(self, runs: Sequence[Started], timeouts: Mapping[str, float]) -> list[RunResult]:
        """Return what came of each run, in order. `timeouts` are seconds by pipeline.

        Ctrl-C leaves the runs going on or stops them, as `on_interrupt` says or, on a terminal, as the user does; a
        second Ctrl-C stops them.
        """
        results = self._watch(runs, timeouts)
        left = [run for run, result in zip(runs, results, strict=True) if _was_left(run, result)]
        if not left or not self._stops(left):
            return results
        stopped = {result.pipeline: result for result in self._stop(left, timeouts)}
        return [stopped.get(result.pipeline, result) for result in results]

    def _watch(self, runs: Sequence[Started], timeouts: Mapping[str, float]) -> list[RunResult]:
        with Progress(self.console) as progress:

            def looked(pipeline: str, run: WorkflowRunTypeDef) -> None:
                progress.looked(pipeline, run)
                self._show_lines(pipeline, run, progress)

            results = self.operation.wait(runs, timeouts, looked, progress.problem)
            for result in results:
                self._show_last_lines(result, progress)
        return results

    def _show_last_lines(self, result: RunResult, progress: Progress) -> None:
        if result.run is None or result.final_status in (FinalStatus.INTERRUPTED, FinalStatus.UNREACHABLE):
            return
        quiet = 0
        for look in range(LAST_LOOKS):
            if look:
                self.operation.pause_for_logs()
            quiet = 0 if self._show_lines(result.pipeline, result.run, progress) else quiet + 1
            if quiet == QUIET_LOOKS:
                return

    def _show_lines(self, pipeline: str, run: WorkflowRunTypeDef, progress: Progress) -> bool:
        """Show the lines that came since the last time; tell whether there were any."""
        job_runs = self.operation.attempts(run)
        if not job_runs:
            return False
        follower = self._followers.get(pipeline)
        if follower is None:
            kinds = LOG_KINDS if self.verbose else SHORT
            follower = self._followers[pipeline] = self.operation.follower(pipeline, kinds)
        try:
            lines = follower.read(job_runs)
        except AwsError as error:
            progress.problem(pipeline, error)
            return False
        for line in lines:
            say(self.console, f"{pipeline} | {line.text if self.verbose else on_one_line(line.text, LINE_WIDTH)}")
        return bool(lines)

    def _stops(self, left: Sequence[Started]) -> bool:
        if self.on_interrupt is not None:
            return self.on_interrupt == "stop"
        if not self.console.is_terminal:
            return False
        say(self.console)
        for run in left:
            say(self.console, f"{run.pipeline}: run {run.run_id} goes on. To come back to it: {attaching(run)}")
        try:
            answer = self.ask("Leave it running, or stop it? [l/s] ")
        except (KeyboardInterrupt, EOFError) as pressed:
            return isinstance(pressed, KeyboardInterrupt)
        return answer.strip().lower() in ("s", "stop")

    def _stop(self, left: Sequence[Started], timeouts: Mapping[str, float]) -> list[RunResult]:
        for run in left:
            try:
                self.operation.stop(run)
                say(self.console, f"{run.pipeline}: stopping run {run.run_id}")
            except AwsError as error:
                say(self.console, f"{run.pipeline}: could not be stopped: {error}", style="red")
        return self._watch(left, timeouts)


def attaching(run: Started) -> str:
    """Return the command that watches a run again; of a crawl by itself, one that waits for it and crawls once more."""
    if run.only == "crawl":
        return f"python run.py start {run.pipeline} --only crawl"
    if run.only == "job":
        return f"python run.py start {run.pipeline} --only job --run-id {run.run_id}"
    return f"python run.py attach {run.pipeline} --run-id {run.run_id}"


def _was_left(run: Started, result: RunResult) -> bool:
    return result.final_status is FinalStatus.INTERRUPTED and run.begun is not None
