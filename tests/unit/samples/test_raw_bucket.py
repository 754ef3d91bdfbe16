"""Finding the raw bucket, and what is said where it cannot be found. CloudFormation's answers are scripted."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from samples.raw_bucket import aws_errors_explained, raw_bucket_name
from samples.sample import SampleError


class CloudFormation:
    """Answers DescribeStacks with these stacks, or this error."""

    def __init__(self, *stacks: dict[str, Any], error: ClientError | None = None) -> None:
        self.stacks = stacks
        self.error = error

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:
        assert StackName == "lake-dev"
        if self.error is not None:
            raise self.error
        return {"Stacks": list(self.stacks)}


def asked(*stacks: dict[str, Any], error: ClientError | None = None) -> str:
    cloudformation: Any = CloudFormation(*stacks, error=error)
    return raw_bucket_name(cloudformation, "dev")


def refusal(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks")


def test_it_is_the_output_of_the_storage_stack() -> None:
    assert asked({"Outputs": [{"OutputKey": "RawBucketName", "OutputValue": "raw"}]}) == "raw"


def test_a_stack_that_is_not_deployed_is_named_with_the_command_that_deploys_it() -> None:
    with pytest.raises(SampleError) as missing:
        asked(error=refusal("ValidationError", "Stack with id lake-dev does not exist"))
    assert str(missing.value) == "stack lake-dev is not deployed. Run 'make deploy ENV=dev'."


def test_a_stack_without_the_output_is_named_with_the_command_that_deploys_it() -> None:
    with pytest.raises(SampleError, match=r"lake-dev has no output RawBucketName\. Run 'make deploy ENV=dev'"):
        asked({"Outputs": []})


@pytest.mark.parametrize(
    ("error", "is_local", "remedy"),
    [
        (EndpointConnectionError(endpoint_url="http://h"), True, "start it: make up"),
        (EndpointConnectionError(endpoint_url="http://h"), False, "Check the network, and the environment's region."),
        (NoCredentialsError(), False, "Renew the credentials, or name others: --profile"),
        (refusal("AccessDenied", "no"), False, "Renew the credentials, or name others: --profile"),
        (refusal("SlowDown", "later"), False, "Run it again: it continues with what is missing."),
    ],
)
def test_each_refusal_says_what_to_do(error: Exception, is_local: bool, remedy: str) -> None:
    with pytest.raises(SampleError) as raised, aws_errors_explained("dev", is_local=is_local):
        raise error
    assert str(raised.value).startswith(f"environment 'dev': {error}")
    assert str(raised.value).endswith(remedy)
