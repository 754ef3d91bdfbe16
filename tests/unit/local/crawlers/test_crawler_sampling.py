from __future__ import annotations

import bz2
import gzip
import io
import random
from typing import TYPE_CHECKING, Any, cast

import pytest

from local.glue.crawlers.classification import recognise
from local.glue.crawlers.errors import CrawlCancelled
from local.glue.crawlers.formats import FORMATS
from local.glue.crawlers.formats.base import ObjectRef, Rejection, Sample
from local.glue.crawlers.sampling import SAMPLE_BYTES, sample_all, sample_object

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

TEXT = b"id,name\n" + b"1,x\n" * 1_000


class OneObject:
    """An S3 that holds one object and answers ranges of it."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def get_object(self, *, Bucket: str, Key: str, Range: str) -> dict[str, Any]:
        first, last = (int(number) for number in Range.removeprefix("bytes=").split("-"))
        return {"Body": io.BytesIO(self.body[first : last + 1])}


def sampled(body: bytes) -> Sample | Rejection:
    return sample_object(cast("S3Client", OneObject(body)), ObjectRef("b", "k", len(body)))


def whole(body: bytes) -> Sample:
    one = sampled(body)
    assert isinstance(one, Sample), one
    return one


def noise(size: int) -> bytes:
    """Text that does not compress well."""
    return random.Random(7).randbytes(size // 2).hex().encode()


@pytest.mark.rule("sampling")
def test_no_more_than_the_first_mebibyte_is_read() -> None:
    one = whole(TEXT * 500)
    assert len(one.data) == SAMPLE_BYTES
    assert not one.complete


@pytest.mark.rule("compression")
@pytest.mark.parametrize(("name", "compress"), [("gzip", gzip.compress), ("bzip2", bz2.compress)])
def test_a_compressed_object_is_read_as_its_content(name: str, compress: Any) -> None:
    one = whole(compress(TEXT))
    assert (one.compression, one.data, one.complete) == (name, TEXT, True)


@pytest.mark.rule("compression")
@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
def test_members_that_follow_one_another_are_one_content(compress: Any) -> None:
    assert whole(compress(b"id,name\n") + compress(b"1,x\n")).data == b"id,name\n1,x\n"


@pytest.mark.rule("compression", "sampling")
@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
def test_of_compressed_content_too_a_mebibyte_is_taken(compress: Any) -> None:
    one = whole(compress(noise(3 * SAMPLE_BYTES)))
    assert 0 < len(one.data) <= SAMPLE_BYTES
    assert not one.complete


@pytest.mark.rule("compression", "not recognised")
@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
def test_compressed_content_that_is_cut_or_broken_is_not_recognised(compress: Any) -> None:
    packed = compress(noise(50_000))
    cut, broken = sampled(packed[:-20]), sampled(packed[:40] + b"!" * 40 + packed[80:])
    assert isinstance(cut, Rejection)
    assert "ends too early" in cut.reason
    assert isinstance(broken, Rejection)
    assert "cannot be decompressed" in broken.reason


FOREIGN = [
    ("avro", b"Obj\x01\x04\x14avro.codec"),
    ("orc", b"ORC\n\x03"),
    ("encrypted parquet", b"PARE\x15\x04"),
    ("xml", b"<?xml version='1.0'?><a>1,2</a>"),
    ("ion", b"\xe0\x01\x00\xea\x21"),
    ("zip", b"PK\x03\x04\x14\x00"),
    ("lz4", b"\x04\x22\x4d\x18\x60"),
    ("snappy", b"\xff\x06\x00\x00sNaPpY\x01"),
    ("zstd", b"\x28\xb5\x2f\xfd\x04"),
]


@pytest.mark.rule("other formats", "compression")
@pytest.mark.parametrize(("kind", "body"), FOREIGN)
def test_a_format_that_is_not_supported_is_told_by_its_name(kind: str, body: bytes) -> None:
    known, rejection = recognise(whole(body), FORMATS)
    assert known is None
    assert rejection.foreign
    assert rejection.reason.startswith(
        f"it looks like {kind}, which is not supported here: the formats are parquet, json"
    )


def test_results_come_in_the_order_of_the_objects() -> None:
    refs = [ObjectRef("b", str(number), 1) for number in range(50)]
    assert list(sample_all(refs, lambda ref: ref.key, lambda: False)) == [ref.key for ref in refs]


def test_nothing_is_read_once_the_crawl_is_cancelled() -> None:
    read: list[str] = []
    refs = [ObjectRef("b", str(number), 1) for number in range(50)]
    with pytest.raises(CrawlCancelled):
        list(sample_all(refs, lambda ref: read.append(ref.key), lambda: len(read) >= 5))
    assert 5 <= len(read) < 15
