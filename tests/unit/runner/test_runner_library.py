from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import runner
from runner.errors import ConfigError, WrongUse
from runner.outcome import FinalStatus
from tests.unit.docs.pages import blocks
from tests.unit.runner.conftest import RUN_ID
from tests.unit.runner.scripted_aws import Fault, ScriptedAws
from tests.unit.runner.workflow_runs import completed, crawl, on_the_wire, record, workflow_run

PutRecord = Callable[[dict[str, Any]], None]


def test_run_returns_what_came_of_it_and_prints_nothing(
    aws: ScriptedAws, put_record: PutRecord, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.answers["GetWorkflowRun"] = [on_the_wire({"Run": completed()})]
    put_record(record(RUN_ID))
    result = runner.run("flights", run_id=RUN_ID)
    assert result.final_status is FinalStatus.SUCCEEDED
    assert result.record is not None
    assert result.record.rows.read == 336776
    assert capsys.readouterr() == ("", "")


def test_failure_is_a_result_and_no_exception(aws: ScriptedAws) -> None:
    aws.answers["GetWorkflowRun"] = [on_the_wire({"Run": completed(crawls=[crawl("FAILED")], jobs=None)})]
    assert runner.run("flights").final_status is FinalStatus.FAILED


def test_aws_that_cannot_be_asked_is_a_result(aws: ScriptedAws) -> None:
    aws.answers["StartWorkflowRun"] = [Fault("AccessDeniedException")]
    assert runner.run("flights").final_status is FinalStatus.UNREACHABLE


def test_time_limit_is_a_result(aws: ScriptedAws) -> None:
    aws.answers["GetWorkflowRun"] = [on_the_wire({"Run": workflow_run("RUNNING", crawls=[crawl("RUNNING")])})]
    assert runner.run("flights", timeout_seconds=0.1).final_status is FinalStatus.TIMED_OUT


def test_what_is_not_there_raises_the_runners_errors(aws: ScriptedAws) -> None:
    with pytest.raises(ConfigError, match="nosuch"):
        runner.run("nosuch")
    aws.answers["StartWorkflowRun"] = [Fault("EntityNotFoundException")]
    with pytest.raises(WrongUse, match="is not deployed"):
        runner.run("flights")


@pytest.mark.parametrize("ended", [completed(), completed(crawls=[crawl("FAILED")], jobs=None)])
def test_program_of_the_documentation_goes_on_after_success_alone(
    aws: ScriptedAws, put_record: PutRecord, ended: dict[str, Any]
) -> None:
    aws.answers["GetWorkflowRun"] = [on_the_wire({"Run": ended})]
    put_record(record("the-id-of-the-task"))
    [program] = blocks("python runner")
    if ended == completed():
        exec(program.text, {})
    else:
        with pytest.raises(SystemExit, match="FAILED: crawler"):
            exec(program.text, {})
