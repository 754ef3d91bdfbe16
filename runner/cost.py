"""What a run's job cost: DPU-hours by AWS's own count where it gives one, else by time and workers, with its minimum.

Crawls are billed too, by DPU-hours that neither a workflow run nor GetCrawler tells: they are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lake.dpus import WORKER_DPUS

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import JobRunTypeDef

# What AWS bills at least, in seconds of each attempt's time (of a Spark job of Glue 2.0 or later). The page of prices
# has the rate; that there is such a minimum, and how long it is, is said by others only and unconfirmed.
MINIMUM_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Cost:
    """DPU-hours of a job's attempts, each with AWS's minimum, and their price in USD."""

    dpu_hours: float
    usd: float


def cost_of(attempts: Iterable[JobRunTypeDef], price_per_dpu_hour: float) -> Cost | None:
    """Return the cost of all attempts together; None where there is none, or one whose DPUs are not known."""
    hours = [_dpu_hours(attempt) for attempt in attempts]
    known = [value for value in hours if value is not None]
    if not known or len(known) < len(hours):
        return None
    return Cost(sum(known), sum(known) * price_per_dpu_hour)


def _dpu_hours(attempt: JobRunTypeDef) -> float | None:
    # DPUSeconds: of flexible and of auto-scaled runs alone (JobRun in the model of Glue's API).
    if (dpu_seconds := attempt.get("DPUSeconds")) is not None:
        return dpu_seconds / 3600
    seconds = attempt.get("ExecutionTime")
    per_worker = WORKER_DPUS.get(attempt.get("WorkerType", ""))
    workers = attempt.get("NumberOfWorkers")
    dpus = per_worker * workers if per_worker and workers else attempt.get("MaxCapacity")
    if seconds is None or dpus is None:
        return None
    # ExecutionTime is the time in which resources were consumed: with none at all, there is nothing to bill.
    return max(seconds, MINIMUM_SECONDS) * dpus / 3600 if seconds else 0.0
