from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from lake.dpus import WORKER_DPUS
from runner.cost import cost_of
from tests.unit.runner.workflow_runs import job_run


def attempt(**fields: Any) -> Any:
    return job_run("SUCCEEDED", **fields)


def test_every_worker_type_of_the_glue_model_has_its_dpus() -> None:
    model = botocore.session.get_session().get_service_model("glue")
    assert set(model.shape_for("WorkerType").enum) <= set(WORKER_DPUS)  # type: ignore[attr-defined]  # a string shape's


def test_cost_is_time_by_workers_by_dpus_by_price() -> None:
    cost = cost_of([attempt(ExecutionTime=900, WorkerType="G.2X", NumberOfWorkers=3)], 0.44)
    assert cost is not None
    assert cost.dpu_hours == pytest.approx(1.5)
    assert cost.usd == pytest.approx(0.66)


def test_dpu_seconds_of_aws_outrank_time_by_workers() -> None:
    cost = cost_of([attempt(DPUSeconds=1800.0, ExecutionTime=9999)], 0.5)
    assert cost is not None
    assert (cost.dpu_hours, cost.usd) == (0.5, 0.25)


def test_every_attempt_is_paid_for() -> None:
    cost = cost_of([attempt(ExecutionTime=3600), attempt(ExecutionTime=1800)], 1.0)
    assert cost is not None
    assert cost.dpu_hours == pytest.approx(3.0)


@pytest.mark.parametrize(("seconds", "billed"), [(0, 0), (1, 60), (60, 60), (61, 61)])
def test_every_attempt_that_consumed_anything_is_billed_for_a_minute_at_least(seconds: int, billed: int) -> None:
    cost = cost_of([attempt(ExecutionTime=seconds), attempt(ExecutionTime=3600)], 0.44)
    assert cost is not None
    assert cost.dpu_hours == pytest.approx(2 * (billed + 3600) / 3600)


def test_dpu_seconds_of_aws_are_taken_as_they_are() -> None:
    cost = cost_of([attempt(DPUSeconds=18.0)], 1.0)
    assert cost is not None
    assert cost.dpu_hours == 0.005


def test_capacity_counts_where_no_workers_are_given() -> None:
    run = {"ExecutionTime": 3600, "MaxCapacity": 10.0}
    cost = cost_of([run], 1.0)  # type: ignore[list-item]  # a plain dictionary
    assert cost is not None
    assert cost.dpu_hours == 10.0


@pytest.mark.parametrize(
    "attempts", [[], [attempt(WorkerType="R.1X")], [attempt(), attempt(WorkerType="Q.9X")], [job_run("RUNNING")]]
)
def test_cost_that_is_not_known_is_not_guessed(attempts: list[Any]) -> None:
    assert cost_of(attempts, 0.44) is None
