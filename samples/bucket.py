"""Brings objects into a bucket: uploads those that are not there with the same content, several at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from samples.sample import RawObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UPLOADS_AT_ONCE = 8

CONTENT_TYPES = {
    ".csv": "text/csv",
    ".jsonl": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
}
ANY_CONTENT_TYPE = "binary/octet-stream"  # S3's own default


@dataclass(frozen=True)
class Uploaded:
    """What is known of an object: its content, and the version of it that S3 named when it was uploaded."""

    sha256: str
    etag: str


@dataclass(frozen=True)
class Outcome:
    """How many objects were uploaded, and how many were there already."""

    uploaded: int
    unchanged: int

    def __str__(self) -> str:
        objects = "object" if self.uploaded == 1 else "objects"
        return f"{self.uploaded} {objects} uploaded, {self.unchanged} already there"


class SampleBucket:
    """One dataset's raw objects in a bucket.

    An ETag says nothing about the content of an encrypted object. So a note in the bucket, at
    `samples/<dataset>.json`, says which content got which ETag: an object is unchanged if its content is the
    noted one and the bucket still lists the noted ETag. To know takes one request for a thousand objects.
    """

    def __init__(self, s3: S3Client, bucket: str, *, dataset: str, prefix: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix
        self._note_key = f"samples/{dataset}.json"

    def bring(self, samples: Iterable[RawObject], *, done: Callable[[], None] = lambda: None) -> Outcome:
        """Upload what is missing or differs, calling `done` for each sample; a failure keeps what was noted."""
        noted = self._read_note()
        listed = self._listed_etags()
        known = {key: object_ for key, object_ in noted.items() if listed.get(key) == object_.etag}
        unchanged = 0
        to_upload: list[RawObject] = []
        for sample in samples:
            before = known.get(self._prefix + sample.key)
            if before is not None and before.sha256 == sample.sha256:
                unchanged += 1
                done()
            else:
                to_upload.append(sample)
        if to_upload:
            try:
                self._upload_all(to_upload, known, done)
            finally:
                self._write_note(known)
        return Outcome(uploaded=len(to_upload), unchanged=unchanged)

    def _upload_all(self, samples: list[RawObject], known: dict[str, Uploaded], done: Callable[[], None]) -> None:
        with ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
            uploads = {pool.submit(self._upload, sample): sample for sample in samples}
            try:
                for upload in as_completed(uploads):
                    sample = uploads[upload]
                    known[self._prefix + sample.key] = Uploaded(sample.sha256, upload.result())
                    done()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _upload(self, sample: RawObject) -> str:
        content_type = CONTENT_TYPES.get(PurePosixPath(sample.key).suffix, ANY_CONTENT_TYPE)
        with sample.open() as body:
            answer = self._s3.put_object(
                Bucket=self._bucket, Key=self._prefix + sample.key, Body=body, ContentType=content_type
            )
        return answer["ETag"]

    def _listed_etags(self) -> dict[str, str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        return {object_["Key"]: object_["ETag"] for page in pages for object_ in page.get("Contents", [])}

    def _read_note(self) -> dict[str, Uploaded]:
        try:
            content = self._s3.get_object(Bucket=self._bucket, Key=self._note_key)["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            return {}
        objects: dict[str, dict[str, Any]] = json.loads(content)
        return {key: Uploaded(**object_) for key, object_ in objects.items()}

    def _write_note(self, known: dict[str, Uploaded]) -> None:
        objects = {key: vars(object_) for key, object_ in sorted(known.items())}
        body = json.dumps(objects, indent=0).encode()
        self._s3.put_object(Bucket=self._bucket, Key=self._note_key, Body=body, ContentType="application/json")
