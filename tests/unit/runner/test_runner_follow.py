from __future__ import annotations

from typing import Any

import pytest

from lake.names import Names
from runner.aws import Aws
from runner.errors import AwsError
from runner.follow import Follower
from runner.logs import LOG_KINDS
from tests.unit.runner.scripted_aws import Fault, ScriptedAws
from tests.unit.runner.workflow_runs import JOB_RUN_ID, job_run

OUTPUT = "/aws-glue/jobs/output"
ERROR = "/aws-glue/jobs/error"


@pytest.fixture
def follower(aws: ScriptedAws, clients: Aws) -> Follower:
    return Follower(clients.logs, Names("local"), "flights")


def texts(follower: Follower, *runs: Any) -> list[str]:
    given: Any = runs or [job_run("RUNNING")]
    return [line.text for line in follower.read(given)]


def test_every_page_of_a_stream_is_read(aws: ScriptedAws, follower: Follower) -> None:
    lines = [f"line {number}" for number in range(10)]
    aws.logs = {OUTPUT: {JOB_RUN_ID: lines}}
    assert texts(follower) == lines


def test_a_line_is_shown_once_however_often_it_is_looked_for(aws: ScriptedAws, follower: Follower) -> None:
    aws.logs = {OUTPUT: {JOB_RUN_ID: ["one", "two"]}}
    assert texts(follower) == ["one", "two"]
    assert texts(follower) == []
    aws.logs[OUTPUT][JOB_RUN_ID] += ["three"]
    assert texts(follower) == ["three"]


def test_stream_that_comes_late_is_read_from_its_beginning(aws: ScriptedAws, follower: Follower) -> None:
    aws.logs = {OUTPUT: {}}
    assert texts(follower) == []
    aws.logs[OUTPUT][f"{JOB_RUN_ID}-driver"] = ["first", "second"]
    assert texts(follower) == ["first", "second"]


def test_lines_of_both_kinds_come_by_their_time(aws: ScriptedAws, follower: Follower) -> None:
    aws.logs = {OUTPUT: {JOB_RUN_ID: ["out 0", "out 1"]}, ERROR: {JOB_RUN_ID: ["err 0", "err 1"]}}
    run: Any = job_run("RUNNING")
    read = follower.read([run])
    assert [(line.at, line.kind) for line in read] == [(0, "output"), (0, "error"), (1, "output"), (1, "error")]


def test_each_attempt_of_a_retried_run_has_its_lines(aws: ScriptedAws, follower: Follower) -> None:
    aws.logs = {OUTPUT: {"jr_1": ["failed"], "jr_1_attempt_1": ["again"]}}
    assert texts(follower, job_run("FAILED", "jr_1")) == ["failed", "again"]


def test_message_of_several_lines_is_several_lines(aws: ScriptedAws, follower: Follower) -> None:
    aws.logs = {OUTPUT: {JOB_RUN_ID: ["Traceback:\n  at line 3\n"]}}
    assert texts(follower) == ["Traceback:", "  at line 3"]


def test_what_could_not_be_read_is_read_by_the_next_look(
    aws: ScriptedAws, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.logs = {OUTPUT: {JOB_RUN_ID: ["one"]}}
    with monkeypatch.context() as patched:
        patched.setattr(aws, "_log_events", lambda body: Fault("AccessDeniedException"))
        with pytest.raises(AwsError):
            texts(follower)
    assert texts(follower) == ["one"]


def test_where_the_datasets_own_group_has_the_run_no_other_is_asked(aws: ScriptedAws, follower: Follower) -> None:
    own = {kind: Names("local").job_log_group("flights", kind) for kind in LOG_KINDS}
    aws.logs = {group: {JOB_RUN_ID: [kind]} for kind, group in own.items()}
    assert texts(follower) == ["output", "error"]
    asked = [body["logGroupName"] for action, body in aws.calls if action == "DescribeLogStreams"]
    assert asked == list(own.values())
