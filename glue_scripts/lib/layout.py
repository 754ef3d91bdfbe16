"""What objects say of themselves where they differ from the catalog's table, or cannot be read at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

# What an object says of its columns, in its order: the names in a CSV's header, the fields of a Parquet schema.
Layout = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of objects by their keys.

    `layouts` are those of objects that are not laid out as the catalog's table; `unreadable` says what is wrong with
    those that are quarantined whole; `ignored` counts the objects that have a column which the table has not.
    """

    layouts: Mapping[str, Layout] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    ignored: Mapping[str, int] = field(default_factory=dict)

    def groups(self, keys: Iterable[str]) -> Iterator[tuple[Layout | None, set[str]]]:
        """Yield the keys of objects that are laid out alike, with their layout; None is the catalog's."""
        found: dict[Layout | None, set[str]] = {}
        for key in keys:
            found.setdefault(self.layouts.get(key), set()).add(key)
        # In an order that does not depend on the order of the keys.
        yield from sorted(found.items(), key=lambda group: group[0] or ())

    def without(self, unreadable: Mapping[str, str]) -> Look:
        """Return the same, with more objects known to be unreadable."""
        return replace(self, unreadable={**self.unreadable, **unreadable})
