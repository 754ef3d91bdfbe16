"""Finds the raw bucket of an environment, and says in plain words why AWS cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from lake.names import RAW_BUCKET_OUTPUT, Names
from samples.sample import SampleError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


def raw_bucket_name(cloudformation: CloudFormationClient, env: str) -> str:
    """Return the raw bucket's name from the outputs of the environment's storage stack.

    Raises SampleError where the stack has no such output, ClientError where it is not deployed.
    """
    stack = Names(env).storage_stack
    for found in cloudformation.describe_stacks(StackName=stack)["Stacks"]:
        for output in found.get("Outputs", []):
            if output.get("OutputKey") == RAW_BUCKET_OUTPUT:
                return output["OutputValue"]
    raise SampleError(f"stack {stack} has no output {RAW_BUCKET_OUTPUT}. Run 'make deploy ENV={env}'.")


@contextmanager
def aws_errors_explained(env: str) -> Iterator[None]:
    """Turn what AWS or the way to it refuses into a SampleError that says what to do."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        remedy = f"Is it up ('make up') and deployed ('make deploy ENV={env}')?"
        raise SampleError(f"AWS of environment '{env}' refused or was not reached: {error} {remedy}") from error
