"""A table's columns follow the data and the dataset: which it has, which it gets, and what a run changes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lib import iceberg
from lib.arguments import Job
from lib.errors import DriftError
from lib.iceberg import Table
from lib.layout import Look
from lib.plan import Plan
from lib.schema import Schema, struct_type
from lib.tables import LINEAGE_TYPES, UNKNOWN

# More new columns than this are no columns: keys that are data, such as an id each.
MAX_NEW_COLUMNS: Final = 200


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """What a run changes of a column: `added`, where it had no type before, or `widened`."""

    column: str
    change: str
    before: str | None
    after: str

    def as_json(self) -> dict[str, str | None]:
        """Return the change as the record has it."""
        return {"column": self.column, "change": self.change, "from": self.before, "to": self.after}


def with_stored_columns(spark: SparkSession, job: Job, plan: Plan) -> Plan:
    """Return the plan with the columns that the curated table has now."""
    if iceberg.load(spark, job.tables.curated) is None:
        return plan
    return replace(plan, look=replace(plan.look, stored=_stored(spark, job)))


def _stored(spark: SparkSession, job: Job) -> dict[str, str]:
    fields = spark.table(job.tables.curated).schema.fields
    return {field.name: field.dataType.simpleString() for field in fields if field.name not in LINEAGE_TYPES}


def schema_changes(stored: Mapping[str, str] | None, schema: Schema) -> tuple[SchemaChange, ...]:
    """Return what a run has to change of a table with the columns `stored`; nothing where there is no table."""
    if stored is None:
        return ()
    return tuple(
        SchemaChange(name, "widened" if name in stored else "added", stored.get(name), kind)
        for name, kind in schema.curated.items()
        if stored.get(name) != kind
    )


def evolve(spark: SparkSession, job: Job, table: Table, schema: Schema) -> None:
    """Give the table the columns and types of the schema, in one commit, and none where it has them.

    Readers of `main` see it at once, with nulls in what is new: a table has one schema for all of its branches.
    """
    changed = {change.column: change.after for change in schema_changes(_stored(spark, job), schema)}
    if changed:
        table.evolve(spark, struct_type(changed).json())


def names_in(rows: DataFrame) -> list[str]:
    """Return the names of what rows hold values in and the table has no column for, in their order."""
    names = rows.select(F.explode(UNKNOWN).alias("name")).distinct().orderBy("name")
    return [row["name"] for row in names.limit(MAX_NEW_COLUMNS + 1).collect()]


def with_new_columns(look: Look, schema: Schema, names: Iterable[str]) -> Look:
    """Return what is known of the objects with the names that rows were seen to use, as columns of type string.

    A name that differs from a column's by case only is another spelling of it.
    Raises DriftError, which names them, where the dataset does not add columns or these are too many to be any.
    """
    spelled = {column: set(each) for column, each in look.spelled.items()}
    found: dict[str, str] = {}
    for name in names:
        spelled.setdefault(name.lower(), set()).add(name)
        if name.lower() not in schema.curated:
            found[name.lower()] = "string"
    if found and (schema.drift == "fail" or len(found) > MAX_NEW_COLUMNS):
        raise DriftError(_refusal(sorted(found), schema.drift))
    return replace(
        look,
        found={**look.found, **found},
        spelled={column: tuple(sorted(each)) for column, each in spelled.items()},
    )


def _refusal(names: list[str], drift: str) -> str:
    shown = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
    if drift == "fail":
        return (
            f"the data has columns that the table has not: {shown}; the dataset says drift: fail. Declare them, or let "
            "them be added (drift: add), or their rows be quarantined (drift: quarantine)"
        )
    return (
        f"the data has more than {MAX_NEW_COLUMNS} columns that the table has not: {shown}; these names are data "
        "rather than columns. Quarantine their rows (drift: quarantine), or write them as a list"
    )
