"""What a sample consists of. Standard library only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


class SampleError(Exception):
    """Says why sample data cannot be made or brought; its text needs no traceback."""


@dataclass(frozen=True)
class Sample:
    """One raw object: its key below the dataset's prefix, and its content."""

    key: str
    body: bytes

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()

    def write(self, folder: Path) -> Path:
        """Write the object as a file below `folder`, under its key; return the file."""
        file = folder / self.key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self.body)
        return file
