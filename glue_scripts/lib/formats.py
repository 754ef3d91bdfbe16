"""How objects of a format become rows: the one thing that differs between CSV, JSON and Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from pyspark.sql import DataFrame, SparkSession

from lib import csv_format, json_format, parquet_format
from lib.errors import SourceError
from lib.layout import Layout, Look
from lib.schema import Schema
from lib.source import RawObject, RawTable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Format(Protocol):
    """A module that reads one format. Which columns there are is the schema's to say, or an object's own."""

    LOOKS_FIRST: bool
    """Whether each object must be looked at before it is read. Else that waits until reading them fails."""

    def options_of(self, options: Mapping[str, Any], source: RawTable) -> dict[str, Any]:
        """Return Spark's options: the dataset's, and where it says nothing the catalog's."""

    def look(
        self,
        spark: SparkSession,
        s3: S3Client,
        source: RawTable,
        objects: Sequence[RawObject],
        schema: Schema,
        options: Mapping[str, Any],
    ) -> Look:
        """Return how the objects are laid out where it is not as the catalog says; reads a little of each."""

    def read(
        self,
        spark: SparkSession,
        paths: Sequence[str],
        *,
        base: str,
        layout: Layout | None,
        source: RawTable,
        schema: Schema,
        options: Mapping[str, Any],
    ) -> DataFrame:
        """Return the rows of objects of one layout, in one parse.

        Columns: those of the schema that the objects and their folders have, with its types; CORRUPT, LOST, REASONS;
        and Spark's `_metadata`. Raises LayoutError where a column cannot be cast to its type at all.
        """


FORMATS: Final[Mapping[str, Format]] = {"csv": csv_format, "json": json_format, "parquet": parquet_format}


def format_of(name: str) -> Format:
    """Return the reader of a format. Raises SourceError for one that has none."""
    if name not in FORMATS:
        raise SourceError(f"{name} objects cannot be read; known are {', '.join(FORMATS)}")
    return FORMATS[name]
