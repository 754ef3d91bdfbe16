"""What a run gets on this machine."""

import os
import threading
from pathlib import Path

import psutil
import pytest

from local.glue.jobs import execution
from local.glue.jobs.capacity import WORKER_TYPES, spark
from local.glue.jobs.definition import Job
from local.glue.jobs.places import Places
from local.glue.jobs.planning import Origin, plan_run
from local.glue.jobs.run import JobRun
from local.glue.platform import Platform
from local.glue.scope import Scope


@pytest.mark.shows("job-workers")
def test_a_larger_worker_type_has_a_larger_heap_but_never_more_than_half_of_the_memory() -> None:
    heaps = [spark({"WorkerType": name}, execution_class="STANDARD").heap_mib for name in ("G.1X", "G.2X", "G.4X")]
    assert heaps == sorted(set(heaps))
    half = psutil.virtual_memory().total // 2**21
    assert all(spark({"WorkerType": name}, execution_class="STANDARD").heap_mib <= half for name in WORKER_TYPES)


@pytest.mark.shows("job-workers")
@pytest.mark.parametrize(("here", "workers", "cores"), [(2, 1, 2), (64, 2, 8), (6, 2, 6)])
def test_a_run_uses_its_workers_vcpus_as_far_as_this_machine_has_cores(
    here: int, workers: int, cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: here)
    assert spark({"WorkerType": "G.1X", "NumberOfWorkers": workers}, execution_class="STANDARD").cores == cores


def test_no_more_hold_a_place_than_there_are_and_who_came_first_is_served_first() -> None:
    places, never, served = Places(1), threading.Event(), []
    entered, leave = threading.Event(), threading.Event()

    def hold(name: str) -> None:
        with places.one(never):
            served.append(name)
            if name == "first":
                entered.set()
                leave.wait(10)

    threads = [threading.Thread(target=hold, args=(name,)) for name in ("first", "second", "third")]
    threads[0].start()
    assert entered.wait(10)
    threads[1].start()
    while len(places._line) < 1:
        pass
    threads[2].start()
    while len(places._line) < 2:
        pass
    assert served == ["first"]
    leave.set()
    for thread in threads:
        thread.join(10)
    assert served == ["first", "second", "third"]


def test_who_gives_up_leaves_the_line_and_takes_no_place() -> None:
    places, never, given_up = Places(1), threading.Event(), threading.Event()
    given_up.set()
    with places.one(never), places.one(given_up):
        assert places._free == 0
    assert places._free == 1


def test_a_spark_run_waits_for_a_place_until_it_is_stopped_and_a_python_shell_run_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executed: list[str] = []
    monkeypatch.setattr(execution, "spark_places", Places(0))
    monkeypatch.setattr(execution, "_execute", lambda run, *_: executed.append(run.plan.kind))
    platform = Platform(Scope("000000000000", "us-east-1"), "", None, tmp_path, tmp_path)  # type: ignore[arg-type] # not used
    spark_run, shell_run = run_of("glueetl"), run_of("pythonshell", PythonVersion="3.9")
    execution.execute(shell_run, platform, log_key=None, running=lambda: None)
    threading.Timer(0.3, spark_run.stop.set).start()
    with pytest.raises(execution.RunStopped):
        execution.execute(spark_run, platform, log_key=None, running=lambda: None)
    assert executed == ["pythonshell"]


def run_of(kind: str, **command: str) -> JobRun:
    job = Job("j", {"Role": "r", "Command": {"Name": kind, "ScriptLocation": "s3://b/s.py", **command}})
    return plan_run(job, {"JobName": "j"}, Origin())
