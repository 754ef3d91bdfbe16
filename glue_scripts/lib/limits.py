"""How far the tables are kept in order: the environment's limits, as the job gets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What upkeep may do; the defaults are those of `lake.environment`, which says what each is for."""

    snapshots_older_than_days: float = 5
    min_snapshots_to_keep: int = 20
    small_file_mb: int = 32
    min_small_files: int = 10
    compact_at_most_mb: int = 2048
    orphans_older_than_days: float = 8
    orphans_every_days: float = 7


def parse_limits(raw: Mapping[str, float]) -> Limits:
    """Return the limits of a resolved JSON. Raises TypeError for one that the job does not know."""
    return Limits(**raw)  # type: ignore[arg-type]  # whole numbers where the model has them
