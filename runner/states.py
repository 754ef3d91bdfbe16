"""Every state that AWS Glue gives a job run, a crawl and a workflow run, and what it means to one who waits.

The names are those of botocore's Glue model: JobRunState, CrawlState, CrawlerState, LastCrawlStatus, WorkflowRunStatus
(a test compares).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final


class Phase(Enum):
    """What a state means: it goes on, or it ended in one of these ways."""

    LIVE = "live"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    STOPPED = "stopped"
    ENDED = "ended"
    """Over, but its nodes say how: AWS reports COMPLETED even when nodes failed or never ran."""


JOB_RUN_STATES: Final[Mapping[str, Phase]] = MappingProxyType(
    {
        "WAITING": Phase.LIVE,
        "STARTING": Phase.LIVE,
        "RUNNING": Phase.LIVE,
        "STOPPING": Phase.LIVE,
        "SUCCEEDED": Phase.SUCCEEDED,
        "FAILED": Phase.FAILED,
        "TIMEOUT": Phase.TIMED_OUT,
        "STOPPED": Phase.STOPPED,
        # A trigger tried to run a job that was deleted.
        "ERROR": Phase.FAILED,
        # In the model only; no page says what it means. It never goes on and is no success.
        "EXPIRED": Phase.FAILED,
    }
)

CRAWL_STATES: Final[Mapping[str, Phase]] = MappingProxyType(
    {
        "RUNNING": Phase.LIVE,
        "CANCELLING": Phase.LIVE,
        "CANCELLED": Phase.STOPPED,
        "SUCCEEDED": Phase.SUCCEEDED,
        "FAILED": Phase.FAILED,
        "ERROR": Phase.FAILED,
    }
)

# Of a crawler, as GetCrawler has it. READY says that no crawl goes on, not which one was the last.
CRAWLER_STATES: Final[Mapping[str, Phase]] = MappingProxyType(
    {
        "READY": Phase.ENDED,
        "RUNNING": Phase.LIVE,
        "STOPPING": Phase.LIVE,
    }
)

# Of a crawler's last crawl; each is a state of crawls too.
LAST_CRAWL_STATUSES: Final[Mapping[str, Phase]] = MappingProxyType(
    {status: CRAWL_STATES[status] for status in ("SUCCEEDED", "CANCELLED", "FAILED")}
)

WORKFLOW_RUN_STATES: Final[Mapping[str, Phase]] = MappingProxyType(
    {
        "RUNNING": Phase.LIVE,
        "STOPPING": Phase.LIVE,
        "STOPPED": Phase.STOPPED,
        "COMPLETED": Phase.ENDED,
        # The run could not start, for example above the workflow's limit of runs.
        "ERROR": Phase.FAILED,
    }
)

# The phase that speaks for a node with several runs: what still goes on, then the worst end.
GRAVEST_FIRST: Final = (Phase.LIVE, Phase.FAILED, Phase.TIMED_OUT, Phase.STOPPED, Phase.SUCCEEDED)


def phase_of(states: Mapping[str, Phase], state: str) -> Phase:
    """Return what `state` means; a state that the table lacks counts as going on, never as an end."""
    return states.get(state, Phase.LIVE)
