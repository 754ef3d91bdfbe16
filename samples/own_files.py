"""Files of the user's own as raw objects of a dataset."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from lake.errors import ConfigError

# What one PutObject takes (S3's quotas).
MAX_BYTES = 5 * 1024**3

# Formats that a file's name tells, compressed or not; any other name says nothing.
FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".parquet": "parquet",
}
HIDDEN = (".", "_")


@dataclass(frozen=True)
class OwnFile:
    """One file: its key below the dataset's prefix keeps the file's name. It is never read into memory whole."""

    path: Path
    folder: str = ""

    @property
    def key(self) -> str:
        """The folder and the file's name."""
        return f"{self.folder}{self.path.name}"

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The content from its start."""
        return self.path.open("rb")


def own_files(paths: Sequence[Path], *, dataset: str, format: str, folder: str = "") -> list[OwnFile]:
    """Return the files as objects of `dataset`, below `folder` of its prefix (`month=01`), which may be empty.

    Raises ConfigError that names every file which is none, is empty, is of another format by its name, or which
    the job would not see.
    """
    below = f"{folder.strip('/')}/" if folder.strip("/") else ""
    problems = [problem for path in paths if (problem := _problem(path, dataset, format)) is not None]
    if any(_hidden(part) or part in ("", "..") for part in below.split("/")[:-1]):
        problems.append(f"--folder {folder}: no part of it may be empty, nor begin with '.' or '_'")
    problems += _repeated(paths)
    if problems:
        raise ConfigError("\n".join(problems))
    return [OwnFile(path, below) for path in paths]


def _problem(path: Path, dataset: str, format: str) -> str | None:
    if path.is_dir():
        return f"{path}: is a folder; name the files in it: {path}/*"
    if not path.is_file():
        return f"{path}: there is no such file"
    try:
        with path.open("rb"):
            size = path.stat().st_size
    except OSError as error:
        return f"{path}: cannot be read: {error.strerror}"
    if size == 0:
        return f"{path}: is empty"
    if size > MAX_BYTES:
        return f"{path}: has {size / 1024**3:.1f} GiB, of which one request takes 5; split it, or use 'aws s3 cp'"
    if _hidden(path.name):
        return f"{path}: Spark does not read files whose names begin with '.' or '_'; give it another name"
    told = next((FORMATS[suffix] for suffix in map(str.lower, path.suffixes[::-1]) if suffix in FORMATS), format)
    if told != format:
        return f"{path}: is named as {told}, but dataset '{dataset}' has source.format {format}"
    return None


def _hidden(name: str) -> bool:
    return name.startswith(HIDDEN)


def _repeated(paths: Iterable[Path]) -> list[str]:
    """One object would take the other's place."""
    seen: dict[str, Path] = {}
    return [
        f"{path}: has the same name as {first}; a raw object keeps its file's name"
        for path in paths
        if (first := seen.setdefault(path.name, path)) is not path
    ]
