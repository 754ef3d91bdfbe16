"""Where a dataset's tables and records are, and how the columns that the job adds are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

CATALOG: Final = "glue_catalog"
MAIN: Final = "main"

# Kept with each curated row: where it came from, and what decides which of two rows with one key is the later.
SOURCE_FILE: Final = "_source_file"  # the object's key
SOURCE_MODIFIED: Final = "_source_modified"  # the object's LastModified
RUN_ID: Final = "_run_id"
LINEAGE_TYPES: Final = {SOURCE_FILE: "string", SOURCE_MODIFIED: "timestamp", RUN_ID: "string"}

# A row's position in its object, in a run only: the block's first byte, then an order inside the block.
SOURCE_BLOCK: Final = "_source_block"
SOURCE_ROW: Final = "_source_row"
# Why a row does not fit its columns, in a run only; null where it fits. Either the text of a line that could not be
# parsed, or the source's fields as JSON, where values do not survive the cast to their columns' types.
CORRUPT: Final = "_corrupt"
LOST: Final = "_lost"
# What is wrong with such a row, as an array of texts; computed only where it is asked for.
REASONS: Final = "_reasons"
# Names of what a row holds a value in and the table has no column for, as an array of texts; empty in most.
UNKNOWN: Final = "_unknown"

_TABLE_PROPERTIES: Final = {
    "format-version": "2",
    # Metadata files are bounded: each commit writes one, and the oldest beyond these goes.
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}

_BRANCH_PREFIX: Final = "run_"


@dataclass(frozen=True, slots=True)
class Tables:
    """A dataset's Iceberg tables with their locations. `bucket` is the curated bucket."""

    dataset: str
    curated_database: str
    ops_database: str
    curated_location: str
    bucket: str

    @property
    def curated(self) -> str:
        """Spark's name of the curated table."""
        return f"{CATALOG}.{self.curated_database}.{self.dataset}"

    def ops(self, kind: str) -> str:
        """Spark's name of an ops table: `files`, `runs` or `quarantine`."""
        return f"{CATALOG}.{self.ops_database}.{self.dataset}_{kind}"

    def ops_location(self, kind: str) -> str:
        """Folder of an ops table."""
        root = self.curated_location.removesuffix(f"/curated/{self.dataset}")
        return f"{root}/ops/{self.dataset}/{kind}"

    def branch(self, name: str) -> str:
        """Spark's name of a branch of the curated table."""
        return f"{self.curated}.branch_{name}"

    def record_key(self, run_id: str) -> str:
        """Key of a run's record in the curated bucket."""
        return f"ops/records/{self.dataset}/{run_id}.json"


def table_properties(*found_by: str) -> dict[str, str]:
    """Return the properties of a table whose rows are looked for by the columns `found_by`.

    Of these each data file's least and greatest value are kept whole, where Iceberg keeps 16 letters of others: so that
    only the files are read that can hold the rows of a run, or of an object.
    """
    return {**_TABLE_PROPERTIES, **{f"write.metadata.metrics.column.{name}": "full" for name in found_by}}


def branch_of(run_id: str) -> str:
    """Name of the branch that a run writes to: what Spark takes in `table.branch_<name>` without quoting."""
    return _BRANCH_PREFIX + re.sub(r"\W", "_", run_id, flags=re.ASCII)


def is_run_branch(name: str) -> bool:
    """Whether a branch is a run's, so that the next run may discard it."""
    return name.startswith(_BRANCH_PREFIX)
