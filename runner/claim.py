"""The claim of a run id: an object that can be made once, so that a run id starts one run, whoever else tries."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from lake.names import Names
from runner.errors import AwsError, Trouble, asking

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


@dataclass(frozen=True, slots=True)
class Claim:
    """What lies at the claim's key. `age` is in seconds by S3's own clock, since it was last written.

    `workflow_run_id` is that of the run that its holder started, once the holder has said so.
    """

    token: str
    etag: str
    age: float = 0.0
    workflow_run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims that one runner makes, all with its own token; `bucket` finds the curated bucket when it is needed."""

    s3: Callable[[], S3Client]
    bucket: Callable[[], str]
    names: Names
    token: str = field(default_factory=lambda: secrets.token_hex(16))

    def take(self, dataset: str, run_id: str) -> Claim | None:
        """Return this runner's claim, or None where the run id is claimed already.

        A conditional put (`If-None-Match: *`): of any number of runners at once one gets it.
        """
        return self._put(dataset, run_id, {"IfNoneMatch": "*"})

    def take_over(self, dataset: str, run_id: str, claim: Claim) -> Claim | None:
        """Return this runner's claim in place of `claim`, or None where that is not the last word any more."""
        return self._put(dataset, run_id, {"IfMatch": claim.etag})

    def settle(self, dataset: str, run_id: str, claim: Claim, workflow_run_id: str) -> None:
        """Write down which run the claim started. Where someone else has written since, that stands."""
        self._put(dataset, run_id, {"IfMatch": claim.etag}, workflow_run_id)

    def read(self, dataset: str, run_id: str) -> Claim | None:
        """Return the claim as it is now, None where there is none. Raises AwsError where what lies there is none."""
        key = self.names.claim_key(dataset, run_id)
        try:
            with asking(f"read the claim of run {run_id}"):
                answer = self.s3().get_object(Bucket=self.bucket(), Key=key)
                text = answer["Body"].read()
        except AwsError as error:
            if error.trouble is Trouble.MISSING:
                return None
            raise
        try:
            content = json.loads(text)
            token, workflow_run_id = str(content["token"]), content["workflow_run_id"]
        except (ValueError, KeyError, TypeError) as error:
            raise AwsError(Trouble.OTHER, f"read the claim of run {run_id}", f"{key} is no claim") from error
        now = _date(answer["ResponseMetadata"]["HTTPHeaders"]) or answer["LastModified"]
        age = max((now - answer["LastModified"]).total_seconds(), 0.0)
        return Claim(token, answer["ETag"], age, workflow_run_id)

    def _put(
        self, dataset: str, run_id: str, condition: dict[str, str], workflow_run_id: str | None = None
    ) -> Claim | None:
        # The nonce makes every version's ETag its own, also where the content is otherwise the same.
        content = {"token": self.token, "workflow_run_id": workflow_run_id, "nonce": secrets.token_hex(8)}
        key = self.names.claim_key(dataset, run_id)
        try:
            with asking(f"claim run {run_id}"):
                answer = self.s3().put_object(
                    Bucket=self.bucket(),
                    Key=key,
                    Body=json.dumps(content).encode(),
                    ContentType="application/json",
                    **condition,  # type: ignore[arg-type]  # one of put_object's two conditions
                )
        except AwsError as error:
            if error.trouble is not Trouble.TAKEN:
                raise
            # A put whose answer was lost is sent again by botocore, and then finds its own.
            found = self.read(dataset, run_id)
            mine = found is not None and found.token == self.token and found.workflow_run_id == workflow_run_id
            return found if mine else None
        return Claim(self.token, answer["ETag"], workflow_run_id=workflow_run_id)


def _date(headers: dict[str, str]) -> datetime | None:
    text = headers.get("date")
    return parsedate_to_datetime(text) if text else None
