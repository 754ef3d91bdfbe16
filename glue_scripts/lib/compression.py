"""Objects that are compressed in a way that Spark would not survive: Hadoop knows it by the end of the name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pyspark.sql import SparkSession

from lib.source import RawObject

# Hadoop's decoders of lz4 and snappy know blocks of Hadoop's own only. From a file of the tools with these names they
# read a length that is none, ask for so much memory, and end the whole job.
_OTHERS: Final = {".lz4": "lz4", ".snappy": "snappy"}
_ZSTD: Final = ".zst"
_ALLOWED: Final = "allowed are gzip (.gz), bzip2 (.bz2) and none"


def not_decoded(spark: SparkSession, objects: Iterable[RawObject]) -> dict[str, str]:
    """Return what is wrong with text objects that are not to be read, by key.

    Hadoop has zstd in its native libraries only. Whether Glue brings these is unconfirmed, so it is asked.
    """
    others = dict(_OTHERS)
    if any(each.key.endswith(_ZSTD) for each in objects) and not _has_zstd(spark):
        others[_ZSTD] = "zstd"
    return {
        each.key: f"it is compressed with {name}, which is not read here; {_ALLOWED}"
        for each in objects
        for suffix, name in others.items()
        if each.key.endswith(suffix)
    }


def _has_zstd(spark: SparkSession) -> bool:
    jvm: Any = spark._jvm
    return bool(jvm.org.apache.hadoop.io.compress.ZStandardCodec.isNativeCodeLoaded())
