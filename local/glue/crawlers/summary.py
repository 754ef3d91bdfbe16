"""What a crawl changed in the catalog, by name."""

from dataclasses import dataclass, field, fields


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
