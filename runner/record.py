"""The job's record of a run, from the curated bucket. Fields that are not there are None, never zero."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from lake.names import CURATED_BUCKET_OUTPUT, Names
from runner.errors import AwsError, Trouble, asking

if TYPE_CHECKING:
    from runner.aws import Aws


class _Part(BaseModel):
    # A newer job may write more than this runner reads.
    model_config = ConfigDict(frozen=True, extra="ignore")


class Rows(_Part):
    """Rows of one run: read = curated (inserted, updated, unchanged) + superseded + quarantined."""

    read: int | None = None
    inserted: int | None = None
    updated: int | None = None
    unchanged: int | None = None
    curated: int | None = None
    superseded: int | None = None
    quarantined: int | None = None


class Files(_Part):
    """Objects of one run, and their bytes."""

    new: int | None = None
    consumed: int | None = None
    unreadable: int | None = None
    bytes: int | None = None


class Quarantined(_Part):
    """Rows quarantined for one reason, with one of them as it was read."""

    reason: str
    rows: int
    example: Any = None


class Rule(_Part):
    """One rule's outcome: of rows, or of the table."""

    rule: str
    outcome: str
    reason: str | None = None


class Stage(_Part):
    """One stage of the job, and how long it took."""

    name: str
    seconds: float


class RunRecord(_Part):
    """What the job wrote about its run."""

    run_id: str
    outcome: Literal["published", "empty", "refused", "failed"]
    reason: str | None = None
    rows: Rows = Rows()
    files: Files = Files()
    quarantine: tuple[Quarantined, ...] = ()
    rules: tuple[Rule, ...] = ()
    stages: tuple[Stage, ...] = ()
    snapshot_id: int | None = None


@dataclass(frozen=True, slots=True)
class NoRecord:
    """There is no record to judge by. `asked`: AWS answered, so the job left none that can be read."""

    reason: str
    asked: bool


def stack_output(aws: Aws, stack: str, output: str) -> str:
    """Return an output of a stack. Raises AwsError; a stack or output that is not there is MISSING."""
    doing = f"look up {output} of stack {stack}"
    with asking(doing):
        stacks = aws.cloudformation.describe_stacks(StackName=stack)["Stacks"]
    for found in stacks:
        for each in found.get("Outputs", []):
            if each.get("OutputKey") == output and each.get("OutputValue"):
                return each["OutputValue"]
    raise AwsError(Trouble.MISSING, doing, f"the stack has no output {output}")


class Records:
    """The records of an environment's runs."""

    def __init__(self, aws: Aws, names: Names) -> None:
        self._aws = aws
        self._names = names

    @cached_property
    def bucket(self) -> str:
        """The curated bucket. Raises AwsError; a stack or output that is not there is MISSING."""
        return stack_output(self._aws, self._names.storage_stack, CURATED_BUCKET_OUTPUT)

    def read(self, dataset: str, run_id: str) -> RunRecord | NoRecord:
        """Return the record of a run, or why there is none; raises nothing of AWS."""
        key = self._names.record_key(dataset, run_id)
        try:
            bucket = self.bucket
        except AwsError as error:
            return NoRecord(f"the job's record could not be read: {error}", asked=False)
        place = f"s3://{bucket}/{key}"
        try:
            with asking(f"read {place}"):
                text = self._aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except AwsError as error:
            if error.trouble is Trouble.MISSING:
                return NoRecord(f"the job left no record at {place}", asked=True)
            return NoRecord(f"the job's record could not be read: {error}", asked=False)
        try:
            record = RunRecord.model_validate_json(text)
        except ValidationError as error:
            return NoRecord(f"the job's record at {place} cannot be understood: {error}", asked=True)
        if record.run_id != run_id:
            return NoRecord(f"the record at {place} is that of run {record.run_id}", asked=True)
        return record
