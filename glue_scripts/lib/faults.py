"""Why Spark failed to read an object: whether what is wrong is the object itself, and not the network, S3 or Spark."""

from __future__ import annotations

import re
from typing import Any, Final

# An object is at fault only where one of these raised the error, by the place in its stack. Anything else, such as a
# denied or broken connection, fails the run: an object that is fine must not be consumed unread.
_DECODERS: Final = (
    "java.util.zip.",
    "org.apache.hadoop.io.compress.",
    "org.apache.parquet.",
    "org.apache.spark.sql.catalyst.csv.",
    "org.apache.spark.sql.catalyst.json.",
    "org.apache.spark.sql.execution.datasources.parquet.",
    "com.fasterxml.jackson.",
    "com.univocity.",
    "com.github.luben.zstd.",
    "net.jpountz.",
    "org.xerial.snappy.",
)
_RAISE_FOR_OTHERS: Final = ("java.io.", "java.lang.", "java.nio.", "scala.", "org.apache.spark.sql.errors.")
# What decoders say, in words for whoever wrote the object.
_WORDS: Final = (
    (re.compile("not a Parquet file"), "no Parquet, or cut off"),
    (re.compile("Unexpected end of input stream|Unexpected end of ZLIB"), "its compressed data is cut off"),
    (re.compile("not a gzip file|incorrect header check|not in GZIP"), "its name says gzip, but it is none"),
    (re.compile("CRC|incorrect data check", re.IGNORECASE), "its compressed data is damaged"),
    (re.compile("not found in serialized data|can not read class"), "one of its pages is damaged"),
)


def fault_of(error: BaseException) -> str | None:
    """Return what is wrong with an object, by the error that reading it ended in; None where it was something else."""
    cause = _root_cause(getattr(error, "java_exception", None) or getattr(error, "_origin", None))
    if cause is None or not _is_decoders(cause):
        return None
    message = str(cause.getMessage() or cause.getClass().getSimpleName())
    words = next((words for pattern, words in _WORDS if pattern.search(message)), None)
    return words or " ".join(message.split("\n")[0].split())


def _root_cause(error: Any) -> Any:
    while error is not None and error.getCause() is not None:
        error = error.getCause()
    return error


def _is_decoders(error: Any) -> bool:
    places = (place.getClassName() for place in error.getStackTrace())
    place = next((name for name in places if not name.startswith(_RAISE_FOR_OTHERS)), "")
    return str(place).startswith(_DECODERS)
