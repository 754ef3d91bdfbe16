"""The headers of CSV objects: each is looked at by one small request, many at once."""

from __future__ import annotations

import bz2
import csv
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from lib.layout import Layout
from lib.source import RawObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# As many as boto3's client has connections.
_REQUESTS_AT_ONCE: Final = 10
_FIRST_BYTES: Final = 64 * 1024
# Whole-object compression, known by the end of the name as Spark knows it.
_DECOMPRESS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    ".gz": lambda data: zlib.decompressobj(wbits=31).decompress(data, _FIRST_BYTES),
    ".bz2": lambda data: bz2.BZ2Decompressor().decompress(data, _FIRST_BYTES),
}
_NOT_COMPRESSED: Final = re.compile("incorrect header check|Invalid data stream")
# Here only Spark can tell what the first line is.
_UNKNOWN: Final = (".deflate", ".lz4", ".snappy", ".zst")


class HeaderError(Exception):
    """What is wrong with an object whose header cannot be read."""


def headers(
    s3: S3Client, bucket: str, objects: Sequence[RawObject], options: Mapping[str, Any]
) -> list[Layout | HeaderError]:
    """Return the names in each object's header, or what is wrong; () where there is none, or too long a one to see."""

    def header(each: RawObject) -> Layout | HeaderError:
        if not each.size or each.key.endswith(_UNKNOWN):
            return ()
        answer = s3.get_object(Bucket=bucket, Key=each.key, Range=f"bytes=0-{_FIRST_BYTES - 1}")
        try:
            return names_in(answer["Body"].read(), each.key, options)
        except HeaderError as error:
            return error

    with ThreadPoolExecutor(_REQUESTS_AT_ONCE) as threads:
        return list(threads.map(header, objects))


def names_in(first_bytes: bytes, key: str, options: Mapping[str, Any]) -> Layout:
    """Return the names in the first line that is not empty. Raises HeaderError where these bytes are no text."""
    suffix = next((each for each in _DECOMPRESS if key.endswith(each)), None)
    if suffix is not None:
        try:
            first_bytes = _DECOMPRESS[suffix](first_bytes)
        except (zlib.error, OSError) as error:
            if not _NOT_COMPRESSED.search(str(error)):
                return ()  # damaged further on: Spark finds out
            raise HeaderError(f"its name says {suffix[1:].replace('gz', 'gzip')}, but it is none") from None
    line = next((line for line in first_bytes.splitlines() if line.strip()), b"")
    if len(line) == len(first_bytes) >= _FIRST_BYTES:
        return ()
    encoding = str(options.get("encoding", "UTF-8"))
    try:
        text = line.decode("utf-8-sig" if encoding.upper() == "UTF-8" else encoding)
    except UnicodeDecodeError:
        raise HeaderError(f"its first line is no {encoding}") from None
    if "\0" in text:
        raise HeaderError("its first line is no text")
    quote, escape = str(options.get("quote", '"')), str(options.get("escape", "\\"))
    rows = csv.reader(
        [text],
        delimiter=str(options["delimiter"]),
        quotechar=quote,
        escapechar=None if escape == quote else escape,
        doublequote=True,
    )
    return tuple(next(rows, []))
