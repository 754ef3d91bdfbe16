"""How large a run is: what AWS would give it, and what that means on this machine.

Source: 'Configuring job properties for Spark jobs', 'Configuring job properties for Python shell jobs' (AWS Glue
developer guide): worker types with their DPUs and vCPUs, MaxCapacity, the flexible execution class.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psutil

from local.glue.errors import InvalidInput


@dataclass(frozen=True)
class WorkerType:
    """One worker: DPUs (M-DPUs of an R type), vCPUs, and the heap in MiB that a Spark job of it gets here.

    A worker is a machine of its own on AWS; here all of a run's workers are one JVM. Its heap follows the worker type,
    so that a job that needs more can ask for more.
    """

    dpus: float
    vcpus: int
    heap_mib: int


WORKER_TYPES = {
    "G.1X": WorkerType(1, 4, 1024),
    "G.2X": WorkerType(2, 8, 2048),
    "G.4X": WorkerType(4, 16, 4096),
    "G.8X": WorkerType(8, 32, 8192),
    "G.12X": WorkerType(12, 48, 12288),
    "G.16X": WorkerType(16, 64, 16384),
    "R.1X": WorkerType(1, 4, 2048),
    "R.2X": WorkerType(2, 8, 4096),
    "R.4X": WorkerType(4, 16, 8192),
    "R.8X": WorkerType(8, 32, 16384),
}
# Worker types that a Spark job of Glue 5 cannot have.
ELSEWHERE = {
    "G.025X": "it is for streaming jobs",
    "Standard": "it ended with Glue 1.0",
    "Z.2X": "it is for Ray jobs",
}
WORKER_TYPE = "G.1X"
WORKERS = 10
FLEX_WORKER_TYPES = ("G.1X", "G.2X")
SHELL_CAPACITIES = (0.0625, 1.0)


@dataclass(frozen=True)
class Capacity:
    """What a run is given: DPUs in all, and the workers of a Spark job."""

    dpus: float
    worker_type: str | None = None
    workers: int | None = None

    def describe(self) -> dict[str, Any]:
        """The members by which a job and a run show it."""
        return {"MaxCapacity": self.dpus, "WorkerType": self.worker_type, "NumberOfWorkers": self.workers}

    @property
    def heap_mib(self) -> int:
        """The heap of a run's JVM: its worker type's, but at most half of this machine's memory."""
        asked = WORKER_TYPES[self.worker_type or WORKER_TYPE].heap_mib
        return min(asked, int(psutil.virtual_memory().total) // 2**21)

    @property
    def cores(self) -> int:
        """How many tasks a run does at once: as many as its workers' vCPUs, but at most this machine's cores."""
        return min(WORKER_TYPES[self.worker_type or WORKER_TYPE].vcpus * (self.workers or 1), os.cpu_count() or 1)


def spark(given: Mapping[str, Any], *, execution_class: str) -> Capacity:
    """The capacity of a Spark job from the members that were given. Raises InvalidInput, naming what is allowed."""
    if given.get("MaxCapacity"):
        raise InvalidInput(
            "MaxCapacity is not for Spark jobs of Glue 2.0 or later: give WorkerType and NumberOfWorkers."
        )
    name, workers = given.get("WorkerType", WORKER_TYPE), int(given.get("NumberOfWorkers", WORKERS))
    if name not in WORKER_TYPES:
        reason = f" ({ELSEWHERE[name]})" if name in ELSEWHERE else ""
        raise InvalidInput(f"WorkerType {name} is not allowed here{reason}, only {', '.join(WORKER_TYPES)}.")
    if workers < 1:
        raise InvalidInput(f"NumberOfWorkers must be at least 1, not {workers}.")
    if execution_class == "FLEX" and name not in FLEX_WORKER_TYPES:
        raise InvalidInput(f"ExecutionClass FLEX takes WorkerType {' or '.join(FLEX_WORKER_TYPES)}, not {name}.")
    return Capacity(WORKER_TYPES[name].dpus * workers, name, workers)


def shell(given: Mapping[str, Any], *, execution_class: str) -> Capacity:
    """The capacity of a Python shell job. Raises InvalidInput, naming what is allowed."""
    for member in ("WorkerType", "NumberOfWorkers"):
        if given.get(member):
            raise InvalidInput(f"{member} is not for Python shell jobs: give MaxCapacity.")
    if execution_class == "FLEX":
        raise InvalidInput("ExecutionClass FLEX is for jobs whose Command.Name is glueetl.")
    dpus = float(given.get("MaxCapacity") or SHELL_CAPACITIES[0])
    if dpus not in SHELL_CAPACITIES:
        allowed = " or ".join(f"{one:g}" for one in SHELL_CAPACITIES)
        raise InvalidInput(f"MaxCapacity of a Python shell job is {allowed}, not {dpus:g}.")
    return Capacity(dpus)
