"""After the publish: small files are joined, old snapshots expire, orphans go, so that cost does not grow with age.

All of it when due, which the driver sees without a Spark job, and within the environment's limits. Nothing that an
unfinished run needs goes: a branch keeps its snapshots, and files that no snapshot names are left until they are older
than any run can be. What expires is older than this run's start: by then every published run's id was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from pyspark.sql import SparkSession

from lib import iceberg, ops
from lib.arguments import Job
from lib.iceberg import RUN_ID_PROPERTY, Table
from lib.limits import Limits
from lib.tables import CATALOG

_MB: Final = 1024 * 1024
# Iceberg's own default; larger files are left as they are.
_TARGET_BYTES: Final = 512 * _MB
# An expiry is worth its commit from so many snapshots on.
_MIN_EXPIRED: Final = 10
# Iceberg refuses to remove orphans that are younger: they may be files of a commit on its way.
_MIN_ORPHANS_AGE: Final = timedelta(days=1)
# Property of the curated table: when its orphans were removed last, in ISO format.
_ORPHANS_REMOVED: Final = "orphans-removed-at"


@dataclass(frozen=True, slots=True)
class Done:
    """One piece of upkeep: which, of which table, and what came of it."""

    name: str
    result: str


def keep_up(spark: SparkSession, job: Job, *, started_at: datetime, published: bool) -> tuple[Done, ...]:
    """Do what is due, and return what was done; it never raises, for what was published stays so.

    After a run that published nothing only the runs table is looked at: it is all that such a run adds to.
    """
    limits = job.dataset.upkeep
    done: list[Done] = []

    def do(name: str, work: Callable[[], str | None]) -> None:
        try:
            result = work()
        except Exception as error:
            result = f"failed: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        if result is not None:
            done.append(Done(name, result))

    kinds: Sequence[str] = (ops.FILES, ops.QUARANTINE, ops.RUNS) if published else (ops.RUNS,)
    names = [*([job.tables.curated] if published else []), *map(job.tables.ops, kinds)]
    expire_before = min(started_at, datetime.now(UTC) - timedelta(days=limits.snapshots_older_than_days))
    for name in names:
        table = name.removeprefix(f"{CATALOG}.")
        do(f"compact {table}", partial(_compact, spark, name, limits, of_runs=name == job.tables.curated))
        do(f"expire {table}", partial(_expire, spark, name, limits, expire_before))
    if published:
        do("remove orphans", partial(_remove_orphans, spark, names, limits))
    return tuple(done)


def _compact(spark: SparkSession, name: str, limits: Limits, *, of_runs: bool) -> str | None:
    """Join the small files of each partition that has many of them, as long as the bytes allowed last."""
    table = iceberg.load(spark, name)
    head = table.head() if table else None
    if table is None or head is None:
        return None
    summary = table.summary(head)
    files, size = int(summary.get("total-data-files", 0)), int(summary.get("total-files-size", 0))
    crowded = files >= limits.min_small_files + 2 * size // _TARGET_BYTES
    due = _every_so_many_runs(table, head, limits.min_small_files) if of_runs else crowded
    if not due or files < limits.min_small_files:
        return None
    at_most = max(limits.min_small_files, limits.compact_at_most_mb * _MB * files // max(size, 1))
    options = {
        "min-input-files": limits.min_small_files,
        "min-file-size-bytes": limits.small_file_mb * _MB,
        "target-file-size-bytes": max(_TARGET_BYTES, limits.small_file_mb * _MB + 1),
        "max-file-size-bytes": 2**62,
        "max-files-to-rewrite": min(at_most, 2**31 - 1),
    }
    given = ", ".join(f"'{option}', '{value}'" for option, value in options.items())
    rewritten = _call(spark, "rewrite_data_files", name, f"options => map({given})")
    if not rewritten["rewritten_data_files_count"]:
        return None
    return f"{rewritten['rewritten_data_files_count']} files became {rewritten['added_data_files_count']}"


def _every_so_many_runs(table: Table, head: int, number: int) -> bool:
    """Whether this run is about the last of each `number`: a run makes about two snapshots, which Iceberg numbers."""
    before = 0
    for snapshot_id, summary in table.summaries(head):
        if snapshot_id != head and RUN_ID_PROPERTY in summary:
            before = table.sequence_number(snapshot_id)
            break
    return table.sequence_number(head) // (2 * number) > before // (2 * number)


def _expire(spark: SparkSession, name: str, limits: Limits, before: datetime) -> str | None:
    table = iceberg.load(spark, name)
    times = table.publish_times() if table else []
    old = sum(time < before.timestamp() * 1000 for time in times[: max(0, len(times) - limits.min_snapshots_to_keep)])
    if old < _MIN_EXPIRED:
        return None
    expired = _call(
        spark,
        "expire_snapshots",
        name,
        f"older_than => {_timestamp(before)}, retain_last => {limits.min_snapshots_to_keep}",
    )
    return f"{expired['deleted_manifest_lists_count']} snapshots, {expired['deleted_data_files_count']} data files"


def _remove_orphans(spark: SparkSession, names: Sequence[str], limits: Limits) -> str | None:
    """Remove the files that no snapshot names; the first run only notes the time from which on they are counted."""
    table = iceberg.load(spark, names[0])
    if table is None:
        return None
    now = datetime.now(UTC)
    last = table.property(_ORPHANS_REMOVED)
    if last is not None and now - datetime.fromisoformat(last) < timedelta(days=limits.orphans_every_days):
        return None
    removed = sum(_orphans(spark, name, now, limits) for name in names) if last is not None else None
    table.set_property(_ORPHANS_REMOVED, now.isoformat())
    return None if removed is None else f"{removed} files"


def _orphans(spark: SparkSession, name: str, now: datetime, limits: Limits) -> int:
    if iceberg.load(spark, name) is None:
        return 0
    age = max(_MIN_ORPHANS_AGE + timedelta(minutes=1), timedelta(days=limits.orphans_older_than_days))
    # Listed by the catalog's own file system, which knows the table's addresses as they are. Iceberg ends the prefix in
    # a slash (FileSystemWalker): `curated/a` begins the keys of `curated/ab` too.
    rows = _rows(spark, "remove_orphan_files", name, f"older_than => {_timestamp(now - age)}, prefix_listing => true")
    return sum(1 for _ in rows)


def _call(spark: SparkSession, procedure: str, table: str, arguments: str) -> dict[str, int]:
    return next(_rows(spark, procedure, table, arguments))


def _rows(spark: SparkSession, procedure: str, table: str, arguments: str) -> Iterator[dict[str, int]]:
    name = table.removeprefix(f"{CATALOG}.")
    called = spark.sql(f"CALL {CATALOG}.system.{procedure}(table => '{name}', {arguments})")
    return (row.asDict() for row in called.collect())


def _timestamp(time: datetime) -> str:
    return f"TIMESTAMP '{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC'"
