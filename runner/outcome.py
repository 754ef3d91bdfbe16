"""How a run can end for the one who started it, and the exit code of each end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final


class FinalStatus(Enum):
    """What `final_status:` says."""

    SUCCEEDED = "SUCCEEDED"
    STARTED = "STARTED"
    FAILED = "FAILED"
    REFUSED = "REFUSED"
    STOPPED = "STOPPED"
    TIMED_OUT = "TIMED_OUT"
    UNREACHABLE = "UNREACHABLE"
    INTERRUPTED = "INTERRUPTED"


# Wrong use or configuration: nothing was started, so there is no final status.
WRONG_USE: Final = 2

EXIT_CODES: Final[Mapping[FinalStatus, int]] = MappingProxyType(
    {
        FinalStatus.SUCCEEDED: 0,
        FinalStatus.STARTED: 0,
        FinalStatus.FAILED: 1,
        FinalStatus.TIMED_OUT: 3,
        FinalStatus.STOPPED: 4,
        FinalStatus.REFUSED: 5,
        FinalStatus.UNREACHABLE: 6,
        FinalStatus.INTERRUPTED: 130,
    }
)

# Of several pipelines the first of these decides. The user's own interruption first; then known bad ends, the
# one that needs a person most first; then not knowing the end.
GRAVEST_FIRST: Final = (
    FinalStatus.INTERRUPTED,
    FinalStatus.FAILED,
    FinalStatus.REFUSED,
    FinalStatus.STOPPED,
    FinalStatus.TIMED_OUT,
    FinalStatus.UNREACHABLE,
    FinalStatus.STARTED,
    FinalStatus.SUCCEEDED,
)


def gravest(statuses: Iterable[FinalStatus]) -> FinalStatus:
    """Return the status that speaks for all of `statuses`. Raises ValueError where there is none."""
    return min(statuses, key=GRAVEST_FIRST.index)
