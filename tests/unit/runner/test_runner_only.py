"""One node by itself: every sequence of states that AWS may show of a crawl or a job run, and what comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.runner.conftest import RUN_ID, Ran
from tests.unit.runner.fake_time import FakeTime
from tests.unit.runner.scripted_aws import Answer, Dropped, Fault, ScriptedAws
from tests.unit.runner.workflow_runs import EPOCH, JOB_RUN_ID, job_run, on_the_wire, record

RunStart = Callable[..., Ran]
PutRecord = Callable[[dict[str, Any]], None]
THROTTLED = Fault("ThrottlingException", "Rate exceeded")
AT_LIMIT = Fault("ConcurrentRunsExceededException")
RUNNING_ALREADY = Fault("CrawlerRunningException", "it runs")


def crawler(state: str, last: str | None = None, began: float = 0, **fields: Any) -> Answer:
    """GetCrawler's answer; `last` is the status of the last crawl, which began so many seconds after the epoch."""
    found = {"LastCrawl": {"Status": last, "StartTime": EPOCH + began, **fields}} if last else {}
    return {"Crawler": {"Name": "lake-local-flights", "State": state, **found}}


READY = crawler("READY", "SUCCEEDED", 0)
RUNNING = crawler("RUNNING", "SUCCEEDED", 0)
WELL = crawler("READY", "SUCCEEDED", 10)


@pytest.fixture
def crawls(aws: ScriptedAws) -> Callable[..., None]:
    """Gives what GetCrawler and StartCrawler answer, in turn."""

    def put(*looks: Answer, starts: tuple[Answer, ...] = ({},)) -> None:
        aws.answers |= {"GetCrawler": list(looks), "StartCrawler": list(starts)}

    return put


Crawls = Callable[..., None]


@pytest.fixture
def run_crawl(run_start: RunStart) -> Callable[..., tuple[int, str]]:
    def run(**options: Any) -> tuple[int, str]:
        ran = run_start("flights", only="crawl", run_id=None, json=True, **options)
        return ran.code, json.loads(ran.out)["final_status"]

    return run


RunCrawl = Callable[..., tuple[int, str]]


@pytest.mark.parametrize(
    ("looks", "status"),
    [
        ([crawler("READY"), crawler("RUNNING"), crawler("READY", "SUCCEEDED", 1)], "SUCCEEDED"),
        ([READY, RUNNING, WELL], "SUCCEEDED"),
        ([READY, RUNNING, crawler("STOPPING", "SUCCEEDED", 0), WELL], "SUCCEEDED"),
        # Right after the start AWS may still show the crawl before it.
        ([READY, READY, READY, RUNNING, READY, WELL], "SUCCEEDED"),
        ([crawler("READY", "FAILED", 0), crawler("READY", "FAILED", 0), WELL], "SUCCEEDED"),
        ([READY, RUNNING, crawler("READY", "FAILED", 10, ErrorMessage="denied")], "FAILED"),
        ([READY, RUNNING, crawler("STOPPING"), crawler("READY", "CANCELLED", 10)], "STOPPED"),
        ([READY, crawler("DREAMING"), WELL], "SUCCEEDED"),
    ],
)
def test_a_crawl_is_over_when_the_crawler_is_ready_with_a_newer_crawl(
    crawls: Crawls, run_crawl: RunCrawl, aws: ScriptedAws, looks: list[Answer], status: str
) -> None:
    crawls(*looks)
    assert run_crawl()[1] == status
    assert aws.count("GetCrawler") == len(looks)
    assert aws.count("StartCrawler") == 1
    assert aws.count("StartWorkflowRun") == 0


@pytest.mark.parametrize("looks", [[READY], [READY, RUNNING], [READY, crawler("READY", "DREAMING", 10)]])
def test_a_crawl_that_is_not_over_ends_by_the_time_limit(
    crawls: Crawls, run_crawl: RunCrawl, looks: list[Answer], fake_time: FakeTime
) -> None:
    crawls(*looks)
    assert run_crawl(timeout="90s") == (3, "TIMED_OUT")
    assert fake_time.now == 1090


def test_a_crawl_that_went_on_before_is_waited_for_and_not_taken_for_ones_own(
    crawls: Crawls, run_crawl: RunCrawl, aws: ScriptedAws
) -> None:
    crawls(RUNNING, RUNNING, WELL, RUNNING, crawler("READY", "FAILED", 20))
    assert run_crawl() == (1, "FAILED")
    assert aws.count("StartCrawler") == 1


def test_a_crawl_that_someone_starts_at_the_same_moment_is_not_taken_for_ones_own(
    crawls: Crawls, run_crawl: RunCrawl, aws: ScriptedAws
) -> None:
    crawls(READY, RUNNING, WELL, RUNNING, crawler("READY", "FAILED", 20), starts=(RUNNING_ALREADY, {}))
    assert run_crawl() == (1, "FAILED")
    assert aws.count("StartCrawler") == 2


def test_a_crawler_that_runs_is_refused_where_asked_for(crawls: Crawls, run_crawl: RunCrawl, aws: ScriptedAws) -> None:
    crawls(RUNNING)
    assert run_crawl(if_busy="refuse") == (1, "FAILED")
    assert aws.count("StartCrawler") == 0


@pytest.mark.parametrize("lost", [Dropped(), Fault("InternalServiceException", status=500)])
def test_a_start_of_a_crawl_whose_answer_was_lost_is_not_sent_again(
    crawls: Crawls, run_crawl: RunCrawl, aws: ScriptedAws, lost: Answer
) -> None:
    crawls(READY, RUNNING, RUNNING, WELL, starts=(lost,))
    assert run_crawl() == (0, "SUCCEEDED")
    assert aws.count("StartCrawler") == 1


def test_a_look_before_the_start_that_is_lost_makes_no_earlier_crawl_a_success(
    crawls: Crawls, run_crawl: RunCrawl, aws: ScriptedAws
) -> None:
    crawls(Dropped(), READY, RUNNING, crawler("READY", "FAILED", 10))
    assert run_crawl() == (1, "FAILED")
    assert aws.count("StartCrawler") == 1


def test_throttling_and_lost_looks_at_a_crawl_are_survived(crawls: Crawls, run_crawl: RunCrawl) -> None:
    crawls(THROTTLED, READY, THROTTLED, Dropped(), RUNNING, WELL)
    assert run_crawl() == (0, "SUCCEEDED")


@pytest.mark.parametrize("options", [{"run_id": RUN_ID}, {"run_id": None, "no_wait": True}])
def test_a_crawl_takes_no_run_id_and_is_waited_for(
    run_start: RunStart, aws: ScriptedAws, options: dict[str, Any]
) -> None:
    ran = run_start("flights", only="crawl", **options)
    assert ran.code == 2
    assert "--only crawl goes with neither" in ran.err
    assert aws.calls == []


def test_ctrl_c_with_stop_stops_the_crawler(
    crawls: Crawls, run_crawl: RunCrawl, aws: ScriptedAws, fake_time: FakeTime
) -> None:
    crawls(READY, RUNNING)
    fake_time.interrupt_at = fake_time.now + 5

    def stopped(_: dict[str, Any]) -> Answer:
        fake_time.interrupt_at = float("inf")
        aws.answers["GetCrawler"] = [crawler("STOPPING"), crawler("READY", "CANCELLED", 10)]
        return {}

    aws.answers["StopCrawler"] = stopped
    assert run_crawl(on_interrupt="stop") == (4, "STOPPED")
    assert aws.last("StopCrawler") == {"Name": "lake-local-flights"}


def looks_at(*states: Any) -> list[Any]:
    """GetJobRun's answers."""
    runs = [job_run(state) if isinstance(state, str) else state for state in states]
    return [on_the_wire({"JobRun": run}) if isinstance(run, dict) else run for run in runs]


@pytest.fixture
def job(aws: ScriptedAws, put_record: PutRecord) -> ScriptedAws:
    """A job that leaves a record and is not tried again; its run goes on until a test says otherwise."""
    put_record(record(RUN_ID))
    aws.answers |= {
        "StartJobRun": [{"JobRunId": JOB_RUN_ID}],
        "GetJobRun": looks_at("RUNNING"),
        "GetJob": [{"Job": {"MaxRetries": 0}}],
        "GetJobRuns": [{"JobRuns": []}],
    }
    return aws


def run_job(run_start: RunStart, **options: Any) -> tuple[int, Any]:
    ran = run_start("flights", only="job", json=True, **options)
    return ran.code, json.loads(ran.out)


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (["STARTING", "RUNNING", "SUCCEEDED"], "SUCCEEDED"),
        (["WAITING", "WAITING", "STARTING", "RUNNING", "SUCCEEDED"], "SUCCEEDED"),
        (["STARTING", "RUNNING", "FAILED"], "FAILED"),
        (["RUNNING", "TIMEOUT"], "TIMED_OUT"),
        (["RUNNING", "STOPPING", "STOPPED"], "STOPPED"),
        (["WAITING", "EXPIRED"], "FAILED"),
        (["ERROR"], "FAILED"),
        (["DREAMING", "SUCCEEDED"], "SUCCEEDED"),
        ([THROTTLED, "RUNNING", Dropped(), "SUCCEEDED"], "SUCCEEDED"),
    ],
)
def test_a_job_run_ends_as_its_state_says(
    job: ScriptedAws, run_start: RunStart, states: list[Any], status: str
) -> None:
    job.answers["GetJobRun"] = looks_at(*states)
    _, found = run_job(run_start)
    assert found["final_status"] == status
    assert [(node["type"], node["state"]) for node in found["nodes"]] == [("JOB", states[-1])]
    assert found["workflow_run_id"] is None
    assert job.last("StartJobRun")["Arguments"] == {"--RUN_ID": RUN_ID}


def test_a_job_run_that_succeeded_is_judged_by_its_record(job: ScriptedAws, run_start: RunStart) -> None:
    job.answers["GetJobRun"] = looks_at("SUCCEEDED")
    assert run_job(run_start)[1]["rows"]["read"] == 336776
    assert run_job(run_start, run_id="without-a-record")[0] == 1


def test_an_attempt_after_the_first_belongs_to_the_run(job: ScriptedAws, run_start: RunStart) -> None:
    again = f"{JOB_RUN_ID}_attempt_1"
    job.answers |= {
        "GetJob": [{"Job": {"MaxRetries": 1}}],
        "GetJobRun": looks_at("RUNNING", "FAILED"),
        "GetJobRuns": [
            {"JobRuns": []},
            on_the_wire(
                {"JobRuns": [job_run("FAILED", "jr_9_attempt_1"), job_run("RUNNING", again), job_run("FAILED")]}
            ),
            on_the_wire({"JobRuns": [job_run("SUCCEEDED", again), job_run("FAILED")]}),
        ],
    }
    code, found = run_job(run_start)
    assert (code, found["final_status"]) == (0, "SUCCEEDED")


def test_the_last_attempt_that_failed_ends_the_run(job: ScriptedAws, run_start: RunStart) -> None:
    attempts = [job_run("FAILED", f"{JOB_RUN_ID}_attempt_1"), job_run("FAILED")]
    job.answers |= {
        "GetJob": [{"Job": {"MaxRetries": 1}}],
        "GetJobRun": looks_at("FAILED"),
        "GetJobRuns": [on_the_wire({"JobRuns": attempts})],
    }
    assert run_job(run_start)[1]["final_status"] == "FAILED"


def test_a_job_at_its_limit_of_runs_is_waited_for(job: ScriptedAws, run_start: RunStart) -> None:
    job.answers |= {"StartJobRun": [AT_LIMIT, AT_LIMIT, {"JobRunId": JOB_RUN_ID}], "GetJobRun": looks_at("SUCCEEDED")}
    assert run_job(run_start)[0] == 0
    assert job.count("StartJobRun") == 3


def test_a_job_at_its_limit_of_runs_is_refused_where_asked_for_and_not_queued(
    job: ScriptedAws, run_start: RunStart
) -> None:
    job.answers["StartJobRun"] = [AT_LIMIT]
    code, found = run_job(run_start, if_busy="refuse")
    assert (code, found["final_status"]) == (1, "FAILED")
    assert job.last("StartJobRun")["JobRunQueuingEnabled"] is False


def test_a_second_start_of_a_run_id_joins_the_job_run(job: ScriptedAws, run_start: RunStart) -> None:
    job.answers["GetJobRun"] = looks_at("SUCCEEDED")
    assert [run_job(run_start)[0] for _ in range(2)] == [0, 0]
    assert job.count("StartJobRun") == 1


def test_a_run_id_of_a_whole_run_is_none_of_a_job_run(job: ScriptedAws, run_start: RunStart) -> None:
    run_start("flights", no_wait=True)
    ran = run_start("flights", only="job")
    assert ran.code == 2
    assert f"--run-id '{RUN_ID}' is that of wr_1, which is no job run" in ran.err


def test_a_lost_start_of_a_job_run_is_found_by_its_argument(job: ScriptedAws, run_start: RunStart) -> None:
    job.answers |= {
        "StartJobRun": [Dropped(), {"JobRunId": "jr_second"}],
        "GetJobRuns": [on_the_wire({"JobRuns": [job_run("RUNNING", Arguments={"--RUN_ID": RUN_ID})]})],
        "GetJobRun": looks_at("SUCCEEDED"),
    }
    assert run_job(run_start)[0] == 0
    assert job.count("StartJobRun") == 1
    assert job.last("GetJobRun")["RunId"] == JOB_RUN_ID


def test_ctrl_c_with_stop_stops_the_attempt_that_goes_on(
    job: ScriptedAws, run_start: RunStart, fake_time: FakeTime
) -> None:
    fake_time.interrupt_at = fake_time.now + 5
    attempts = [job_run("RUNNING", f"{JOB_RUN_ID}_attempt_1"), job_run("FAILED")]
    job.answers["GetJobRuns"] = [on_the_wire({"JobRuns": attempts})]

    def stopped(_: dict[str, Any]) -> Answer:
        fake_time.interrupt_at = float("inf")
        job.answers["GetJobRun"] = looks_at("STOPPED")
        return {"SuccessfulSubmissions": [], "Errors": []}

    job.answers["BatchStopJobRun"] = stopped
    code, found = run_job(run_start, on_interrupt="stop")
    assert (code, found["final_status"]) == (4, "STOPPED")
    assert job.last("BatchStopJobRun")["JobRunIds"] == [f"{JOB_RUN_ID}_attempt_1"]
