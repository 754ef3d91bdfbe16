"""The ways a run ends that are not a fault of Spark or AWS."""

from __future__ import annotations


class RefusedError(Exception):
    """The run's data breaks a limit of its dataset: nothing is published and nothing consumed."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"REFUSED: {reason}")
        self.reason = reason


class ConflictError(Exception):
    """The table or the objects changed since the run was planned: nothing is published; another run plans anew."""


class AccountingError(Exception):
    """The rows of a run do not add up: nothing is published."""


class SourceError(Exception):
    """The raw table or its objects cannot be read as they are described."""


class LayoutError(SourceError):
    """Objects of one layout cannot become rows of the table at all."""


class RuleError(Exception):
    """A row rule says something of a column that the table has not, or has in another type."""


class DriftError(SourceError):
    """Rows hold values in columns that the table has not: where the dataset adds such, they are read once more."""
