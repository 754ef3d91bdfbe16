from __future__ import annotations

from typing import Any

import pytest

from runner.judge import has_ended, judge
from runner.outcome import FinalStatus
from runner.record import NoRecord, RunRecord
from tests.unit.runner.workflow_runs import completed, crawl, job_run, record, workflow_run

PUBLISHED = RunRecord.model_validate(record("run-1"))
NONE = NoRecord("the job left no record at s3://b/k", asked=True)
GLUES_PREFIX = "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 41; "


def with_record(outcome: str, reason: str | None = None) -> RunRecord:
    return RunRecord.model_validate(record("run-1", outcome, reason=reason))


def verdict(run: Any, record: RunRecord | NoRecord = PUBLISHED) -> tuple[str, str | None]:
    result = judge(run, record)
    return result.status.value, result.reason


def test_all_nodes_succeeded_and_published_is_a_success() -> None:
    assert verdict(completed()) == ("SUCCEEDED", None)


def test_a_run_with_nothing_new_is_a_success() -> None:
    assert verdict(completed(), with_record("empty")) == ("SUCCEEDED", None)


@pytest.mark.parametrize(("state", "status"), [("FAILED", "FAILED"), ("ERROR", "FAILED"), ("CANCELLED", "STOPPED")])
def test_completed_with_a_crawl_that_did_not_succeed_is_no_success(state: str, status: str) -> None:
    run = completed(crawls=[crawl(state, ErrorMessage="no such bucket")], jobs=None)
    assert verdict(run, NONE) == (status, f"crawler lake-local-flights ended as {state}: no such bucket")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("FAILED", "FAILED"),
        ("ERROR", "FAILED"),
        ("EXPIRED", "FAILED"),
        ("TIMEOUT", "TIMED_OUT"),
        ("STOPPED", "STOPPED"),
    ],
)
def test_completed_with_a_job_that_did_not_succeed_is_no_success(state: str, status: str) -> None:
    run = completed(jobs=[job_run(state, ErrorMessage="KeyError: 'carrier'")])
    assert verdict(run) == (status, f"job lake-local-flights ended as {state}: KeyError: 'carrier'")


def test_completed_with_a_job_that_never_ran_is_a_failure() -> None:
    assert verdict(completed(jobs=None), NONE) == (
        "FAILED",
        "the workflow ended, but job lake-local-flights never ran",
    )


def test_completed_without_a_graph_is_a_failure() -> None:
    status, reason = verdict({"Status": "COMPLETED"})
    assert (status, reason) == ("FAILED", "the workflow ended, but its graph shows no job")


def test_failed_crawl_outranks_a_stopped_job() -> None:
    run = completed(crawls=[crawl("FAILED")], jobs=[job_run("STOPPED")])
    assert verdict(run)[0] == "FAILED"


def test_workflow_error_is_a_failure_with_its_message() -> None:
    run = workflow_run("ERROR", ErrorMessage="concurrency limit of the workflow")
    assert verdict(run, NONE) == (
        "FAILED",
        "the workflow run did not start: concurrency limit of the workflow",
    )


def test_stopped_workflow_is_stopped_even_if_its_job_succeeded() -> None:
    assert verdict(workflow_run("STOPPED", crawls=[crawl()], jobs=[job_run()]))[0] == "STOPPED"


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        GLUES_PREFIX,
        "Error Category: UNCLASSIFIED_ERROR; ",
        f"{GLUES_PREFIX}lib.errors.DataRefused: ",
        "Error Category: UNCLASSIFIED_ERROR; [Failed Line Number: 41;] DataRefused: ",
    ],
)
def test_message_that_begins_with_refused_is_a_refusal(prefix: str) -> None:
    run = completed(jobs=[job_run("FAILED", ErrorMessage=f"{prefix}REFUSED: 7% quarantined, 5% allowed")])
    assert verdict(run, NONE) == ("REFUSED", "7% quarantined, 5% allowed")


@pytest.mark.parametrize("message", ["Connection REFUSED: db:5432", "ValueError: a row said REFUSED: no"])
def test_message_that_only_mentions_refused_is_a_failure(message: str) -> None:
    assert verdict(completed(jobs=[job_run("FAILED", ErrorMessage=message)]), NONE)[0] == "FAILED"


def test_record_of_a_refusal_makes_a_failed_job_a_refusal() -> None:
    run = completed(jobs=[job_run("FAILED", ErrorMessage="exit status 1")])
    assert verdict(run, with_record("refused", "RowCount > 0 failed")) == ("REFUSED", "RowCount > 0 failed")


def test_record_of_a_refusal_leaves_a_timeout_a_timeout() -> None:
    assert verdict(completed(jobs=[job_run("TIMEOUT")]), with_record("refused"))[0] == "TIMED_OUT"


def test_succeeded_job_without_a_record_is_a_failure() -> None:
    assert verdict(completed(), NONE) == ("FAILED", "the job left no record at s3://b/k")


def test_succeeded_job_whose_record_could_not_be_asked_for_is_unreachable() -> None:
    assert verdict(completed(), NoRecord("denied", asked=False)) == ("UNREACHABLE", "denied")


@pytest.mark.parametrize(("outcome", "status"), [("failed", "FAILED"), ("refused", "REFUSED")])
def test_succeeded_job_whose_record_says_otherwise_is_no_success(outcome: str, status: str) -> None:
    assert verdict(completed(), with_record(outcome, "why"))[0] == status


def attempt(number: int, state: str) -> dict[str, Any]:
    suffix = f"_attempt_{number}" if number else ""
    return job_run(state, f"jr_1{suffix}", Attempt=number)


def test_the_last_attempt_speaks_for_its_job_run_in_any_order() -> None:
    attempts = [attempt(2, "SUCCEEDED"), attempt(0, "FAILED"), attempt(1, "FAILED")]
    assert verdict(completed(jobs=attempts))[0] == "SUCCEEDED"


def test_tenth_attempt_is_later_than_the_second() -> None:
    attempts = [attempt(2, "SUCCEEDED"), attempt(10, "FAILED")]
    assert verdict(completed(jobs=attempts))[0] == "FAILED"


def test_a_second_job_run_does_not_hide_a_failed_one() -> None:
    runs = [job_run("FAILED", "jr_1"), job_run("SUCCEEDED", "jr_2")]
    assert verdict(completed(jobs=runs))[0] == "FAILED"


@pytest.mark.parametrize("status", ["RUNNING", "STOPPING", "HIBERNATING"])
def test_live_and_unknown_workflow_states_have_not_ended(status: str) -> None:
    run: Any = workflow_run(status, crawls=[crawl()], jobs=[job_run()])
    assert not has_ended(run)


@pytest.mark.parametrize("state", ["RUNNING", "WAITING", "HIBERNATING"])
def test_completed_with_a_job_that_goes_on_has_not_ended(state: str) -> None:
    run: Any = completed(jobs=[job_run(state)])
    assert not has_ended(run)


@pytest.mark.parametrize("status", ["COMPLETED", "STOPPED", "ERROR"])
def test_final_workflow_states_have_ended(status: str) -> None:
    run: Any = workflow_run(status, crawls=[crawl()], jobs=None)
    assert has_ended(run)


def test_no_node_state_but_succeeded_gives_success() -> None:
    from runner.states import CRAWL_STATES, JOB_RUN_STATES

    runs = [completed(jobs=[job_run(state)]) for state in JOB_RUN_STATES if state != "SUCCEEDED"]
    runs += [completed(crawls=[crawl(state)]) for state in CRAWL_STATES if state != "SUCCEEDED"]
    ended: list[Any] = [run for run in runs if has_ended(run)]  # type: ignore[arg-type]  # plain dictionaries
    assert len(ended) == 8
    assert FinalStatus.SUCCEEDED not in {judge(run, PUBLISHED).status for run in ended}
