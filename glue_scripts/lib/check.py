"""Stage 5: look at what was written before anyone else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.arguments import Job
from lib.counts import Counts
from lib.dataset import Dataset
from lib.errors import ConflictError, RefusedError
from lib.plan import Plan, changed_objects
from lib.rules import PASSED, RuleOutcome
from lib.write import Written

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def check(job: Job, plan: Plan, written: Written, outcomes: tuple[RuleOutcome, ...], *, s3: S3Client) -> str | None:
    """Return only if the run may publish; `outcomes` are those of the dataset's table rules.

    Raises AccountingError where its rows do not add up, RefusedError where more than `max_quarantined` of them are
    quarantined or a table rule does not hold, ConflictError where an object was rewritten while it was read.
    A run that releases objects is not refused: what it would have been refused for is returned.
    """
    written.counts.verify()
    changed = changed_objects(s3, plan)
    if changed:
        raise ConflictError(f"{len(changed)} objects changed while they were read, the first {changed[0]}")
    reason = _refusal(job.dataset, written.counts, outcomes)
    if reason is not None and job.request.release_prefix is None:
        raise RefusedError(reason)
    return reason


def _refusal(dataset: Dataset, counts: Counts, outcomes: tuple[RuleOutcome, ...]) -> str | None:
    if counts.read and counts.quarantined / counts.read > dataset.max_quarantined:
        return (
            f"{counts.quarantined} of {counts.read} rows are quarantined, {counts.quarantined / counts.read:.2%}; "
            f"max_quarantined allows {dataset.max_quarantined:.2%}"
        )
    broken = [f"{each.rule}: {each.reason or each.outcome}" for each in outcomes if each.outcome != PASSED]
    return f"{len(broken)} of {len(outcomes)} table rules do not hold: {'; '.join(broken)}" if broken else None
