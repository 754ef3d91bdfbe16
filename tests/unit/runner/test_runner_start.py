from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from lake.names import Names
from runner.aws import Aws
from runner.claim import Claims
from runner.errors import AwsError, Trouble, WrongUse
from runner.launch import WorkflowRuns
from runner.pace import LOCAL
from runner.start import ATTEMPTS, AWS_PATIENCE, Begun, Starter, checked_run_id, new_run_id
from tests.unit.runner.conftest import CURATED_BUCKET
from tests.unit.runner.fake_time import FakeTime
from tests.unit.runner.scripted_aws import Answer, Dropped, Fault, ScriptedAws

THROTTLED = Fault("ThrottlingException", "Rate exceeded")
CLAIM = f"{CURATED_BUCKET}/ops/records/flights/run-1.start"


@pytest.fixture
def another(aws: ScriptedAws, clients: Aws, fake_time: FakeTime) -> Callable[[], Starter]:
    """Makes a runner like any other, with a token of its own."""
    aws.time = fake_time.clock

    def make() -> Starter:
        claims = Claims(lambda: clients.s3, lambda: CURATED_BUCKET, Names("local"))
        clock, sleep = fake_time.clock, fake_time.sleep
        return Starter(WorkflowRuns(clients.glue), claims, ATTEMPTS, LOCAL, AWS_PATIENCE, clock, sleep, lambda: 0.0)

    return make


@pytest.fixture
def starter(another: Callable[[], Starter]) -> Starter:
    return another()


def actions(aws: ScriptedAws) -> list[str]:
    return [action for action, _ in aws.calls]


def test_start_gives_the_run_id_as_a_run_property(aws: ScriptedAws, starter: Starter) -> None:
    assert starter.start("flights", "run-1") == Begun("wr_1")
    assert aws.last("StartWorkflowRun") == {"Name": "lake-local-flights", "RunProperties": {"run_id": "run-1"}}


def test_run_properties_go_with_the_start(aws: ScriptedAws, starter: Starter) -> None:
    starter.start("flights", "run-1", {"reprocess_prefix": "raw/flights/month=06/"})
    properties = {"run_id": "run-1", "reprocess_prefix": "raw/flights/month=06/"}
    assert aws.last("StartWorkflowRun")["RunProperties"] == properties


def test_run_id_is_claimed_before_the_start_and_the_claim_names_the_run_after_it(
    aws: ScriptedAws, starter: Starter
) -> None:
    starter.start("flights", "run-1")
    assert actions(aws) == ["PutObject", "StartWorkflowRun", "PutObject"]
    content = aws.objects[CLAIM]
    assert isinstance(content, bytes)
    assert json.loads(content)["workflow_run_id"] == "wr_1"


def test_second_start_of_a_run_id_joins_the_first(
    aws: ScriptedAws, starter: Starter, another: Callable[[], Starter]
) -> None:
    starter.start("flights", "run-1")
    assert another().start("flights", "run-1") == Begun("wr_1", joined=True)
    assert aws.count("StartWorkflowRun") == 1


def test_claim_whose_first_answer_was_lost_is_known_as_ones_own(aws: ScriptedAws, starter: Starter) -> None:
    aws.puts = [Dropped(), {}]
    assert starter.start("flights", "run-1") == Begun("wr_1")
    assert aws.count("StartWorkflowRun") == 1


def killed_in(step: tuple[type, str], starter: Starter) -> None:
    """Start run-1 and die in one of the steps."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(*step, die)
        with pytest.raises(KeyboardInterrupt):
            starter.start("flights", "run-1")


def test_run_of_a_holder_that_died_after_its_start_is_joined(aws: ScriptedAws, another: Callable[[], Starter]) -> None:
    killed_in((Claims, "settle"), another())
    run = {"WorkflowRunId": "wr_1", "WorkflowRunProperties": {"run_id": "run-1"}}
    aws.answers["GetWorkflowRuns"] = [{"Runs": [run]}]
    assert another().start("flights", "run-1") == Begun("wr_1", joined=True)
    assert aws.count("StartWorkflowRun") == 1


def test_claim_of_a_holder_that_died_before_its_start_is_taken_over_after_a_while(
    aws: ScriptedAws, another: Callable[[], Starter], fake_time: FakeTime
) -> None:
    killed_in((Starter, "_send"), another())
    aws.answers["GetWorkflowRuns"] = [{"Runs": []}]
    began = fake_time.now
    assert another().start("flights", "run-1") == Begun("wr_1")
    assert AWS_PATIENCE.grace < fake_time.now - began < AWS_PATIENCE.grace + 5
    assert aws.count("StartWorkflowRun") == 1


def test_holder_that_slept_through_its_claim_does_not_start_a_second_run(
    aws: ScriptedAws, starter: Starter, another: Callable[[], Starter], fake_time: FakeTime
) -> None:
    aws.answers["GetWorkflowRuns"] = [{"Runs": []}]
    others: list[Begun] = []

    def throttled_until_another_took_over(body: dict[str, Any]) -> Answer:
        if others or aws.count("StartWorkflowRun") > 1:
            return {"RunId": "wr_other"}
        fake_time.now += AWS_PATIENCE.grace + 1  # the laptop was closed
        others.append(another().start("flights", "run-1"))
        return THROTTLED

    aws.answers["StartWorkflowRun"] = throttled_until_another_took_over
    assert starter.start("flights", "run-1") == Begun("wr_other", joined=True)
    assert others == [Begun("wr_other")]
    assert aws.count("StartWorkflowRun") == 2  # the throttled one, and the other's


def test_claim_that_cannot_be_written_starts_nothing(aws: ScriptedAws, starter: Starter) -> None:
    aws.puts = [Fault("AccessDenied", status=403)]
    with pytest.raises(AwsError) as caught:
        starter.start("flights", "run-1")
    assert caught.value.trouble is Trouble.DENIED
    assert aws.count("StartWorkflowRun") == 0


def test_object_at_the_claims_key_that_is_none_starts_nothing(aws: ScriptedAws, starter: Starter) -> None:
    aws.objects[CLAIM] = b"not a claim"
    with pytest.raises(AwsError, match="is no claim"):
        starter.start("flights", "run-1")
    assert aws.count("StartWorkflowRun") == 0


def test_throttled_start_is_sent_again(aws: ScriptedAws, starter: Starter) -> None:
    aws.answers["StartWorkflowRun"] = [THROTTLED, THROTTLED, {"RunId": "wr_2"}]
    assert starter.start("flights", "run-1") == Begun("wr_2")
    assert aws.count("StartWorkflowRun") == 3


def test_start_that_is_throttled_to_the_end_gives_up(aws: ScriptedAws, starter: Starter) -> None:
    aws.answers["StartWorkflowRun"] = [THROTTLED]
    with pytest.raises(AwsError) as caught:
        starter.start("flights", "run-1")
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
    assert starter.start("flights", "run-1") == Begun("wr_first")
    assert aws.count("StartWorkflowRun") == 1


def test_lost_start_that_did_not_happen_is_sent_again(aws: ScriptedAws, starter: Starter) -> None:
    aws.answers["StartWorkflowRun"] = [Dropped(), {"RunId": "wr_second"}]
    aws.answers["GetWorkflowRuns"] = [{"Runs": []}]
    assert starter.start("flights", "run-1") == Begun("wr_second")
    asked = [action for action in actions(aws) if action != "PutObject"]
    assert asked == ["StartWorkflowRun", "GetWorkflowRuns", "StartWorkflowRun"]


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
        starter.start("flights", "run-1")
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
