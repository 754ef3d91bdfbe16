"""What a format module offers to the crawl, and what the crawl hands to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from local.glue.crawlers.schema import Columns


class ObjectRef(NamedTuple):
    """A listed object; `size` in bytes as stored."""

    bucket: str
    key: str
    size: int

    @property
    def uri(self) -> str:
        """The object's s3:// name."""
        return f"s3://{self.bucket}/{self.key}"


def _nothing_more(start: int, size: int) -> bytes:
    raise EOFError(f"{size} bytes from {start} on: this sample is all that there is")


@dataclass(frozen=True)
class Sample:
    """The start of an object, decompressed. `stored` of the object's bytes were read to get `data`.

    `read_at(start, size)` gives other bytes of the object as it is stored, by a ranged GET.
    """

    ref: ObjectRef
    data: bytes
    stored: int
    compression: str
    read_at: Callable[[int, int], bytes] = _nothing_more

    @property
    def complete(self) -> bool:
        """Whether `data` is the whole object."""
        return self.stored >= self.ref.size


@dataclass(frozen=True, slots=True)
class Finding:
    """What one object turned out to be.

    `traits` are the format's properties that objects of one table must share, such as a delimiter. `records` is the
    number of records of the whole object, exact where the sample was all of it, else an estimate. `spelling` are the
    columns' names as the object has them, where the format's SerDe is told.
    """

    ref: ObjectRef
    classification: str
    compression: str
    traits: tuple[tuple[str, str], ...]
    columns: Columns
    records: int
    spelling: tuple[str, ...] = ()

    @property
    def compatibility(self) -> tuple[object, ...]:
        """What must be equal for two objects to share a table."""
        return self.classification, self.compression, self.traits


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an object is not of a format.

    Where it is `final`, the object is of no other format either. `foreign`: it is of one that AWS Glue knows.
    """

    reason: str
    final: bool = False
    foreign: bool = False


@dataclass(frozen=True)
class Storage:
    """How the catalog says to read a table: Hadoop formats, SerDe, and the format's own table parameters."""

    input_format: str
    output_format: str
    serde: str
    serde_parameters: Mapping[str, str]
    parameters: Mapping[str, str] = field(default_factory=dict)


class Format(Protocol):
    """One file format. A new one is a module with such an object, listed in `formats.FORMATS`."""

    classification: str

    def examine(self, sample: Sample) -> Any:
        """Give what `sample` says, in a shape of the format's own, or a Rejection. Called from several threads."""

    def conclude(self, evidence: Sequence[tuple[ObjectRef, Any]]) -> list[Finding | Rejection]:
        """Judge all objects of one target together, in the order given: a small one is known by its siblings."""

    def storage(self, findings: Sequence[Finding]) -> Storage:
        """Give how the table that holds `findings`, which are compatible with each other, is to be read."""
