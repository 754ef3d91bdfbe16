"""What a crawl changed in the catalog, by name."""

import json
from dataclasses import dataclass, field, fields

# ListCrawls' Summary is no longer text than this (`NameString` of the model).
LONGEST = 255
KINDS = {"TABLE": "tables", "PARTITION": "partitions"}
CHANGES = {"ADD": "created", "UPDATE": "updated", "DELETE": "deleted"}


@dataclass(frozen=True)
class CrawlSummary:
    """Names of what the crawl wrote; a partition is `table/key=value/…`. A deprecated table counts as updated."""

    tables_created: list[str] = field(default_factory=list)
    tables_updated: list[str] = field(default_factory=list)
    tables_deleted: list[str] = field(default_factory=list)
    partitions_created: list[str] = field(default_factory=list)
    partitions_updated: list[str] = field(default_factory=list)
    partitions_deleted: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        changed = [(f.name.replace("_", " "), len(getattr(self, f.name))) for f in fields(self)]
        return ", ".join(f"{count} {what}" for what, count in changed if count) or "nothing changed"

    def as_json(self) -> str:
        """As ListCrawls has it: by TABLE and PARTITION, then ADD, UPDATE and DELETE, a Count and the names.

        The form is not documented, but that it is JSON and holds the tables and partitions. Where the names do not fit,
        the counts stand alone.
        """
        full = json.dumps(self._told(names=True))
        return full if len(full) <= LONGEST else json.dumps(self._told(names=False))

    def _told(self, *, names: bool) -> dict[str, dict[str, dict[str, object]]]:
        told: dict[str, dict[str, dict[str, object]]] = {}
        for kind, things in KINDS.items():
            for change, done in CHANGES.items():
                changed = getattr(self, f"{things}_{done}")
                if changed:
                    detail = {"Count": len(changed), **({"Names": changed} if names else {})}
                    told.setdefault(kind, {})[change] = detail
        return told
