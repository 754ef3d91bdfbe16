"""Stage 4: the run's rows on a branch of their own, beside file and quarantine rows; no reader sees any of it yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyspark import StorageLevel
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from lib import iceberg, ops, upsert
from lib.arguments import Job
from lib.branch import Branch
from lib.clean import Cleaned
from lib.counts import Counts
from lib.drift import SchemaChange, evolve, schema_changes
from lib.iceberg import Table
from lib.latest import is_clustered, latest
from lib.plan import Plan
from lib.quarantine import Quarantined, write_quarantine
from lib.replace import delete_rows_of
from lib.schema import Schema, ddl, schema_of
from lib.session import estimated_bytes, size_shuffles
from lib.sql import properties
from lib.tables import LINEAGE_TYPES, RUN_ID, SOURCE_FILE, branch_of, table_properties


@dataclass(frozen=True, slots=True)
class Written:
    """What lies on the branch. The numbers come from the writes: they need not add up, see Counts.verify."""

    on: Branch
    counts: Counts
    quarantined: Quarantined = field(default_factory=Quarantined)
    schema_changes: tuple[SchemaChange, ...] = ()
    replaced_files: int = 0

    @property
    def table(self) -> Table:
        """The curated table."""
        return self.on.table

    @property
    def branch(self) -> str:
        """Name of the branch."""
        return self.on.name


def write(spark: SparkSession, job: Job, plan: Plan, cleaned: Cleaned) -> Written:
    """Write all that the run brings under its id; what a dead run leaves counts for nothing.

    Raises ConflictError where the table was published to since the plan, or another run dropped the branch.
    """
    assert plan.source is not None
    schema = schema_of(job.dataset, plan.source, plan.look)
    branch = Branch(_curated(spark, job, schema), branch_of(job.run_id), plan.base)
    target = job.tables.branch(branch.name)

    # An object that cannot be read brings nothing that could replace anything.
    replaced = plan.replaces & {each.key for each in plan.readable}
    with branch.commit() as deletion:
        if replaced:
            delete_rows_of(spark, target, replaced)
    size_shuffles(spark, plan.bytes)
    latest_seen = Observation()
    rows = (
        latest(cleaned.rows, job.dataset, plan.bytes)
        .observe(latest_seen, F.count(F.lit(1)).alias("rows"))
        .select(*schema.curated, *(name for name in LINEAGE_TYPES if name != RUN_ID), F.lit(job.run_id).alias(RUN_ID))
    )
    with branch.commit() as change:
        if plan.base is None or not job.dataset.key:
            actions: dict[str, int] = {}
            _append(rows, target, clustered=is_clustered(job.dataset))
        else:
            actions = _upsert(spark, rows, target, job, list(schema.curated), plan.bytes)
    # Before anything else is written: rows in columns that the table has not are read once more.
    read, unfit, unfit_in = cleaned.numbers()

    # File rows before quarantine rows: see ops.discard.
    files = ((job.run_id, each.key, each.etag, each.size, each.modified) for each in plan.objects)
    ops.write_values(spark, job.tables, ops.FILES, files)
    quarantined = write_quarantine(spark, job, plan, schema, unfit_in) if unfit or plan.unreadable else Quarantined()
    counts = Counts(
        read=read - quarantined.uncounted,
        inserted=change.net,
        updated=actions.get(upsert.UPDATE, 0),
        unchanged=actions.get(upsert.UNCHANGED, 0),
        superseded=actions.get(upsert.SUPERSEDED, 0) + (read - unfit) - latest_seen.get["rows"],
        quarantined=quarantined.rows,
        replaced=-deletion.net,
    )
    return Written(branch, counts, quarantined, schema_changes(plan.look.stored, schema), len(replaced))


def _curated(spark: SparkSession, job: Job, schema: Schema) -> Table:
    table = iceberg.load(spark, job.tables.curated)
    if table is not None:
        evolve(spark, job, table, schema)
    else:
        partitions = ", ".join(part.text for part in job.dataset.partition_by)
        spark.sql(
            f"CREATE TABLE IF NOT EXISTS {job.tables.curated} ({ddl({**schema.curated, **LINEAGE_TYPES})}) "
            f"USING iceberg {f'PARTITIONED BY ({partitions}) ' if partitions else ''}"
            f"LOCATION '{job.tables.curated_location}' "
            f"TBLPROPERTIES ({properties(table_properties(SOURCE_FILE, RUN_ID))})"
        )
        table = iceberg.load(spark, job.tables.curated)
        assert table is not None
    return table


def _append(rows: DataFrame, target: str, *, clustered: bool) -> None:
    writer = rows.writeTo(target)
    if clustered:
        # The rows lie partition by partition already: Iceberg need not shuffle and sort them a second time.
        writer = writer.option("use-table-distribution-and-ordering", "false")
    writer.append()


def _upsert(
    spark: SparkSession, rows: DataFrame, target: str, job: Job, columns: list[str], source_bytes: int
) -> dict[str, int]:
    """Write the rows that change the table, and only those; return the rows by what they do to it."""
    rows = rows.persist(StorageLevel.MEMORY_AND_DISK)
    where = upsert.touched(rows, job.dataset)
    stored = spark.table(target).where(where.sql())
    size_shuffles(spark, source_bytes + estimated_bytes(stored))
    compared = upsert.compare(rows, stored, job.dataset, columns)
    compared = compared.persist(StorageLevel.MEMORY_AND_DISK)
    actions = {row[upsert.ACTION]: row["count"] for row in compared.groupBy(upsert.ACTION).count().collect()}
    changes = compared.where(F.col(upsert.ACTION).isin(upsert.INSERT, upsert.UPDATE)).drop(upsert.ACTION)
    if actions.get(upsert.UPDATE):
        upsert.merge(spark, changes, target, job.dataset, where)
    elif actions.get(upsert.INSERT):
        _append(changes, target, clustered=False)
    compared.unpersist()
    rows.unpersist()
    return actions
