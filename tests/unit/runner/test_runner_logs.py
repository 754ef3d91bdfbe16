from __future__ import annotations

from typing import Any

import pytest

from lake.names import Names
from runner.aws import Aws
from runner.logs import TRACEBACK_LINES_SHOWN, last_lines, last_traceback
from tests.unit.runner.scripted_aws import ScriptedAws
from tests.unit.runner.workflow_runs import JOB_RUN_ID, job_run

TRACEBACK = [
    "Traceback (most recent call last):",
    '  File "raw_to_curated.py", line 41, in main',
    "KeyError: 'carrier'",
]


@pytest.fixture
def logs(aws: ScriptedAws, clients: Aws) -> Any:
    return clients.logs


def run(**fields: Any) -> Any:
    return job_run("FAILED", **fields)


def lines_of(logs: Any, job_run: Any) -> list[str]:
    return last_lines(logs, job_run, Names("local"), "flights")


def test_traceback_of_the_script_is_found_among_its_output(aws: ScriptedAws, logs: Any) -> None:
    aws.logs = {
        "/aws-glue/jobs/output": {JOB_RUN_ID: ["reading", *TRACEBACK]},
        "/aws-glue/jobs/error": {JOB_RUN_ID: ["spark said much"] * 300},
    }
    assert lines_of(logs, run()) == TRACEBACK


def test_traceback_in_the_error_log_is_preferred_to_plain_output(aws: ScriptedAws, logs: Any) -> None:
    aws.logs = {
        "/aws-glue/jobs/output": {JOB_RUN_ID: ["reading"]},
        "/aws-glue/jobs/error": {f"{JOB_RUN_ID}-driver": ["\n".join(TRACEBACK)]},
    }
    assert lines_of(logs, run()) == TRACEBACK


def test_log_group_of_a_security_configuration_is_the_runs_own(aws: ScriptedAws, logs: Any) -> None:
    base = "/aws-glue/jobs/lake-local-role/lake-local-flights-job"
    aws.logs = {f"{base}/error": {JOB_RUN_ID: TRACEBACK}}
    assert lines_of(logs, run(LogGroupName=base)) == TRACEBACK


def test_log_group_of_the_security_configuration_is_found_where_aws_gives_only_the_base(
    aws: ScriptedAws, logs: Any
) -> None:
    aws.logs = {Names("local").job_log_group("flights", "output"): {JOB_RUN_ID: TRACEBACK}}
    assert lines_of(logs, run(LogGroupName="/aws-glue/jobs")) == TRACEBACK


def test_log_without_a_traceback_shows_its_last_lines(aws: ScriptedAws, logs: Any) -> None:
    aws.logs = {"/aws-glue/jobs/output": {JOB_RUN_ID: [f"line {number}" for number in range(100)]}}
    assert lines_of(logs, run()) == [f"line {number}" for number in range(80, 100)]


def test_streams_of_other_runs_are_not_read(aws: ScriptedAws, logs: Any) -> None:
    aws.logs = {"/aws-glue/jobs/output": {"jr_other": TRACEBACK}}
    assert lines_of(logs, run()) == []


def test_run_that_wrote_no_log_has_no_lines(logs: Any) -> None:
    assert lines_of(logs, run()) == []


def test_the_last_of_chained_tracebacks_is_shown() -> None:
    assert last_traceback(["Traceback (most recent call last):", "ValueError: first", "", *TRACEBACK]) == TRACEBACK


def test_long_traceback_is_cut_in_its_middle() -> None:
    lines = [TRACEBACK[0], *(f"frame {number}" for number in range(500)), "ValueError: the end"]
    shown = last_traceback(lines)
    assert len(shown) == TRACEBACK_LINES_SHOWN + 1
    assert shown[0] == TRACEBACK[0]
    assert shown[-1] == "ValueError: the end"
    assert "... 442 lines left out ..." in shown
