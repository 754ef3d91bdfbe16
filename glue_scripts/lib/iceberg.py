"""An Iceberg table as the driver sees it: branches, snapshots, the move of `main`. None of it starts a Spark job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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


@contextmanager
def _conflicts() -> Iterator[None]:
    """Raise ConflictError where a commit does not go through because of another one."""
    try:
        yield
    except IllegalArgumentException as error:  # a branch is gone, or main is no ancestor of it
        raise ConflictError(str(error)) from error
    except Py4JJavaError as error:
        if error.java_exception.getClass().getName() != _COMMIT_FAILED:
            raise
        raise ConflictError(str(error.java_exception.getMessage())) from error


class Table:
    """A table at the moment it was loaded; its own commits move it on."""

    def __init__(self, java_table: Any) -> None:
        self._table = java_table

    def __str__(self) -> str:
        return str(self._table.name())

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
            if self._table.snapshot(snapshot_id) is None:
                return
            yield snapshot_id, self.summary(snapshot_id)
            snapshot_id = self.parent(snapshot_id)

    def summary(self, snapshot_id: int) -> dict[str, str]:
        """Return what a snapshot that is kept says of itself."""
        return dict(self._table.snapshot(snapshot_id).summary())

    def parent(self, snapshot_id: int) -> int | None:
        """Return the snapshot that one that is kept stands on."""
        parent = self._table.snapshot(snapshot_id).parentId()
        return None if parent is None else int(parent)

    def sequence_number(self, snapshot_id: int) -> int:
        """Return which of the table's snapshots one that is kept is, counted from 1."""
        return int(self._table.snapshot(snapshot_id).sequenceNumber())

    def publish_times(self) -> list[int]:
        """Return when `main` moved, as far as snapshots are kept, the oldest first, in ms of the epoch."""
        return [int(entry.timestampMillis()) for entry in self._table.history()]

    def property(self, name: str) -> str | None:
        """Return a property of the table."""
        value = self._table.properties().get(name)
        return None if value is None else str(value)

    def set_property(self, name: str, value: str) -> None:
        """Set a property of the table."""
        self._table.updateProperties().set(name, value).commit()

    def create_branch(self, branch: str, base: int | None) -> int:
        """Start `branch` at snapshot `base`, from nothing where it is None; return the id of its head.

        Raises ConflictError where `main` is elsewhere: the branch would stand on rows nobody planned with.
        """
        if self.head() == base:
            snapshots = self._table.manageSnapshots()
            with _conflicts():
                (snapshots.createBranch(branch) if base is None else snapshots.createBranch(branch, base)).commit()
            head = self.head(branch)
            if head is not None and (head == base or self.parent(head) is None):
                return head
        raise ConflictError(f"{self} was published to since this run was planned")

    def append_nothing(self, branch: str, properties: Mapping[str, str]) -> None:
        """Commit no rows to the branch, with `properties` in the snapshot's summary."""
        append = self._table.newFastAppend().toBranch(branch)
        for name, value in properties.items():
            append.set(name, value)
        append.commit()

    def publish(self, branch: str) -> None:
        """Move `main` to the branch and drop the branch, in one commit.

        Raises ConflictError, and moves nothing, where `main` is not where the branch started.
        """
        with _conflicts():
            self._table.manageSnapshots().fastForwardBranch(MAIN, branch).removeBranch(branch).commit()

    def evolve(self, spark: SparkSession, struct_json: str) -> None:
        """Add the columns of a struct, Spark's type as JSON, and widen those that the table has, in one commit."""
        struct = spark._jsparkSession.parseDataType(struct_json)
        wanted = _jvm(spark).org.apache.iceberg.spark.SparkSchemaUtil.convert(struct)
        self._table.updateSchema().caseSensitive(False).unionByNameWith(wanted).commit()

    def drop_branch(self, branch: str) -> None:
        """Forget the branch, if another has not; what only it holds is left to the removal of orphans."""
        try:
            self._table.manageSnapshots().removeBranch(branch).commit()
        except (IllegalArgumentException, Py4JJavaError):
            self.refresh()
            if branch in self.branches():
                raise
