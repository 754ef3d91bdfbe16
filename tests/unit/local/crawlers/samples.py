"""Samples as a crawl hands them to a format, without a server."""

from __future__ import annotations

from typing import Any

from local.glue.crawlers.formats.base import Finding, Format, ObjectRef, Rejection, Sample
from local.glue.crawlers.types import type_text


def sample(content: str | bytes, *, name: str = "a", read: int | None = None, compression: str = "none") -> Sample:
    """The sample of an object that holds `content`, of which the first `read` bytes were read, or all."""
    data = content.encode() if isinstance(content, str) else content
    start = data[:read]

    def read_at(begin: int, size: int) -> bytes:
        return data[begin : begin + size]

    return Sample(ObjectRef("bucket", name, len(data)), start, len(start), compression, read_at)


def judged(format_: Format, *samples: Sample) -> list[Finding | Rejection]:
    """What the objects are, looked at together."""
    evidence: list[tuple[ObjectRef, Any]] = []
    for one in samples:
        examined = format_.examine(one)
        assert not isinstance(examined, Rejection), examined.reason
        evidence.append((one.ref, examined))
    return format_.conclude(evidence)


def found(format_: Format, one: Sample) -> Finding:
    """What the object is, which the format must know."""
    [finding] = judged(format_, one)
    assert isinstance(finding, Finding), finding
    return finding


def refusal(format_: Format, one: Sample) -> Rejection:
    """Why the object is none of the format's."""
    examined = format_.examine(one)
    assert isinstance(examined, Rejection), examined
    return examined


def types(finding: Finding) -> dict[str, str]:
    """The columns as the catalog would have them."""
    return {column.name: type_text(column.type) for column in finding.columns}
