"""Ctrl-C while runs go on, and the log lines that are shown meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from runner.aws import Aws
from runner.operate import Operation, Started
from runner.options import OnInterrupt
from runner.outcome import FinalStatus
from runner.result import RunResult
from runner.watching import Watching
from tests.unit.runner.conftest import RUN_ID, Ran
from tests.unit.runner.fake_time import FakeTime
from tests.unit.runner.scripted_aws import Answer, Fault, ScriptedAws
from tests.unit.runner.workflow_runs import JOB_RUN_ID, completed, crawl, job_run, on_the_wire, record, workflow_run

RUNNING = on_the_wire({"Run": workflow_run("RUNNING", crawls=[crawl()], jobs=[job_run("RUNNING")])})
STOPPED = on_the_wire({"Run": workflow_run("STOPPED", crawls=[crawl()], jobs=[job_run("STOPPED")])})


class Interrupted:
    """A run that is watched until Ctrl-C, on a terminal unless said otherwise; `answers` are what the user types."""

    def __init__(self, clients: Aws, fake_time: FakeTime, *, terminal: bool = True) -> None:
        self.time = fake_time
        self.clients = clients
        self.console = Console(file=StringIO(), force_terminal=terminal, color_system=None, width=100)
        self.asked: list[str] = []

    def watch(self, *answers: str | type[BaseException], on_interrupt: OnInterrupt | None = None) -> RunResult:
        typed = list(answers)

        def ask(question: str) -> str:
            self.asked.append(question)
            answer = typed.pop(0)
            if isinstance(answer, str):
                return answer
            raise answer

        operation = Operation(self.clients, self.time.as_time())
        run = operation.start("flights", RUN_ID)
        assert isinstance(run, Started)
        self.time.interrupt_at = self.time.now + 10
        watching = Watching(operation, self.console, on_interrupt=on_interrupt, ask=ask)
        (result,) = watching.to_the_end([run], {"flights": 3600.0})
        return result

    @property
    def shown(self) -> str:
        assert isinstance(self.console.file, StringIO)
        return self.console.file.getvalue()


@pytest.fixture
def going_on(aws: ScriptedAws, fake_time: FakeTime) -> ScriptedAws:
    """A run that goes on until it is stopped."""

    def stop(_: dict[str, Any]) -> Answer:
        fake_time.interrupt_at = float("inf")
        aws.answers["GetWorkflowRun"] = [RUNNING, STOPPED]
        return {}

    aws.answers |= {"GetWorkflowRun": [RUNNING], "StopWorkflowRun": stop}
    return aws


@pytest.fixture
def user(going_on: ScriptedAws, clients: Aws, fake_time: FakeTime) -> Interrupted:
    return Interrupted(clients, fake_time)


def test_ctrl_c_asks_on_a_terminal_and_says_how_to_come_back(user: Interrupted) -> None:
    user.watch("l")
    assert user.asked == ["Leave it running, or stop it? [l/s] "]
    assert f"To come back to it: python run.py attach flights --run-id {RUN_ID}" in user.shown


def test_run_that_is_left_goes_on(user: Interrupted, going_on: ScriptedAws) -> None:
    assert user.watch("l").final_status is FinalStatus.INTERRUPTED
    assert going_on.count("StopWorkflowRun") == 0


@pytest.mark.parametrize("answer", ["s", "stop", "S", KeyboardInterrupt])
def test_run_that_is_stopped_is_watched_to_its_end(
    user: Interrupted, going_on: ScriptedAws, answer: str | type[BaseException]
) -> None:
    assert user.watch(answer).final_status is FinalStatus.STOPPED
    assert going_on.last("StopWorkflowRun") == {"Name": "lake-local-flights", "RunId": "wr_1"}
    assert going_on.count("StopWorkflowRun") == 1


def test_end_of_input_leaves_the_run(user: Interrupted, going_on: ScriptedAws) -> None:
    assert user.watch(EOFError).final_status is FinalStatus.INTERRUPTED
    assert going_on.count("StopWorkflowRun") == 0


@pytest.mark.parametrize(("option", "status"), [("stop", FinalStatus.STOPPED), ("leave", FinalStatus.INTERRUPTED)])
def test_option_answers_before_anyone_is_asked(user: Interrupted, option: OnInterrupt, status: FinalStatus) -> None:
    assert user.watch(on_interrupt=option).final_status is status
    assert user.asked == []


def test_without_a_terminal_the_run_is_left_and_nobody_asked(
    going_on: ScriptedAws, clients: Aws, fake_time: FakeTime
) -> None:
    user = Interrupted(clients, fake_time, terminal=False)
    assert user.watch().final_status is FinalStatus.INTERRUPTED
    assert user.asked == []


def test_run_that_ended_before_the_stop_is_reported_as_it_ended(
    user: Interrupted, going_on: ScriptedAws, put_record: Callable[[dict[str, Any]], None], fake_time: FakeTime
) -> None:
    def ended(_: dict[str, Any]) -> Answer:
        fake_time.interrupt_at = float("inf")
        going_on.answers["GetWorkflowRun"] = [on_the_wire({"Run": completed()})]
        return Fault("IllegalWorkflowStateException")

    going_on.answers["StopWorkflowRun"] = ended
    put_record(record(RUN_ID))
    assert user.watch("s").final_status is FinalStatus.SUCCEEDED


def test_job_lines_are_shown_as_they_come_and_those_after_the_end_too(
    aws: ScriptedAws, run_start: Callable[..., Ran], put_record: Callable[[dict[str, Any]], None]
) -> None:
    put_record(record(RUN_ID))
    log = ["session: 1.6 s"]
    aws.logs = {"/aws-glue/jobs/output": {JOB_RUN_ID: log}, "/aws-glue/jobs/error": {JOB_RUN_ID: ["INFO Spark"]}}
    ends = [RUNNING, RUNNING, on_the_wire({"Run": completed()})]

    def look(_: dict[str, Any]) -> Answer:
        answer: Answer = ends.pop(0)
        return answer

    def read_late(body: dict[str, Any]) -> Answer:
        answer = type(aws)._log_events(aws, body)
        if not ends and len(log) == 1:
            log.append("outcome: published")  # delivered after the end was seen
        return answer

    aws.answers["GetWorkflowRun"] = look
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(aws, "_log_events", read_late)
        lines = run_start("flights").out.splitlines()
    assert [line for line in lines if " | " in line] == ["flights | session: 1.6 s", "flights | outcome: published"]


def test_verbose_shows_the_lines_of_spark_too(
    aws: ScriptedAws, run_start: Callable[..., Ran], put_record: Callable[[dict[str, Any]], None]
) -> None:
    put_record(record(RUN_ID))
    aws.logs = {"/aws-glue/jobs/error": {JOB_RUN_ID: ["INFO Spark"]}}
    aws.answers["GetWorkflowRun"] = [RUNNING, on_the_wire({"Run": completed()})]
    assert "flights | INFO Spark" in run_start("flights", verbose=True).out.splitlines()


def test_with_json_the_lines_go_to_stderr(
    aws: ScriptedAws, run_start: Callable[..., Ran], put_record: Callable[[dict[str, Any]], None]
) -> None:
    put_record(record(RUN_ID))
    aws.logs = {"/aws-glue/jobs/output": {JOB_RUN_ID: ["session: 1.6 s"]}}
    aws.answers["GetWorkflowRun"] = [RUNNING, on_the_wire({"Run": completed()})]
    ran = run_start("flights", json=True)
    assert json.loads(ran.out)["final_status"] == "SUCCEEDED"
    assert "flights | session: 1.6 s" in ran.err
