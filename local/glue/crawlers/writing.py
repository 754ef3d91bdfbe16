"""Brings the catalog to what a crawl found, as the crawler's policies allow, and writes nothing that is so already."""

import time
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local.glue.crawlers import policies
from local.glue.crawlers.catalog import Catalog
from local.glue.crawlers.definition import CrawlerDefinition
from local.glue.crawlers.discovery import DiscoveredTable
from local.glue.crawlers.errors import CrawlCancelled, CrawlDenied
from local.glue.crawlers.names import table_name, told_apart
from local.glue.crawlers.rendering import DEPRECATED_BY, UPDATED_BY, inherited, partition_input, table_input
from local.glue.crawlers.summary import CrawlSummary

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import PartitionInputTypeDef, TableInputTypeDef


@dataclass(frozen=True)
class Writer:
    """One crawl's writing. `listed` are the s3:// names of all folders that hold objects, known or not."""

    definition: CrawlerDefinition
    catalog: Catalog
    run_id: str
    log: Callable[[str, str], None]
    listed: AbstractSet[str]
    summary: CrawlSummary = field(default_factory=CrawlSummary)

    def write(self, tables: Sequence[DiscoveredTable]) -> CrawlSummary:
        """Create and update `tables` with their partitions, then see to those that are no longer there."""
        written: set[str] = set()
        for table in tables:
            if self.catalog.cancelled():
                raise CrawlCancelled
            name, found = self._place_in_catalog(table, written)
            written.add(name)
            wanted = table_input(table, name, self.definition, self.run_id)
            if found is None:
                self._create(table, wanted)
            else:
                self._update(table, policies.as_table_input(found), wanted)
        for name, found in self._known_tables().items():
            if name not in written and self._is_mine(found) and not self._holds_objects(found):
                self._vanished(name, found)
        return self.summary

    def _place_in_catalog(self, table: DiscoveredTable, written: set[str]) -> tuple[str, dict[str, Any] | None]:
        """Give the table's name and what the catalog has by it."""
        name = table_name(self.definition.table_prefix, table.base_name)
        found = None if name in written else self.catalog.table(name)
        # A table of this crawler's own follows it to a new place; another's is left alone.
        foreign = found is not None and not self._is_mine(found) and _location(found) != table.location.rstrip("/")
        if name in written or foreign:
            name = told_apart(name, table.location)
            found = self.catalog.table(name)
        return name, found

    def _known_tables(self) -> dict[str, dict[str, Any]]:
        try:
            return self.catalog.tables()
        except CrawlDenied as error:
            if self.definition.schema_change_policy.delete != "LOG":
                raise
            # A role for one table has no right to list them all, and needs none where nothing is to be deleted.
            self.log("INFO", f"Tables whose objects are gone are not looked for: {error}")
            return {}

    def _create(self, table: DiscoveredTable, wanted: "TableInputTypeDef") -> None:
        name = wanted["Name"]
        self.catalog.create_table(wanted)
        self.summary.tables_created.append(name)
        self.log("INFO", f"Created table {name} in database {self.definition.database}")
        if table.partition_keys and self.definition.configuration.create_partition_index:
            try:
                self.catalog.create_partition_index(name, [key.name for key in table.partition_keys])
            except CrawlDenied as error:
                # An index makes queries faster and the table no other: a role without the right still crawls.
                self.log("WARN", str(error))
        self._write_partitions(table, wanted, {})

    def _update(self, table: DiscoveredTable, before: "TableInputTypeDef", wanted: "TableInputTypeDef") -> None:
        name = wanted["Name"]
        partitions = self.catalog.partitions(name) if before.get("PartitionKeys") else {}
        if partitions and not policies.same_partition_keys(before, wanted):
            self.log("WARN", f"Table {name} keeps its partition keys: folders now make others, which are skipped")
            return
        after = self._table_after(before, wanted)
        if not policies.unchanged(before, after):
            self.catalog.update_table(after)
            self.summary.tables_updated.append(name)
            self.log("INFO", f"Updated table {name} in database {self.definition.database}")
        if DEPRECATED_BY not in after.get("Parameters", {}):
            self._write_partitions(table, after, partitions)

    def _table_after(self, before: "TableInputTypeDef", wanted: "TableInputTypeDef") -> "TableInputTypeDef":
        """Give what the catalog is to hold: `before` itself where the policies forbid a change."""
        name = wanted["Name"]
        if self.definition.configuration.merges_new_columns:
            if fixed := policies.differing_fixed(before, wanted):
                self.log("WARN", f"Table {name} is deprecated: its {' and '.join(fixed)} changed")
                return before if DEPRECATED_BY in before["Parameters"] else self._deprecated(before)
            return policies.merged(before, wanted)
        if self.definition.schema_change_policy.update == "LOG":
            if not policies.unchanged(before, wanted):
                self.log("INFO", f"Table {name} has changed and is left as it is: UpdateBehavior is LOG")
            return before
        return wanted

    def _write_partitions(
        self, table: DiscoveredTable, parent: "TableInputTypeDef", existing: dict[tuple[str, ...], dict[str, Any]]
    ) -> None:
        name = parent["Name"]
        created, updated = [], []
        for partition in table.partitions:
            wanted = partition_input(table, partition, self.definition)
            if self.definition.configuration.partitions_inherit:
                wanted = inherited(wanted, parent)
            found = existing.get(partition.values)
            if found is None:
                created.append(wanted)
                continue
            after = self._partition_after(policies.as_partition_input(found), wanted)
            if not policies.unchanged(found, after):
                updated.append(after)
        self.catalog.create_partitions(name, created)
        self.catalog.update_partitions(name, updated)
        self.summary.partitions_created.extend(self._partition_name(parent, part["Values"]) for part in created)
        self.summary.partitions_updated.extend(self._partition_name(parent, part["Values"]) for part in updated)
        self._remove_partitions(parent, existing)

    def _partition_after(
        self, before: "PartitionInputTypeDef", wanted: "PartitionInputTypeDef"
    ) -> "PartitionInputTypeDef":
        if self.definition.configuration.merges_new_columns:
            return policies.merged(before, wanted)
        return before if self.definition.schema_change_policy.update == "LOG" else wanted

    def _remove_partitions(self, parent: "TableInputTypeDef", existing: dict[tuple[str, ...], dict[str, Any]]) -> None:
        gone = [values for values, found in existing.items() if self._is_mine(found) and not self._holds_objects(found)]
        if not gone:
            return
        name = parent["Name"]
        if self.definition.schema_change_policy.delete == "DELETE_FROM_DATABASE":
            self.catalog.delete_partitions(name, gone)
            self.summary.partitions_deleted.extend(self._partition_name(parent, values) for values in gone)
        else:
            # Deprecation is documented for tables only.
            self.log("INFO", f"{len(gone)} partitions of table {name} hold no objects any more and are kept")

    def _vanished(self, name: str, found: dict[str, Any]) -> None:
        match self.definition.schema_change_policy.delete:
            case "DELETE_FROM_DATABASE":
                self.catalog.delete_table(name)
                self.summary.tables_deleted.append(name)
                self.log("INFO", f"Deleted table {name}: its objects are gone")
            case "DEPRECATE_IN_DATABASE" if DEPRECATED_BY not in found.get("Parameters", {}):
                self.catalog.update_table(self._deprecated(policies.as_table_input(found)))
                self.summary.tables_updated.append(name)
                self.log("WARN", f"Deprecated table {name}: its objects are gone")
            case "LOG":
                self.log("INFO", f"Table {name} is left as it is, though its objects are gone: DeleteBehavior is LOG")

    def _deprecated(self, table: "TableInputTypeDef") -> "TableInputTypeDef":
        return policies.deprecated(table, epoch_ms=int(time.time() * 1000))

    def _is_mine(self, found: dict[str, Any]) -> bool:
        return (found.get("Parameters") or {}).get(UPDATED_BY) == self.definition.name

    def _holds_objects(self, found: dict[str, Any]) -> bool:
        location = _location(found)
        return any(folder.startswith(f"{location}/") for folder in self.listed)

    def _partition_name(self, table: "TableInputTypeDef", values: Sequence[str]) -> str:
        pairs = zip(table["PartitionKeys"], values, strict=True)
        return "/".join([table["Name"], *(f"{key['Name']}={value}" for key, value in pairs)])


def _location(found: dict[str, Any]) -> str:
    return str((found.get("StorageDescriptor") or {}).get("Location") or "").rstrip("/")
