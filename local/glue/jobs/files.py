"""Brings a run's script and files from S3 into its folder, with its role, and back what Spark writes besides."""

from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class NotFetched(Exception):
    """An object could not be brought; the text is the run's ErrorMessage."""


class NotThere(NotFetched):
    """There is no such object."""


class Files:
    """Copies S3 objects into `folder`."""

    def __init__(self, session: boto3.Session, endpoint: str, folder: Path) -> None:
        self._s3: S3Client = session.client("s3", endpoint_url=endpoint)
        self._folder = folder

    def fetch(self, location: str) -> Path:
        """Bring one object under its own name. Raises NotFetched."""
        bucket, key = _parts(location)
        return self._copy(bucket, key, self._folder / key.rpartition("/")[2], location)

    def fetch_all(self, location: str) -> None:
        """Bring an object, or all objects of a folder with their paths below it. Raises NotFetched.

        `--extra-files` takes a folder with or without its last slash. That the folder's own name is not part of the
        paths in the script's folder is our choice: AWS does not document it.
        """
        bucket, key = _parts(location)
        missing = NotThere(f"Error Category: RESOURCE_NOT_FOUND_ERROR; there is no object under {location}")
        if not key.endswith("/"):
            try:
                self.fetch(location)  # a role that may read the object need not be allowed to list its bucket
                return
            except NotThere as problem:
                missing = problem
        prefix = key.rstrip("/") + "/"
        below = self._asked(location, lambda: self._below(bucket, prefix))
        if not below:
            raise missing
        for found in below:
            self._copy(bucket, found, self._folder / _safe(found.removeprefix(prefix), location), location)

    def put_all(self, folder: Path, location: str) -> None:
        """Bring all files of a local folder to a folder in S3. Raises NotFetched."""
        bucket, key = _parts(location)
        for file in sorted(folder.iterdir()):
            target = f"{key.rstrip('/')}/{file.name}"
            self._asked(location, partial(self._s3.upload_file, str(file), bucket, target))

    def _below(self, bucket: str, prefix: str) -> list[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
        return [key for key in keys if not key.endswith("/")]

    def _copy(self, bucket: str, key: str, target: Path, location: str) -> Path:
        target.parent.mkdir(parents=True, exist_ok=True)
        body = self._asked(location, lambda: self._s3.get_object(Bucket=bucket, Key=key)["Body"])
        target.write_bytes(body.read())
        return target

    def _asked(self, location: str, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except ClientError as problem:
            if problem.response["Error"]["Code"] in ("NoSuchKey", "NoSuchBucket"):
                raise NotThere(f"Error Category: RESOURCE_NOT_FOUND_ERROR; reading {location}: {problem}") from problem
            raise NotFetched(f"Error Category: PERMISSION_ERROR; reading {location}: {problem}") from problem


def _parts(location: str) -> tuple[str, str]:
    """Bucket and key."""
    parts = urlsplit(location)
    if parts.scheme not in ("s3", "s3a") or not parts.netloc or not parts.path.strip("/"):
        raise NotFetched(
            f"Error Category: INVALID_ARGUMENT_ERROR; {location!r} is not the location of an S3 object, s3://BUCKET/KEY"
        )
    return parts.netloc, parts.path.lstrip("/")


def _safe(path: str, location: str) -> str:
    """A key may name a path that leads out of the folder. Raises NotFetched where it does."""
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise NotFetched(f"Error Category: INVALID_ARGUMENT_ERROR; {path!r} under {location} leads out of the folder")
    return path
