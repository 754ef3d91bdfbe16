"""What a sample consists of. Standard library only."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Protocol


class SampleError(Exception):
    """Says why data cannot be made or brought; its text needs no traceback."""


class RawObject(Protocol):
    """An object to be brought into a raw bucket."""

    @property
    def key(self) -> str:
        """Its key below the dataset's prefix."""

    @property
    def sha256(self) -> str:
        """SHA-256 of its content, in hexadecimal."""

    def open(self) -> AbstractContextManager[bytes | BinaryIO]:
        """Its content, whole or as a stream from its start."""


@dataclass(frozen=True)
class Sample:
    """One raw object in memory: its key below the dataset's prefix, and its content."""

    key: str
    body: bytes

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()

    def open(self) -> AbstractContextManager[bytes]:
        """The content."""
        return nullcontext(self.body)

    def write(self, folder: Path) -> Path:
        """Write the object as a file below `folder`, under its key; return the file."""
        file = folder / self.key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self.body)
        return file
