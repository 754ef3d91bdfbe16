"""Knows whether a step's work was finished for what the step depends on now. Standard library only."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


def digest(parts: Iterable[Path | str]) -> str:
    """Return a SHA-256 over the files' contents and the strings, in order; no time or path goes into it."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode()
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()


@dataclass(frozen=True)
class Stamp:
    """A file inside what a step makes, written last: there only for finished work, and gone with it."""

    file: Path

    def matches(self, wanted: str) -> bool:
        """Whether the work was finished for the digest `wanted`."""
        try:
            return self.file.read_text(encoding="ascii") == wanted
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return False

    def write(self, done: str) -> None:
        """Note that the work is finished for the digest `done`; a crash leaves the old note or the new."""
        partial = self.file.with_name(f"{self.file.name}.partial")
        partial.write_text(done, encoding="ascii")
        os.replace(partial, self.file)

    def remove(self) -> None:
        """Note that the work is being changed."""
        self.file.unlink(missing_ok=True)
