from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from runner.aws import Aws
from runner.errors import AwsError, Trouble, WrongUse
from runner.pace import LOCAL
from runner.start import ATTEMPTS, Starter, checked_run_id, new_run_id
from tests.unit.runner.fake_time import FakeTime
from tests.unit.runner.scripted_aws import Dropped, Fault, ScriptedAws

THROTTLED = Fault("ThrottlingException", "Rate exceeded")


@pytest.fixture
def starter(aws: ScriptedAws, clients: Aws, fake_time: FakeTime) -> Starter:
    return Starter(clients.glue, ATTEMPTS, LOCAL, fake_time.sleep, lambda: 0.0)


def test_start_gives_the_run_id_as_a_run_property(aws: ScriptedAws, starter: Starter) -> None:
    assert starter.start("lake-local-flights", "run-1") == "wr_1"
    assert aws.calls == [("StartWorkflowRun", {"Name": "lake-local-flights", "RunProperties": {"run_id": "run-1"}})]


def test_throttled_start_is_sent_again(aws: ScriptedAws, starter: Starter) -> None:
    aws.answers["StartWorkflowRun"] = [THROTTLED, THROTTLED, {"RunId": "wr_2"}]
    assert starter.start("w", "run-1") == "wr_2"
    assert aws.count("StartWorkflowRun") == 3


def test_start_that_is_throttled_to_the_end_gives_up(aws: ScriptedAws, starter: Starter) -> None:
    aws.answers["StartWorkflowRun"] = [THROTTLED]
    with pytest.raises(AwsError) as caught:
        starter.start("w", "run-1")
    assert caught.value.trouble is Trouble.THROTTLED
    assert aws.count("StartWorkflowRun") == ATTEMPTS[Trouble.THROTTLED]


@pytest.mark.parametrize("lost", [Dropped(), Fault("InternalServiceException", status=500)])
def test_lost_answer_of_a_start_that_happened_starts_no_second_run(
    aws: ScriptedAws, starter: Starter, lost: Dropped | Fault
) -> None:
    aws.answers["StartWorkflowRun"] = [lost, {"RunId": "wr_second"}]
    aws.answers["GetWorkflowRuns"] = [
        {"Runs": [{"WorkflowRunId": "wr_old", "WorkflowRunProperties": {"run_id": "run-0"}}], "NextToken": "t"},
        {"Runs": [{"WorkflowRunId": "wr_first", "WorkflowRunProperties": {"run_id": "run-1"}}]},
    ]
    assert starter.start("w", "run-1") == "wr_first"
    assert aws.count("StartWorkflowRun") == 1


def test_lost_start_that_did_not_happen_is_sent_again(aws: ScriptedAws, starter: Starter) -> None:
    aws.answers["StartWorkflowRun"] = [Dropped(), {"RunId": "wr_second"}]
    aws.answers["GetWorkflowRuns"] = [{"Runs": []}]
    assert starter.start("w", "run-1") == "wr_second"
    assert [action for action, _ in aws.calls] == ["StartWorkflowRun", "GetWorkflowRuns", "StartWorkflowRun"]


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("AccessDeniedException", Trouble.DENIED),
        ("EntityNotFoundException", Trouble.MISSING),
        ("ConcurrentRunsExceededException", Trouble.AT_LIMIT),
        ("ExpiredTokenException", Trouble.CREDENTIALS),
        ("InvalidInputException", Trouble.OTHER),
    ],
)
def test_refused_start_is_not_sent_again(aws: ScriptedAws, starter: Starter, code: str, trouble: Trouble) -> None:
    aws.answers["StartWorkflowRun"] = [Fault(code)]
    with pytest.raises(AwsError) as caught:
        starter.start("w", "run-1")
    assert caught.value.trouble is trouble
    assert aws.count("StartWorkflowRun") == 1


def test_run_ids_are_distinct_and_begin_with_their_time() -> None:
    now = datetime(2013, 1, 1, 6, tzinfo=UTC)
    ids = {new_run_id(now) for _ in range(20)}
    assert len(ids) == 20
    assert all(re.fullmatch(r"20130101T060000Z-[0-9a-f]{6}", run_id) for run_id in ids)
    assert all(checked_run_id(run_id) == run_id for run_id in ids)


@pytest.mark.parametrize("text", ["", "../other", "a/b", "-x", "a b", "x" * 129, "ä", "a\n"])
def test_run_id_that_is_no_part_of_a_key_is_wrong_use(text: str) -> None:
    with pytest.raises(WrongUse, match="--run-id"):
        checked_run_id(text)
