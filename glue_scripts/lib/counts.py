"""The numbers of a run's rows: every row read is counted once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from typing import Final

from lib.errors import AccountingError

_PROPERTY_PREFIX: Final = "rows-"


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one run. Curated are those inserted, updated and left unchanged.

    `replaced` are no rows of this run: they are those of the table that made room for it, because their objects were
    rewritten or are consumed again.
    """

    read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    quarantined: int = 0
    replaced: int = 0

    @property
    def curated(self) -> int:
        """Rows that are in the curated table with the values that were read."""
        return self.inserted + self.updated + self.unchanged

    def verify(self) -> None:
        """Raise AccountingError unless every row read is curated, superseded or quarantined."""
        found = self.curated + self.superseded + self.quarantined
        if found != self.read:
            raise AccountingError(
                f"{self.read} rows were read, but {self.curated} curated + {self.superseded} superseded "
                f"+ {self.quarantined} quarantined are {found}"
            )

    def columns(self) -> tuple[int, ...]:
        """Return the numbers in the order of the runs table's columns."""
        return astuple(self)

    def properties(self) -> dict[str, str]:
        """Return the numbers as properties of the snapshot that publishes the run."""
        return {f"{_PROPERTY_PREFIX}{name}": str(rows) for name, rows in asdict(self).items()}

    @classmethod
    def from_properties(cls, summary: Mapping[str, str]) -> Counts:
        """Return the numbers that a snapshot's summary carries."""
        names = cls.__dataclass_fields__
        return cls(**{name: int(summary.get(f"{_PROPERTY_PREFIX}{name}", 0)) for name in names})
