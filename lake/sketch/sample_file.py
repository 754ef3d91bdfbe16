"""The sample file on disk: which format its name says, and that it can be read at all."""

from __future__ import annotations

import codecs
import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from lake.sketch.found import SampleFileError

FORMATS: Final = {
    ".csv": "csv", ".tsv": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json", ".parquet": "parquet",
}  # fmt: skip
GZIP: Final = ".gz"
ALLOWED: Final = f"{', '.join(FORMATS)}; all but .parquet also with {GZIP} after it"
CHUNK: Final = 1 << 20
UTF8_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file that is there, not empty, and of a known format; text is UTF-8 from beginning to end."""

    path: Path
    format: str
    compressed: bool

    def open(self) -> IO[bytes]:
        """Return the file's content, uncompressed."""
        return cast(IO[bytes], gzip.open(self.path)) if self.compressed else self.path.open("rb")


def sample_file(path: Path) -> SampleFile:
    """Return the file, looked through once. Raises SampleFileError where it is not as `SampleFile` promises."""
    try:
        if path.is_dir():
            raise SampleFileError(f"{path}: is a folder; allowed is one file of it")
        suffixes = [suffix.lower() for suffix in path.suffixes]
        compressed = suffixes[-1:] == [GZIP]
        ending = (suffixes[:-1] if compressed else suffixes)[-1:]
        kind = FORMATS.get(ending[0]) if ending else None
        if not path.exists():
            raise SampleFileError(f"{path}: there is no such file")
        if kind is None or (compressed and kind == "parquet"):
            raise SampleFileError(f"{path}: its name does not say what it is; allowed: {ALLOWED}")
        file = SampleFile(path, kind, compressed)
        if kind == "parquet":
            _check_parquet(file)
        else:
            _check_text(file)
    except (OSError, EOFError, zlib.error) as error:
        if path.suffix.lower() == GZIP and not isinstance(error, FileNotFoundError | PermissionError):
            raise SampleFileError(f"{path}: cannot be unpacked: {error}") from error
        reason = error.strerror if isinstance(error, OSError) else error
        raise SampleFileError(f"{path}: cannot be read: {reason}") from error
    return file


def _check_parquet(file: SampleFile) -> None:
    with file.open() as content:
        if content.read(4) != b"PAR1":
            raise SampleFileError(f"{file.path}: is not Parquet: it does not begin with PAR1")


def _check_text(file: SampleFile) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, some = 0, False
    with file.open() as content:
        while chunk := content.read(CHUNK):
            some = some or bool(chunk.removeprefix(UTF8_MARK).strip())
            if b"\0" in chunk:
                raise SampleFileError(f"{file.path}: is binary, not {file.format}: it has NUL bytes")
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                line = lines + error.object.count(b"\n", 0, error.start) + 1
                byte = error.object[error.start]
                message = f"is not UTF-8: line {line} has the byte 0x{byte:02x}; save it as UTF-8"
                raise SampleFileError(f"{file.path}: {message}") from error
            lines += chunk.count(b"\n")
    if not some:
        raise SampleFileError(f"{file.path}: is empty")
