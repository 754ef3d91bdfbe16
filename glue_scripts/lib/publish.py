"""Stage 6: the one move of `main` that decides: before it no reader sees a row of the run, after it all do."""

from __future__ import annotations

from lib.iceberg import RUN_ID_PROPERTY
from lib.write import Written


def publish(written: Written, run_id: str) -> int:
    """Make the branch's rows the table's; return the id of the snapshot that readers see.

    The snapshot carries the run's id and numbers, so that the decision is known from the table alone.
    Raises ConflictError, and publishes nothing, where `main` moved since the plan.
    """
    return written.on.publish({RUN_ID_PROPERTY: run_id, **written.counts.properties()})
