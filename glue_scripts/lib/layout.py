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
    those that are quarantined whole. `found` are columns that the objects have and the table has not, with types, where
    the dataset adds such; `spelled` how JSON records write a column's name, where in several ways. `stored` are the
    curated table's own columns, None before there is a table. `is_close` says that each object was looked at.
    """

    layouts: Mapping[str, Layout] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    spelled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stored: Mapping[str, str] | None = None
    is_close: bool = False

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

    def closer(self, look: Look) -> Look:
        """Return the same, with what a look at each object brought."""
        unreadable = {**self.unreadable, **look.unreadable}
        return replace(self, layouts=look.layouts, unreadable=unreadable, found=look.found, is_close=True)
