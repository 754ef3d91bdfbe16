"""Bringing samples into a bucket: what is uploaded, what is left alone."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO, cast

import pytest

from samples.bucket import Outcome, SampleBucket
from samples.own_files import OwnFile
from samples.sample import RawObject, Sample

SAMPLES = [Sample(f"month=01/{day}.csv", f"rows of day {day}".encode()) for day in range(5)]
PREFIX = "raw/things/"


class Gone(Exception):
    """The bucket has no such key."""


class Bucket:
    """A bucket whose ETags, as those of encrypted objects, are new with each upload and tell nothing."""

    exceptions = SimpleNamespace(NoSuchKey=Gone)

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.calls: list[str] = []
        self.content_types: dict[str, str] = {}
        self.refuse: str | None = None
        self._etags = itertools.count()

    def put_object(self, *, Key: str, Body: bytes | BinaryIO, ContentType: str = "", **_: Any) -> dict[str, str]:
        self.calls.append(f"put {Key}")
        self.content_types[Key] = ContentType
        if Key == self.refuse:
            raise ConnectionError(Key)
        etag = f'"{next(self._etags)}"'
        self.objects[Key] = (Body if isinstance(Body, bytes) else Body.read(), etag)
        return {"ETag": etag}

    def get_object(self, *, Key: str, **_: Any) -> dict[str, Any]:
        self.calls.append(f"get {Key}")
        if Key not in self.objects:
            raise Gone(Key)
        return {"Body": io.BytesIO(self.objects[Key][0])}

    def get_paginator(self, name: str) -> Bucket:
        assert name == "list_objects_v2"
        return self

    def paginate(self, *, Prefix: str, **_: Any) -> Iterator[dict[str, Any]]:
        self.calls.append(f"list {Prefix}")
        found = [{"Key": key, "ETag": etag} for key, (_, etag) in self.objects.items() if key.startswith(Prefix)]
        yield {"Contents": found} if found else {}

    def bring(self, samples: Sequence[RawObject] = SAMPLES) -> Outcome:
        """Bring the samples as the command does, noting only this time's calls."""
        self.calls.clear()
        return SampleBucket(cast(Any, self), "raw", dataset="things", prefix=PREFIX).bring(samples)


@pytest.fixture
def bucket() -> Bucket:
    return Bucket()


def test_all_are_uploaded_below_the_datasets_prefix(bucket: Bucket) -> None:
    assert bucket.bring() == Outcome(uploaded=5, unchanged=0)
    bodies = {key: body for key, (body, _) in bucket.objects.items() if key.startswith(PREFIX)}
    assert bodies == {PREFIX + sample.key: sample.body for sample in SAMPLES}


def test_the_second_time_two_requests_find_that_nothing_is_to_do(bucket: Bucket) -> None:
    bucket.bring()
    assert bucket.bring() == Outcome(uploaded=0, unchanged=5)
    assert bucket.calls == ["get samples/things.json", f"list {PREFIX}"]


def test_a_sample_with_other_content_is_uploaded(bucket: Bucket) -> None:
    bucket.bring()
    changed = [Sample(SAMPLES[0].key, b"corrected"), *SAMPLES[1:]]
    assert bucket.bring(changed) == Outcome(uploaded=1, unchanged=4)
    assert bucket.objects[PREFIX + SAMPLES[0].key][0] == b"corrected"


def test_an_object_that_someone_rewrote_is_uploaded_again(bucket: Bucket) -> None:
    bucket.bring()
    bucket.put_object(Key=PREFIX + SAMPLES[2].key, Body=b"scribble")
    assert bucket.bring() == Outcome(uploaded=1, unchanged=4)
    assert bucket.objects[PREFIX + SAMPLES[2].key][0] == SAMPLES[2].body


def test_an_object_that_someone_deleted_is_uploaded_again(bucket: Bucket) -> None:
    bucket.bring()
    del bucket.objects[PREFIX + SAMPLES[3].key]
    assert bucket.bring() == Outcome(uploaded=1, unchanged=4)


def test_objects_without_a_note_are_uploaded_again(bucket: Bucket) -> None:
    bucket.bring()
    del bucket.objects["samples/things.json"]
    assert bucket.bring() == Outcome(uploaded=5, unchanged=0)


def test_an_upload_that_broke_off_goes_on_with_the_rest(bucket: Bucket) -> None:
    bucket.refuse = PREFIX + SAMPLES[4].key
    with pytest.raises(ConnectionError):
        bucket.bring()
    noted = set(json.loads(bucket.objects["samples/things.json"][0]))
    assert noted <= {PREFIX + sample.key for sample in SAMPLES[:4]}
    bucket.refuse = None
    assert bucket.bring() == Outcome(uploaded=5 - len(noted), unchanged=len(noted))
    assert bucket.bring() == Outcome(uploaded=0, unchanged=5)


def test_the_note_lies_outside_every_raw_prefix(bucket: Bucket) -> None:
    bucket.bring()
    assert [key for key in bucket.objects if not key.startswith(PREFIX)] == ["samples/things.json"]


def test_progress_counts_every_sample(bucket: Bucket) -> None:
    counted: list[None] = []
    objects = SampleBucket(cast(Any, bucket), "raw", dataset="things", prefix=PREFIX)
    for _ in ("first, all uploaded", "second, all there"):
        counted.clear()
        objects.bring(SAMPLES, done=lambda: counted.append(None))
        assert len(counted) == len(SAMPLES)


def test_a_file_of_ones_own_is_uploaded_once_and_leaves_the_notes_of_the_others(bucket: Bucket, tmp_path: Path) -> None:
    bucket.bring()
    (tmp_path / "mine.csv").write_bytes(b"my rows")
    assert bucket.bring([OwnFile(tmp_path / "mine.csv")]) == Outcome(uploaded=1, unchanged=0)
    assert bucket.objects[PREFIX + "mine.csv"][0] == b"my rows"
    assert bucket.bring([OwnFile(tmp_path / "mine.csv")]) == Outcome(uploaded=0, unchanged=1)
    assert bucket.bring() == Outcome(uploaded=0, unchanged=5)


@pytest.mark.parametrize(
    ("key", "content_type"),
    [
        ("a.csv", "text/csv"),
        ("a.jsonl", "application/x-ndjson"),
        ("a.parquet", "application/vnd.apache.parquet"),
        ("a", "binary/octet-stream"),
    ],
)
def test_an_object_has_the_content_type_of_its_name(bucket: Bucket, key: str, content_type: str) -> None:
    bucket.bring([Sample(key, b"a")])
    assert bucket.content_types[PREFIX + key] == content_type
