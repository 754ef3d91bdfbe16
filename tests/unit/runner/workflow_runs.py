"""Workflow runs in the shapes of GetWorkflowRun: `wire=True` gives times as JSON 1.1 does, else as boto3 does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

EPOCH = 1_357_020_000.0
"""2013-01-01T06:00:00Z, when every run of the tests begins."""

JOB_RUN_ID = "jr_0123"
PIPELINE = "lake-local-flights"


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(EPOCH + seconds, UTC)


def crawl(state: str = "SUCCEEDED", **fields: Any) -> dict[str, Any]:
    ended = {} if state in ("RUNNING", "CANCELLING") else {"CompletedOn": at(12)}
    return {"State": state, "StartedOn": at(1), **ended, **fields}


def job_run(state: str = "SUCCEEDED", run_id: str = JOB_RUN_ID, **fields: Any) -> dict[str, Any]:
    live = state in ("WAITING", "STARTING", "RUNNING", "STOPPING")
    ended = {} if live else {"CompletedOn": at(60), "ExecutionTime": 45}
    return {
        "Id": run_id,
        "Attempt": 0,
        "JobName": PIPELINE,
        "JobRunState": state,
        "StartedOn": at(14),
        "WorkerType": "G.1X",
        "NumberOfWorkers": 2,
        "LogGroupName": "/aws-glue/jobs",
        **ended,
        **fields,
    }


def workflow_run(
    status: str,
    *,
    crawls: list[dict[str, Any]] | None = None,
    jobs: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """A run whose crawler and job nodes hold `crawls` and `jobs`; None is a node that has not run."""
    ended = {} if status in ("RUNNING", "STOPPING") else {"CompletedOn": at(61)}
    nodes: list[dict[str, Any]] = [
        {"Type": "TRIGGER", "Name": f"{PIPELINE}-start", "UniqueId": "wnode_t1"},
        {"Type": "JOB", "Name": PIPELINE, "UniqueId": "wnode_j"},
        {"Type": "CRAWLER", "Name": PIPELINE, "UniqueId": "wnode_c"},
    ]
    if jobs is not None:
        nodes[1]["JobDetails"] = {"JobRuns": jobs}
    if crawls is not None:
        nodes[2]["CrawlerDetails"] = {"Crawls": crawls}
    return {
        "Name": PIPELINE,
        "WorkflowRunId": "wr_1",
        "StartedOn": at(0),
        "Status": status,
        "Graph": {"Nodes": nodes, "Edges": []},
        **ended,
        **fields,
    }


def completed(**fields: Any) -> dict[str, Any]:
    """A run that went well, unless `crawls` or `jobs` say otherwise."""
    return workflow_run("COMPLETED", **{"crawls": [crawl()], "jobs": [job_run()], **fields})


def on_the_wire(value: Any) -> Any:
    """The same with times as seconds of the epoch."""
    return json.loads(json.dumps(value, default=lambda time: time.timestamp()))


def record(run_id: str, outcome: str = "published", **fields: Any) -> dict[str, Any]:
    """A job's record."""
    return {
        "run_id": run_id,
        "env": "local",
        "dataset": "flights",
        "outcome": outcome,
        "reason": None,
        "started_at": "2013-01-01T06:00:14Z",
        "ended_at": "2013-01-01T06:01:00Z",
        "rows": {
            "read": 336776,
            "inserted": 336000,
            "updated": 700,
            "unchanged": 60,
            "curated": 336760,
            "superseded": 4,
            "quarantined": 12,
        },
        "files": {"new": 365, "consumed": 364, "bytes": 31_053_850},
        "quarantine": [
            {"reason": "dep_time: not an int", "rows": 2, "example": "2013,1,1,late,UA"},
            {"reason": "carrier: is required", "rows": 10, "example": {"year": "2013", "carrier": ""}},
        ],
        "snapshot_id": 4711,
        "stages": [{"name": "plan", "seconds": 0.5}],
        "versions": {"spark": "3.5.6"},
        **fields,
    }
