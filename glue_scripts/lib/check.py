"""Stage 5: look at what was written before anyone else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.dataset import Dataset
from lib.errors import ConflictError, RefusedError
from lib.plan import Plan, changed_objects
from lib.write import Written

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def check(dataset: Dataset, plan: Plan, written: Written, *, s3: S3Client) -> None:
    """Return only if the run may publish.

    Raises AccountingError where its rows do not add up, RefusedError where more than `max_quarantined` of them are
    quarantined, ConflictError where an object was rewritten while it was read.
    """
    counts = written.counts
    counts.verify()
    if counts.read and counts.quarantined / counts.read > dataset.max_quarantined:
        raise RefusedError(
            f"{counts.quarantined} of {counts.read} rows are quarantined, {counts.quarantined / counts.read:.2%}; "
            f"max_quarantined allows {dataset.max_quarantined:.2%}"
        )
    changed = changed_objects(s3, plan)
    if changed:
        raise ConflictError(f"{len(changed)} objects changed while they were read, the first {changed[0]}")
