"""What each listed object is: of the first format that knows it, or of none, with the reasons.

An object of a format that AWS Glue knows and this crawler does not is told apart from one that no classifier of AWS's
would know either: leaving out the first may make another table than AWS's.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local.glue.crawlers.calls import calling, error_code
from local.glue.crawlers.formats.base import Finding, Format, ObjectRef, Rejection, Sample
from local.glue.crawlers.formats.foreign import foreign_kind
from local.glue.crawlers.sampling import sample_all, sample_object

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Judged = tuple[ObjectRef, Format | None, Any]


def classify(
    s3: "S3Client", refs: Iterable[ObjectRef], formats: Sequence[Format], cancelled: Callable[[], bool]
) -> tuple[list[Finding], list[tuple[ObjectRef, Rejection]]]:
    """Give the findings of one target in the order of `refs`, and the objects that none of `formats` recognised.

    Raises CrawlError where an object may not be read.
    """
    judged = list(sample_all(refs, lambda ref: _examine(s3, ref, formats), cancelled))
    verdicts: dict[ObjectRef, Finding | Rejection] = {ref: it for ref, format_, it in judged if format_ is None}
    for format_ in formats:
        mine = [(ref, evidence) for ref, its_format, evidence in judged if its_format is format_]
        verdicts.update(zip((ref for ref, _ in mine), format_.conclude(mine), strict=True))
    findings, rejected = [], []
    for ref, _, _ in judged:
        verdict = verdicts[ref]
        if isinstance(verdict, Rejection):
            rejected.append((ref, verdict))
        else:
            findings.append(verdict)
    return findings, rejected


def recognise(sample: Sample, formats: Sequence[Format]) -> tuple[Format | None, Any]:
    """Give the first of `formats` that knows `sample` with what it says, or None with the reasons of those asked."""
    if kind := foreign_kind(sample.data):
        known = ", ".join(dict.fromkeys(format_.classification for format_ in formats))
        reason = f"it looks like {kind}, which is not supported here: the formats are {known}"
        return None, Rejection(f"{reason}, plain or as gzip or bzip2", final=True, foreign=True)
    reasons = []
    for format_ in formats:
        evidence = format_.examine(sample)
        if not isinstance(evidence, Rejection):
            return format_, evidence
        if evidence.final:
            return None, Rejection(f"as {format_.classification}, {evidence.reason}")
        reasons.append(f"as {format_.classification}, {evidence.reason}")
    return None, Rejection("; ".join(reasons))


def describe(rejected: Sequence[tuple[ObjectRef, Rejection]], *, limit: int) -> list[str]:
    """Give a line for each of the first `limit` objects that were not recognised, and one for the rest."""
    lines = [f"{ref.uri} was not recognised: {rejection.reason}" for ref, rejection in rejected[:limit]]
    if len(rejected) > limit:
        lines.append(f"{len(rejected) - limit} more objects were not recognised")
    return lines


def _examine(s3: "S3Client", ref: ObjectRef, formats: Sequence[Format]) -> Judged:
    with calling("s3:GetObject", ref.uri):
        try:
            sample = sample_object(s3, ref)
            if isinstance(sample, Rejection):
                return ref, None, sample
            return ref, *recognise(sample, formats)
        except ClientError as error:
            if error_code(error) == "NoSuchKey":
                return ref, None, Rejection("it is gone since it was listed")
            raise
