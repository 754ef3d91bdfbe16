"""The verdict on a workflow run that ended: a pure function of what AWS and the job's record say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from runner.graph import Node, nodes_of
from runner.options import Only
from runner.outcome import FinalStatus, gravest
from runner.record import NoRecord, RunRecord
from runner.states import WORKFLOW_RUN_STATES, Phase, phase_of

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import WorkflowRunTypeDef

# Glue puts a category, sometimes a line number, and the exception's class before the text of the exception.
_REFUSED: Final = re.compile(
    r"^\s*(?:Error Category: [^;]*;\s*)?(?:\[?Failed Line Number: \d+;\s*\]?\s*)?(?:[\w.]+:\s*)?REFUSED:"
)

_BAD_ENDS: Final = {
    Phase.FAILED: FinalStatus.FAILED,
    Phase.TIMED_OUT: FinalStatus.TIMED_OUT,
    Phase.STOPPED: FinalStatus.STOPPED,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the run ended, and why where it is no success."""

    status: FinalStatus
    reason: str | None = None


def has_ended(run: WorkflowRunTypeDef) -> bool:
    """Whether nothing of the run goes on any more. A state that no table knows goes on."""
    phase = phase_of(WORKFLOW_RUN_STATES, run.get("Status", ""))
    if phase is not Phase.ENDED:
        return phase is not Phase.LIVE
    return all(part.phase is not Phase.LIVE for node in nodes_of(run) for part in node.runs)


def needs_record(run: WorkflowRunTypeDef) -> bool:
    """Whether the job came far enough to leave a record."""
    return any(node.runs for node in nodes_of(run) if node.type == "JOB")


def judge(run: WorkflowRunTypeDef, record: RunRecord | NoRecord, only: Only | None = None) -> Verdict:
    """Return the verdict on a run that has ended; success needs that of every node, and its record.

    `only`: a node by itself. A crawl leaves no record.

    COMPLETED is no evidence: AWS reports it also when nodes failed or never ran. A job that succeeded but
    left no record has FAILED; where the record could not be asked for, the end is not known: UNREACHABLE.
    """
    match phase_of(WORKFLOW_RUN_STATES, run.get("Status", "")):
        case Phase.STOPPED:
            return Verdict(FinalStatus.STOPPED, "the workflow run was stopped")
        case Phase.FAILED:
            message = run.get("ErrorMessage") or "AWS gave no reason"
            return Verdict(FinalStatus.FAILED, f"the workflow run did not start: {message}")
    nodes = nodes_of(run)
    if bad_ends := [verdict for node in nodes if (verdict := _bad_end(node, record))]:
        worst = gravest(verdict.status for verdict in bad_ends)
        return next(verdict for verdict in bad_ends if verdict.status is worst)
    for node in nodes:
        if node.run is None:
            kind = node.type.lower()
            return Verdict(FinalStatus.FAILED, f"the workflow ended, but {kind} {node.name} never ran")
    if only == "crawl" and nodes:
        return Verdict(FinalStatus.SUCCEEDED)
    if not any(node.type == "JOB" for node in nodes):
        return Verdict(FinalStatus.FAILED, "the workflow ended, but its graph shows no job")
    return _by_record(record)


def _bad_end(node: Node, record: RunRecord | NoRecord) -> Verdict | None:
    run = node.run
    if run is None or run.phase not in _BAD_ENDS:
        return None
    status = _BAD_ENDS[run.phase]
    reason = run.error or "AWS gave no reason"
    if node.type == "JOB" and status is FinalStatus.FAILED:
        if isinstance(record, RunRecord) and record.outcome == "refused":
            return Verdict(FinalStatus.REFUSED, record.reason or reason)
        if run.error and _REFUSED.match(run.error):
            return Verdict(FinalStatus.REFUSED, run.error.partition("REFUSED:")[2].strip() or None)
    return Verdict(status, f"{node.type.lower()} {node.name} ended as {run.state}: {reason}")


def _by_record(record: RunRecord | NoRecord) -> Verdict:
    if isinstance(record, NoRecord):
        return Verdict(FinalStatus.FAILED if record.asked else FinalStatus.UNREACHABLE, record.reason)
    match record.outcome:
        case "published" | "empty":
            return Verdict(FinalStatus.SUCCEEDED)
        case "refused":
            return Verdict(FinalStatus.REFUSED, record.reason)
        case "failed":
            reason = record.reason or "no reason given"
            return Verdict(FinalStatus.FAILED, f"the job's record says that it failed: {reason}")
