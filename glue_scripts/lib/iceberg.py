"""An Iceberg table as the driver sees it: branches, snapshots, the move of `main`. None of it starts a Spark job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]  # py4j ships no types
from pyspark.errors import AnalysisException, IllegalArgumentException
from pyspark.sql import SparkSession

from lib.errors import ConflictError
from lib.tables import MAIN

# Property of the snapshot that a run publishes; the numbers of its rows lie beside it.
RUN_ID_PROPERTY: Final = "run-id"

_COMMIT_FAILED: Final = "org.apache.iceberg.exceptions.CommitFailedException"


def version(spark: SparkSession) -> str:
    """Return the version of Iceberg that runs."""
    return str(_jvm(spark).org.apache.iceberg.IcebergBuild.version())


def load(spark: SparkSession, name: str) -> Table | None:
    """Return the table as it is now, None where there is none. Whatever else fails is raised as it comes."""
    try:
        table = _jvm(spark).org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)
    except AnalysisException as error:
        if error.getErrorClass() == "TABLE_OR_VIEW_NOT_FOUND":
            return None
        raise
    return Table(table)


def _jvm(spark: SparkSession) -> Any:
    return spark._jvm


class Table:
    """A table at the moment it was loaded; its own commits move it on."""

    def __init__(self, java_table: Any) -> None:
        self._table = java_table

    def head(self, branch: str = MAIN) -> int | None:
        """Return the id of the branch's newest snapshot, None where the branch has none."""
        snapshot = self._table.snapshot(branch)
        return None if snapshot is None else int(snapshot.snapshotId())

    def refresh(self) -> None:
        """See the table as it is now."""
        self._table.refresh()

    def branches(self) -> dict[str, int]:
        """Return every branch but `main` with the time of its newest snapshot, in ms of the epoch."""
        refs = self._table.refs()
        return {
            name: int(self._table.snapshot(refs[name].snapshotId()).timestampMillis())
            for name in refs
            if name != MAIN and refs[name].isBranch()
        }

    def summaries(self, snapshot_id: int | None) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield id and summary of a snapshot and of its ancestors, the newest first, as far as they are kept."""
        while snapshot_id is not None:
            snapshot = self._table.snapshot(snapshot_id)
            if snapshot is None:
                return
            yield snapshot_id, dict(snapshot.summary())
            parent = snapshot.parentId()
            snapshot_id = None if parent is None else int(parent)

    def create_branch(self, branch: str, base: int | None) -> int:
        """Start `branch` at snapshot `base`, from nothing where it is None; return the id of its head.

        Raises ConflictError where the table is not empty any more: the branch would stand on rows nobody planned with.
        """
        snapshots = self._table.manageSnapshots()
        if base is not None:
            snapshots.createBranch(branch, base).commit()
            return base
        snapshots.createBranch(branch).commit()
        head = self.head(branch)
        if head is None or self._table.snapshot(head).parentId() is not None:
            raise ConflictError(f"{self._table} was published to since this run was planned")
        return head

    def append_nothing(self, branch: str, properties: Mapping[str, str]) -> int:
        """Commit no rows to the branch, with `properties` in the snapshot's summary; return the snapshot's id."""
        append = self._table.newFastAppend().toBranch(branch)
        for name, value in properties.items():
            append.set(name, value)
        append.commit()
        head = self.head(branch)
        assert head is not None
        return head

    def publish(self, branch: str) -> None:
        """Move `main` to the branch and drop the branch, in one commit.

        Raises ConflictError, and moves nothing, where `main` is not where the branch started.
        """
        try:
            self._table.manageSnapshots().fastForwardBranch(MAIN, branch).removeBranch(branch).commit()
        except IllegalArgumentException as error:  # main is no ancestor of the branch
            raise ConflictError(str(error)) from error
        except Py4JJavaError as error:
            if error.java_exception.getClass().getName() != _COMMIT_FAILED:
                raise
            raise ConflictError(str(error.java_exception.getMessage())) from error

    def evolve(self, spark: SparkSession, struct_json: str) -> None:
        """Add the columns of a struct, Spark's type as JSON, and widen those that the table has, in one commit."""
        struct = spark._jsparkSession.parseDataType(struct_json)
        wanted = _jvm(spark).org.apache.iceberg.spark.SparkSchemaUtil.convert(struct)
        self._table.updateSchema().caseSensitive(False).unionByNameWith(wanted).commit()

    def drop_branch(self, branch: str) -> None:
        """Forget the branch; what only it holds is left to the removal of orphans."""
        self._table.manageSnapshots().removeBranch(branch).commit()
