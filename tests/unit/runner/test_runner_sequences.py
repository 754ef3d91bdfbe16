"""Any sequence of states that AWS Glue's documentation allows, with calls throttled and lost in between.

No sequence is a success that is none, and none is waited for beyond its time limit. What is a success is said here once
more, from the last thing that AWS showed, and in other words than the runner's.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from runner import operate
from runner.pace import AWS
from tests.unit.runner.conftest import CURATED_BUCKET, Ran
from tests.unit.runner.fake_time import FakeTime
from tests.unit.runner.scripted_aws import Dropped, Fault, ScriptedAws
from tests.unit.runner.workflow_runs import EPOCH, crawl, job_run, on_the_wire, record, workflow_run

RunStart = Callable[..., Ran]
LIMIT_SECONDS = 1800
MOST_LOOKS = 200
RUN_IDS = (f"run-{number}" for number in count())

FAULTS = [
    Fault("ThrottlingException"),
    Fault("InternalServiceException", status=500),
    Fault("", status=503),
    Dropped(),
]
# From the first state to the last; where one ends with a live state, the run goes on for ever.
CRAWLS = st.tuples(
    st.integers(0, 2).map(lambda times: ["RUNNING"] * times),
    st.sampled_from(
        [["SUCCEEDED"], ["FAILED"], ["ERROR"], ["CANCELLING", "CANCELLED"], ["RUNNING"], ["CANCELLING"], ["NEW"]]
    ),
).map(lambda parts: parts[0] + parts[1])
JOB_RUNS = st.tuples(
    st.sampled_from([[], ["WAITING"], ["WAITING", "WAITING"]]),
    st.sampled_from([[], ["STARTING"], ["STARTING", "RUNNING"]]),
    st.sampled_from(
        [["SUCCEEDED"], ["FAILED"], ["TIMEOUT"], ["STOPPING", "STOPPED"], ["ERROR"], ["EXPIRED"], ["RUNNING"],
         ["WAITING"], ["STOPPING"], ["NEW"]]
    ),
).map(lambda parts: parts[0] + parts[1] + parts[2])  # fmt: skip
OUTCOMES = st.sampled_from(["published", "empty", "refused", "failed", None])
LIVE = {"RUNNING", "CANCELLING", "WAITING", "STARTING", "STOPPING", "NEW"}

quickly = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def paced_as_on_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scripted AWS is on loopback; it is waited for as AWS is, which takes fewer looks."""
    monkeypatch.setattr(operate, "LOCAL", AWS)
    monkeypatch.setattr(operate, "LOCAL_SILENCE", math.inf)


@st.composite
def with_faults(draw: st.DrawFn, looks: list[Any]) -> list[Any]:
    """The looks with faults before some of them, and perhaps nothing but faults at the end."""
    answers: list[Any] = []
    for look in looks:
        answers += [*draw(st.lists(st.sampled_from(FAULTS), max_size=2)), look]
    return [*answers, draw(st.sampled_from(FAULTS))] if draw(st.integers(0, 9)) == 0 else answers


@st.composite
def workflow_sequences(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Each look at a workflow run: its crawl, then its job runs with their attempts, then its end."""
    looks = [workflow_run("RUNNING")]
    crawls = draw(CRAWLS)
    looks += [workflow_run("RUNNING", crawls=[crawl(state)]) for state in crawls]
    crawled = [crawl(crawls[-1])]
    jobs: list[dict[str, Any]] = []
    for run in range(draw(st.integers(0, 2))):
        for attempt in range(draw(st.integers(1, 2))):
            run_id = f"jr_{run}_attempt_{attempt}" if attempt else f"jr_{run}"
            for state in draw(JOB_RUNS):
                now = [*jobs, job_run(state, run_id, Attempt=attempt)]
                looks.append(workflow_run("RUNNING", crawls=crawled, jobs=now))
            jobs = now
    for status in draw(st.sampled_from([["COMPLETED"], ["STOPPING", "STOPPED"], ["ERROR"], ["RUNNING"], ["STOPPING"]])):
        looks.append(workflow_run(status, crawls=crawled, jobs=draw(st.permutations(jobs)) or None))
    return looks


def last_attempts(run: dict[str, Any]) -> list[str]:
    """The state of each job run: that of its attempt with the greatest number."""
    attempts = run["Graph"]["Nodes"][1].get("JobDetails", {}).get("JobRuns", [])
    latest: dict[str, tuple[int, str]] = {}
    for each in attempts:
        name, _, number = each["Id"].partition("_attempt_")
        latest[name] = max(latest.get(name, (-1, "")), (int(number or 0), each["JobRunState"]))
    return [state for _, state in latest.values()]


def ended(run: dict[str, Any]) -> bool:
    if run["Status"] != "COMPLETED":
        return run["Status"] in ("STOPPED", "ERROR")
    crawls = [each["State"] for each in run["Graph"]["Nodes"][2]["CrawlerDetails"]["Crawls"]]
    return LIVE.isdisjoint(crawls) and LIVE.isdisjoint(last_attempts(run))


def succeeded(run: dict[str, Any], outcome: str | None) -> bool:
    crawls = [each["State"] for each in run["Graph"]["Nodes"][2]["CrawlerDetails"]["Crawls"]]
    jobs = last_attempts(run)
    nodes_well = bool(jobs) and set(crawls) | set(jobs) == {"SUCCEEDED"}
    return run["Status"] == "COMPLETED" and nodes_well and outcome in ("published", "empty")


def scripted(aws: ScriptedAws, fake_time: FakeTime, outcome: str | None) -> str:
    """A new run id whose job leaves a record with `outcome`; the clock is set back."""
    run_id = next(RUN_IDS)
    fake_time.now = 1000.0
    aws.calls.clear()
    if outcome is not None:
        key = f"{CURATED_BUCKET}/ops/records/flights/{run_id}.json"
        aws.objects[key] = json.dumps(record(run_id, outcome)).encode()
    return run_id


def held(ran: Ran, fake_time: FakeTime, aws: ScriptedAws, look: str, *, over: bool, well: bool, faulty: bool) -> None:
    """Check an end against what is to be: success where all went well, else no success; nothing beyond the limit."""
    status = json.loads(ran.out)["final_status"]
    assert (status == "SUCCEEDED") == (ran.code == 0) == (over and well)
    if not over:
        # Where the last answers are none, how it ended is not known.
        assert status == ("UNREACHABLE" if faulty else "TIMED_OUT")
    assert fake_time.now <= 1000 + LIMIT_SECONDS + 60
    assert aws.count(look) <= MOST_LOOKS


@quickly
@given(data=st.data(), looks=workflow_sequences(), outcome=OUTCOMES)
def test_no_sequence_of_a_workflow_run_is_a_false_success_or_waited_for_without_end(
    aws: ScriptedAws,
    run_start: RunStart,
    fake_time: FakeTime,
    data: st.DataObject,
    looks: list[Any],
    outcome: str | None,
) -> None:
    answers = data.draw(with_faults(looks))
    run_id = scripted(aws, fake_time, outcome)
    aws.answers["GetWorkflowRun"] = [
        on_the_wire({"Run": answer}) if isinstance(answer, dict) else answer for answer in answers
    ]
    ran = run_start("flights", run_id=run_id, timeout=f"{LIMIT_SECONDS}s", json=True)
    # The runner stops looking at the first end that it sees.
    end = next((look for look in looks if ended(look)), looks[-1])
    faulty = not isinstance(answers[-1], dict)
    held(ran, fake_time, aws, "GetWorkflowRun", over=ended(end), well=succeeded(end, outcome), faulty=faulty)
    assert aws.count("StartWorkflowRun") == 1


@quickly
@given(data=st.data(), states=JOB_RUNS, outcome=OUTCOMES)
def test_no_sequence_of_a_job_run_by_itself_is_a_false_success_or_waited_for_without_end(
    aws: ScriptedAws,
    run_start: RunStart,
    fake_time: FakeTime,
    data: st.DataObject,
    states: list[str],
    outcome: str | None,
) -> None:
    answers = data.draw(with_faults([on_the_wire({"JobRun": job_run(state)}) for state in states]))
    run_id = scripted(aws, fake_time, outcome)
    aws.answers |= {
        "StartJobRun": [{"JobRunId": "jr_0123"}],
        "GetJob": [{"Job": {"MaxRetries": 0}}],
        "GetJobRun": answers,
    }
    ran = run_start("flights", only="job", run_id=run_id, timeout=f"{LIMIT_SECONDS}s", json=True)
    well = states[-1] == "SUCCEEDED" and outcome in ("published", "empty")
    faulty = not isinstance(answers[-1], dict)
    held(ran, fake_time, aws, "GetJobRun", over=states[-1] not in LIVE, well=well, faulty=faulty)
    assert aws.count("StartJobRun") == 1


@quickly
@given(
    data=st.data(),
    states=st.lists(st.sampled_from(["READY", "RUNNING", "STOPPING", "NEW"]), max_size=6),
    before=st.sampled_from([None, "SUCCEEDED", "FAILED", "CANCELLED"]),
    end=st.sampled_from([None, "SUCCEEDED", "FAILED", "CANCELLED", "NEW"]),
)
def test_no_sequence_of_a_crawl_by_itself_is_a_false_success_or_waited_for_without_end(
    aws: ScriptedAws,
    run_start: RunStart,
    fake_time: FakeTime,
    data: st.DataObject,
    states: list[str],
    before: str | None,
    end: str | None,
) -> None:
    earlier = {"LastCrawl": {"Status": before, "StartTime": EPOCH}} if before else {}
    # Until its own crawl has ended AWS shows the one before it, also where the crawler is READY for a moment.
    looks: list[dict[str, Any]] = [{"Crawler": {"State": state, **earlier}} for state in ["READY", *states]]
    if end is not None:
        looks.append({"Crawler": {"State": "READY", "LastCrawl": {"Status": end, "StartTime": EPOCH + 60}}})
    answers = [looks[0], *data.draw(with_faults(looks[1:]))]
    scripted(aws, fake_time, None)
    aws.answers |= {"StartCrawler": [{}], "GetCrawler": answers}
    ran = run_start("flights", only="crawl", run_id=None, timeout=f"{LIMIT_SECONDS}s", json=True)
    faulty = not isinstance(answers[-1], dict)
    held(ran, fake_time, aws, "GetCrawler", over=end not in (None, "NEW"), well=end == "SUCCEEDED", faulty=faulty)
    assert aws.count("StartCrawler") == 1
