"""What workers of a Glue job are billed as."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# DPUs of one worker (the job page of the Glue guide). The R types are counted in memory-optimized DPUs, which
# have another price: their cost is not known here.
WORKER_DPUS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "Standard": 1.0,
        "G.025X": 0.25,
        "G.1X": 1.0,
        "G.2X": 2.0,
        "G.4X": 4.0,
        "G.8X": 8.0,
        "G.12X": 12.0,
        "G.16X": 16.0,
        "Z.2X": 2.0,
    }
)
