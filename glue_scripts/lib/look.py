"""Stage 2 before it reads: how each object is laid out, and which cannot be read; most runs need not look at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyspark.sql import SparkSession

from lib.compression import not_decoded
from lib.dataset import Dataset
from lib.drift import names_in, with_new_columns
from lib.errors import DriftError, LayoutError
from lib.faults import fault_of
from lib.formats import format_of
from lib.layout import Look
from lib.plan import Plan
from lib.read import read
from lib.schema import schema_of
from lib.source import RawObject
from lib.tables import LOST, REASONS, UNKNOWN

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# So many objects are read as one when the unreadable ones are looked for: each of those costs twice as many readings.
_READ_AT_ONCE: Final = 64


def first_look(spark: SparkSession, dataset: Dataset, plan: Plan, *, s3: S3Client) -> Plan:
    """Return the plan with the objects' layouts, where the format cannot be read without knowing them."""
    if not format_of(dataset.format).LOOKS_FIRST:
        return replace(plan, look=plan.look.without(not_decoded(spark, plan.objects)))
    looked = _look(spark, dataset, plan, s3=s3)
    # A cast that Spark does not have, or a type that it does not know, shows before anything is read.
    unreadable: dict[str, str] = {}
    for _, keys in looked.look.groups(each.key for each in looked.readable):
        objects = [each for each in looked.objects if each.key in keys]
        try:
            read(spark, dataset, looked, objects)
        except LayoutError as error:
            unreadable |= dict.fromkeys(keys, str(error))
        except Exception as error:
            fault = fault_of(error)
            if fault is None:
                raise
            unreadable |= dict.fromkeys(keys, fault)
    return replace(looked, look=looked.look.without(unreadable))


def closer_look(spark: SparkSession, dataset: Dataset, plan: Plan, error: Exception, *, s3: S3Client) -> Plan:
    """Return a plan that can be read, after reading the one given ended in `error`: by layouts, without some objects.

    Where the rows were found to have columns that the table has not, with these columns. Raises the error again where
    it is not an object's fault, or no more comes of looking.
    """
    if isinstance(error, DriftError):
        return _with_new_columns(spark, dataset, plan, error)
    if fault_of(error) is None or plan.source is None:
        raise error
    if not plan.look.is_close:
        looked = _look(spark, dataset, plan, s3=s3)
        if looked.look != replace(plan.look, is_close=True):
            return looked
        plan = looked
    unreadable: dict[str, str] = {}
    for first in range(0, len(plan.readable), _READ_AT_ONCE):
        unreadable |= _unreadable(spark, dataset, plan, plan.readable[first : first + _READ_AT_ONCE])
    if not unreadable:
        raise error
    return replace(plan, look=plan.look.without(unreadable))


def _with_new_columns(spark: SparkSession, dataset: Dataset, plan: Plan, error: DriftError) -> Plan:
    assert plan.source is not None
    names = names_in(read(spark, dataset, plan))
    look = with_new_columns(plan.look, schema_of(dataset, plan.source, plan.look), names)
    if look == plan.look:
        raise error
    return replace(plan, look=look)


def _look(spark: SparkSession, dataset: Dataset, plan: Plan, *, s3: S3Client) -> Plan:
    assert plan.source is not None
    reader = format_of(dataset.format)
    schema, options = schema_of(dataset, plan.source, plan.look), reader.options_of(dataset.options, plan.source)
    look: Look = reader.look(spark, s3, plan.source, plan.readable, schema, options)
    return replace(plan, look=plan.look.closer(look))


def _unreadable(spark: SparkSession, dataset: Dataset, plan: Plan, objects: tuple[RawObject, ...]) -> dict[str, str]:
    """Read some objects to their end, by halves where one of them stops that; return those that do, with the faults."""
    try:
        read(spark, dataset, plan, objects).drop(LOST, REASONS, UNKNOWN).write.format("noop").mode("overwrite").save()
    except Exception as error:
        fault = fault_of(error)
        if fault is None:
            raise
        if len(objects) == 1:
            return {objects[0].key: fault}
        middle = len(objects) // 2
        halves = (objects[:middle], objects[middle:])
        return {key: what for half in halves for key, what in _unreadable(spark, dataset, plan, half).items()}
    return {}
