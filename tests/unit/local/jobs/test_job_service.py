"""Starting, queuing, retrying and stopping runs, with the processes of runs left out."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from local.glue.errors import ConcurrentRunsExceeded
from local.glue.jobs import service
from local.glue.jobs.execution import RunFailed, RunStopped
from local.glue.jobs.run import ENDED, JobRun
from local.glue.jobs.service import Jobs, Origin
from local.glue.platform import Platform
from local.glue.scope import Scope
from local.glue.security_configurations import SecurityConfigurations
from local.glue.tags import Tags

SPARK = {"Name": "glueetl", "ScriptLocation": "s3://b/s.py"}
TRIGGERED = Origin(trigger="t", workflow="w", workflow_run_id="wr_1")


class Processes:
    """Stands for the processes of runs: each runs until it is let go, and then ends as it was told to."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self._failing: set[str] = set()
        self._let_go: dict[str, threading.Event] = {}

    def execute(self, run: JobRun, platform: Platform, **_: Any) -> None:
        self.started.append(run.id)
        while not self._event(run.id).wait(0.005):
            if run.stop.is_set():
                raise RunStopped
        if run.id in self._failing:
            raise RunFailed("no")

    def end(self, run_id: str, *, failing: bool = False) -> None:
        if failing:
            self._failing.add(run_id)
        self._event(run_id).set()

    def _event(self, run_id: str) -> threading.Event:
        return self._let_go.setdefault(run_id, threading.Event())


class Heard:
    """Notes what whoever started a run is told, and waits for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.retried: list[str] = []
        self.ended: list[tuple[str, str]] = []

    def on_retried(self, run: JobRun) -> None:
        with self._changed:
            self.retried.append(run.id)
            self._changed.notify_all()

    def on_ended(self, run: JobRun) -> None:
        with self._changed:
            self.ended.append((run.id, run.state))
            self._changed.notify_all()

    def wait(self, *, retried: int = 0, ended: int = 0) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.retried) >= retried and len(self.ended) >= ended, 10)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Processes:
    found = Processes()
    monkeypatch.setattr(service, "execute", found.execute)
    return found


@pytest.fixture
def jobs(processes: Processes) -> Iterator[Jobs]:
    platform = Platform(Scope("000000000000", "us-east-1"), "", None, None, None)  # type: ignore[arg-type] # not used
    found = Jobs(platform, SecurityConfigurations(), Tags(platform.scope))
    yield found
    for runs in found._runs.values():
        for run in runs:
            found.stop_run(run)


def create(jobs: Jobs, **members: Any) -> None:
    jobs.actions["CreateJob"]({"Name": "j", "Role": "r", "Command": SPARK, **members})


def begin(jobs: Jobs, heard: Heard, **request: Any) -> JobRun:
    return jobs.begin({"JobName": "j", **request}, TRIGGERED, heard.on_ended, heard.on_retried)


@pytest.mark.shows("job-waiting")
def test_runs_that_wait_start_in_the_order_they_came(jobs: Jobs, processes: Processes) -> None:
    create(jobs, JobRunQueuingEnabled=True)
    heard = Heard()
    runs = [begin(jobs, heard) for _ in range(3)]
    assert [run.state for run in runs[1:]] == ["WAITING", "WAITING"]
    for number, run in enumerate(runs, start=1):
        processes.end(run.id)
        heard.wait(ended=number)
    assert processes.started == [run.id for run in runs]
    assert heard.ended == [(run.id, "SUCCEEDED") for run in runs]


@pytest.mark.shows("job-queuing-run-wins")
def test_a_run_waits_where_it_says_so_itself_and_is_refused_where_it_says_no(jobs: Jobs, processes: Processes) -> None:
    create(jobs, JobRunQueuingEnabled=True)
    heard = Heard()
    begin(jobs, heard)
    with pytest.raises(ConcurrentRunsExceeded):
        begin(jobs, heard, JobRunQueuingEnabled=False)
    jobs.actions["UpdateJob"]({"JobName": "j", "JobUpdate": {"Role": "r", "Command": SPARK}})
    with pytest.raises(ConcurrentRunsExceeded):
        begin(jobs, heard)
    assert begin(jobs, heard, JobRunQueuingEnabled=True).state == "WAITING"


def test_who_waits_for_a_run_hears_of_its_attempts_and_of_the_end_of_the_last(jobs: Jobs, processes: Processes) -> None:
    create(jobs, MaxRetries=1)
    heard = Heard()
    first = begin(jobs, heard)
    processes.end(first.id, failing=True)
    heard.wait(retried=1)
    assert heard.ended == []
    second = heard.retried[0]
    processes.end(second, failing=True)
    heard.wait(ended=1)
    assert heard.ended == [(second, "FAILED")]


def test_an_attempt_keeps_its_runs_place_before_those_that_wait(jobs: Jobs, processes: Processes) -> None:
    create(jobs, MaxRetries=1, JobRunQueuingEnabled=True)
    heard = Heard()
    first, waiting = begin(jobs, heard), begin(jobs, heard)
    processes.end(first.id, failing=True)
    heard.wait(retried=1)
    assert waiting.state == "WAITING"
    processes.end(heard.retried[0])
    processes.end(waiting.id)
    heard.wait(ended=2)
    assert [run_id for run_id, _ in heard.ended] == [heard.retried[0], waiting.id]


def test_a_run_of_a_job_that_was_deleted_is_not_tried_again(jobs: Jobs, processes: Processes) -> None:
    create(jobs, MaxRetries=3)
    heard = Heard()
    run = begin(jobs, heard)
    jobs.delete({"JobName": "j"})
    processes.end(run.id, failing=True)
    heard.wait(ended=1)
    assert (heard.ended, heard.retried) == ([(run.id, "FAILED")], [])


@pytest.mark.parametrize(("end", "state"), [("stop", "STOPPED"), ("delete", "ERROR")])
def test_a_run_that_ends_while_it_waits_is_told_and_never_starts(
    jobs: Jobs, processes: Processes, end: str, state: str
) -> None:
    create(jobs, JobRunQueuingEnabled=True)
    heard = Heard()
    first, waiting = begin(jobs, heard), begin(jobs, heard)
    if end == "stop":
        jobs.stop({"JobName": "j", "JobRunIds": [waiting.id]})
    else:
        jobs.delete({"JobName": "j"})
    assert heard.ended == [(waiting.id, state)]
    processes.end(first.id)
    heard.wait(ended=2)
    assert processes.started == [first.id]


@pytest.mark.shows("job-deleted")
def test_a_trigger_that_starts_a_job_that_was_deleted_has_a_run_in_error(jobs: Jobs) -> None:
    heard = Heard()
    run = jobs.begin_triggered({"JobName": "gone"}, TRIGGERED, heard.on_ended, heard.on_retried)
    found = jobs.get_run({"JobName": "gone", "RunId": run.id})["JobRun"]
    assert (found["JobRunState"], found["TriggerName"]) == ("ERROR", "t")
    assert "gone" in found["ErrorMessage"]


@pytest.mark.shows("job-triggered-limit")
def test_a_trigger_that_meets_the_limit_has_a_run_that_failed_of_the_job_as_it_is(jobs: Jobs) -> None:
    create(jobs, WorkerType="G.2X", NumberOfWorkers=3, MaxRetries=2)
    heard = Heard()
    begin(jobs, heard)
    run = jobs.begin_triggered({"JobName": "j"}, TRIGGERED, heard.on_ended, heard.on_retried)
    found = jobs.get_run({"JobName": "j", "RunId": run.id})["JobRun"]
    assert (found["JobRunState"], found["WorkerType"], found["MaxCapacity"]) == ("FAILED", "G.2X", 6.0)
    assert found["ErrorMessage"].startswith("Concurrent runs exceeded for j")
    assert (run.is_retried, run.state in ENDED) == (False, True)
