from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lake.names import Names
from runner.aws import Aws
from runner.record import NoRecord, Records, RunRecord
from tests.unit.runner.conftest import CURATED_BUCKET
from tests.unit.runner.scripted_aws import Fault, ScriptedAws
from tests.unit.runner.workflow_runs import record

KEY = f"{CURATED_BUCKET}/ops/records/flights/run-1.json"


@pytest.fixture
def records(aws: ScriptedAws, clients: Aws) -> Records:
    return Records(clients, Names("local"))


def test_record_is_read_from_the_bucket_of_the_stacks_output(
    records: Records, put_record: Callable[[dict[str, Any]], None]
) -> None:
    put_record(record("run-1"))
    found = records.read("flights", "run-1")
    assert isinstance(found, RunRecord)
    assert (found.outcome, found.rows.read, found.snapshot_id) == ("published", 336776, 4711)


def test_bucket_is_looked_up_once(aws: ScriptedAws, records: Records) -> None:
    records.read("flights", "run-1")
    records.read("flights", "run-2")
    assert aws.count("DescribeStacks") == 1


def test_missing_record_was_asked_for(records: Records) -> None:
    assert records.read("flights", "run-1") == NoRecord(f"the job left no record at s3://{KEY}", asked=True)


def test_denied_record_was_not_answered(aws: ScriptedAws, records: Records) -> None:
    aws.objects[KEY] = Fault("AccessDenied", "not for you", 403)
    found = records.read("flights", "run-1")
    assert isinstance(found, NoRecord)
    assert not found.asked
    assert "not for you" in found.reason


def test_missing_stack_leaves_the_record_unasked(aws: ScriptedAws, records: Records) -> None:
    aws.outputs.clear()
    found = records.read("flights", "run-1")
    assert isinstance(found, NoRecord)
    assert not found.asked
    assert "stack lake-local" in found.reason


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"run_id": "run-1"}', b'{"run_id": "run-1", "outcome": "fine"}']
)
def test_record_that_cannot_be_understood_is_none(aws: ScriptedAws, records: Records, content: bytes) -> None:
    aws.objects[KEY] = content
    found = records.read("flights", "run-1")
    assert isinstance(found, NoRecord)
    assert found.asked
    assert "cannot be understood" in found.reason


def test_record_of_another_run_is_none(
    aws: ScriptedAws, records: Records, put_record: Callable[[dict[str, Any]], None]
) -> None:
    put_record(record("run-2"))
    aws.objects[KEY] = aws.objects[f"{CURATED_BUCKET}/ops/records/flights/run-2.json"]
    assert records.read("flights", "run-1") == NoRecord(f"the record at s3://{KEY} is that of run run-2", asked=True)
