"""A run's branch of the curated table: what the run commits stands on it in one unbroken line from `main`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from lib.errors import ConflictError
from lib.iceberg import Table


@dataclass(slots=True)
class Change:
    """Rows that one commit added and took away, by its snapshot's summary."""

    added: int = 0
    deleted: int = 0

    @property
    def net(self) -> int:
        """Rows that the branch has more than before."""
        return self.added - self.deleted


class Branch:
    """A branch that nobody else writes to; another run may drop it, which each commit finds out.

    Iceberg makes a branch that is missing anew, from `main` as it is then, without what was committed before: rows of
    a run that was published meanwhile would be published once more. So each commit must stand on the one before it.
    """

    def __init__(self, table: Table, name: str, base: int | None) -> None:
        """Start the branch at snapshot `base`, from nothing where it is None; one of that name is dropped first.

        Raises ConflictError where the table is not at `base` any more.
        """
        self.table, self.name, self.base = table, name, base
        if name in table.branches():
            table.drop_branch(name)
        self.head = table.create_branch(name, base)

    @contextmanager
    def commit(self) -> Iterator[Change]:
        """Let the block commit to the branch, once or not at all; the change is known after it.

        Raises ConflictError where the branch was dropped before or meanwhile.
        """
        change = Change()
        try:
            yield change
        except Exception as error:
            self.table.refresh()
            if self.name not in self.table.branches():
                raise self._dropped() from error
            raise
        self.table.refresh()
        head = self.table.head(self.name)
        if head == self.head:
            return
        if head is None or self.table.parent(head) != self.head:
            raise self._dropped()
        summary = self.table.summary(head)
        change.added = int(summary.get("added-records", 0))
        change.deleted = int(summary.get("deleted-records", 0))
        self.head = head

    def publish(self, properties: Mapping[str, str]) -> int:
        """Make the branch's rows the table's; return the snapshot that readers see, its summary holding `properties`.

        Raises ConflictError, and publishes nothing, where `main` is not at `base` any more.
        """
        with self.commit():
            self.table.append_nothing(self.name, properties)
        self.table.publish(self.name)
        return self.head

    def _dropped(self) -> ConflictError:
        return ConflictError(f"another run dropped the branch {self.name} of {self.table}")
