"""A table as the objects say it is: columns, partitions and statistics, before the catalog is asked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from local.glue.crawlers.formats.base import Finding, Storage
from local.glue.crawlers.grouping import Group
from local.glue.crawlers.layout import Folder, folder_of, folder_uri, key_names, place
from local.glue.crawlers.schema import Column, Columns, union, with_types_of
from local.glue.crawlers.types import STRING


@dataclass(frozen=True)
class Statistics:
    """Numbers of a table or a partition. `size` in bytes as stored; `records` exact where every sample was whole."""

    objects: int
    size: int
    records: int

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> "Statistics":
        """Sum up `findings`."""
        return cls(len(findings), sum(f.ref.size for f in findings), sum(f.records for f in findings))

    def scaled(self, objects: int, size: int) -> "Statistics":
        """Give the numbers for `objects` objects of `size` bytes, of which these are a sample."""
        return Statistics(objects, size, round(self.records * size / self.size) if self.size else 0)

    def __add__(self, other: "Statistics") -> "Statistics":
        return Statistics(self.objects + other.objects, self.size + other.size, self.records + other.records)


@dataclass(frozen=True)
class DiscoveredPartition:
    """One folder that holds objects of a table."""

    values: tuple[str, ...]
    location: str
    columns: Columns
    statistics: Statistics


@dataclass(frozen=True)
class DiscoveredTable:
    """One table. `partitions` is empty exactly when `partition_keys` is."""

    bucket: str
    folder: Folder
    base_name: str
    location: str
    classification: str
    compression: str
    storage: Storage
    columns: Columns
    partition_keys: Columns
    partitions: tuple[DiscoveredPartition, ...]
    statistics: Statistics


@dataclass(frozen=True)
class FolderTotals:
    """All that a listing holds in one folder, sampled or not."""

    objects: int = 0
    size: int = 0


def discover(
    group: Group, findings: Sequence[Finding], storage: Storage, totals: dict[tuple[str, Folder], FolderTotals]
) -> DiscoveredTable:
    """Give the table that `findings`, the fitting ones of `group`, make.

    `totals` are those of folders of which only some objects were sampled; their statistics are scaled up.
    """
    columns = union(finding.columns for finding in findings)
    members: dict[Folder, list[Finding]] = defaultdict(list)
    for finding in findings:
        members[folder_of(finding.ref)].append(finding)
    partitions = []
    statistics = Statistics(0, 0, 0)
    for folder, found in members.items():
        numbers = Statistics.of(found)
        whole = totals.get((group.bucket, folder))
        if whole and not group.leaf:
            numbers = numbers.scaled(whole.objects, whole.size)
        statistics += numbers
        own = with_types_of(columns, union(finding.columns for finding in found))
        values = place(group.folder, folder).values
        partitions.append(DiscoveredPartition(values, folder_uri(group.bucket, folder), own, numbers))
    keys = key_names(place(group.folder, next(iter(members))).keys, columns)
    location = folder_uri(group.bucket, group.folder)
    return DiscoveredTable(
        bucket=group.bucket,
        folder=group.folder,
        base_name=group.leaf or (group.folder[-1] if group.folder else group.bucket),
        location=location + group.leaf,
        classification=findings[0].classification,
        compression=findings[0].compression,
        storage=storage,
        columns=columns,
        partition_keys=tuple(Column(key, STRING) for key in keys),
        partitions=tuple(partitions) if keys else (),
        statistics=statistics,
    )
