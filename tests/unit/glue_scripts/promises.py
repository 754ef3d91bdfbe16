"""The job's promises as a few lines of Python over plain values: what a lake must hold after any sequence of runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

Values = tuple[int, str, int | None, str]  # id, day, amount, note


@dataclass(frozen=True)
class Version:
    """One version of an object: rows that fit, the lines of those that do not, or nothing that can be read."""

    number: int
    minute: int
    rows: tuple[Values, ...] = ()
    bad: int = 0
    unreadable: bool = False


@dataclass(frozen=True)
class Stored:
    """A row of the table, with what compares it to another of its key."""

    values: Values
    source: str
    minute: int
    run_id: str


@dataclass
class Promises:
    """What is in the lake. `keyed`: by id and day; `ordered`: by the amount before the object's time."""

    keyed: bool
    ordered: bool
    objects: dict[str, Version] = field(default_factory=dict)
    consumed: set[tuple[str, int]] = field(default_factory=set)
    table: list[Stored] = field(default_factory=list)
    quarantine: Counter[tuple[str, str]] = field(default_factory=Counter)

    def run(self, run_id: str, again: str | None = None) -> dict[str, int] | None:
        """Publish what is new, or the objects whose names begin with `again`; the numbers, None where nothing is."""
        if again is None:
            chosen = [name for name, version in self.objects.items() if (name, version.number) not in self.consumed]
        else:
            chosen = [name for name in self.objects if name.startswith(again)]
        if not chosen:
            return None
        counts = dict.fromkeys(("read", "inserted", "updated", "unchanged", "superseded", "quarantined", "replaced"), 0)
        known = {name for name, _ in self.consumed}
        readable = [name for name in chosen if not self.objects[name].unreadable]
        replaced = set(readable) & known if again is not None or not self.keyed else set()
        counts["replaced"] = sum(row.source in replaced for row in self.table)
        self.table = [row for row in self.table if row.source not in replaced]
        rows = [
            Stored(values, name, self.objects[name].minute, run_id)
            for name in sorted(readable)
            for values in self.objects[name].rows
        ]
        for name in chosen:
            version = self.objects[name]
            self.consumed.add((name, version.number))
            self.quarantine[run_id, name] += version.unreadable or version.bad
            counts["quarantined"] += version.bad
        counts["read"] = len(rows) + counts["quarantined"]
        self._merge(rows, counts)
        return counts

    def _merge(self, rows: list[Stored], counts: dict[str, int]) -> None:
        if not self.keyed:
            self.table += rows
            counts["inserted"] = len(rows)
            return
        latest: dict[tuple[int, str], Stored] = {}
        for row in rows:  # in the order of their objects' names and their positions: of equal rows the last
            found = latest.get(row.values[:2])
            if found is None or self._order(row) >= self._order(found):
                latest[row.values[:2]] = row
        counts["superseded"] = len(rows) - len(latest)
        table = {row.values[:2]: row for row in self.table}
        for key, row in latest.items():
            stored = table.get(key)
            if stored is None:
                action = "inserted"
            elif stored.values == row.values:
                action = "unchanged"
            else:
                action = "updated" if self._order(row) >= self._order(stored) else "superseded"
            counts[action] += 1
            if action in ("inserted", "updated"):
                table[key] = row
        self.table = list(table.values())

    def _order(self, row: Stored) -> tuple[object, ...]:
        amount = row.values[2]
        # A null is before every amount.
        by = (amount is not None, amount or 0) if self.ordered else ()
        return (*by, row.minute, row.source)
