"""Finds the raw bucket of an environment, and says in plain words why AWS cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from lake.names import RAW_BUCKET_OUTPUT, Names
from runner.errors import Trouble, trouble_of
from samples.sample import SampleError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


def raw_bucket_name(cloudformation: CloudFormationClient, env: str) -> str:
    """Return the raw bucket's name from the outputs of the environment's storage stack.

    Raises SampleError where the stack is not deployed or has no such output.
    """
    stack = Names(env).storage_stack
    try:
        stacks = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if trouble_of(error) is not Trouble.MISSING:
            raise
        raise SampleError(f"stack {stack} is not deployed. Run 'make deploy ENV={env}'.") from error
    for found in stacks:
        for output in found.get("Outputs", []):
            if output.get("OutputKey") == RAW_BUCKET_OUTPUT:
                return output["OutputValue"]
    raise SampleError(f"stack {stack} has no output {RAW_BUCKET_OUTPUT}. Run 'make deploy ENV={env}'.")


@contextmanager
def aws_errors_explained(env: str, *, is_local: bool) -> Iterator[None]:
    """Turn what AWS or the way to it refuses into a SampleError that says what to do."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise SampleError(f"environment '{env}': {error} {_remedy(trouble_of(error), is_local=is_local)}") from error


def _remedy(trouble: Trouble, *, is_local: bool) -> str:
    match trouble:
        case Trouble.NOT_SENT if is_local:
            return "AWS on this machine does not answer; start it: make up"
        case Trouble.NOT_SENT:
            return "Check the network, and the environment's region."
        case Trouble.CREDENTIALS | Trouble.DENIED:
            return "Renew the credentials, or name others: --profile"
        case _:
            return "Run it again: it continues with what is missing."
