from __future__ import annotations

import pytest
from botocore import exceptions

from runner.errors import AwsError, Trouble, asking, trouble_of


def client_error(code: str, status: int = 400, message: str = "text") -> exceptions.ClientError:
    return exceptions.ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]  # only what is read
        "GetWorkflowRun",
    )


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (client_error("ThrottlingException"), Trouble.THROTTLED),
        (client_error("SomethingNew", 503), Trouble.TRANSIENT),
        (client_error("SomethingNew", 400), Trouble.OTHER),
        (client_error("OperationTimeoutException"), Trouble.TRANSIENT),
        (client_error("ExpiredTokenException"), Trouble.CREDENTIALS),
        (client_error("AccessDenied", 403), Trouble.DENIED),
        (client_error("EntityNotFoundException"), Trouble.MISSING),
        (client_error("ValidationError", message="Stack with id x does not exist"), Trouble.MISSING),
        (client_error("ValidationError", message="StackName is too long"), Trouble.OTHER),
        (exceptions.NoCredentialsError(), Trouble.CREDENTIALS),
        (exceptions.TokenRetrievalError(provider="sso", error_msg="expired"), Trouble.CREDENTIALS),
        (exceptions.UnauthorizedSSOTokenError(), Trouble.CREDENTIALS),
        (exceptions.EndpointConnectionError(endpoint_url="http://h"), Trouble.NOT_SENT),
        (exceptions.ConnectTimeoutError(endpoint_url="http://h"), Trouble.NOT_SENT),
        (exceptions.ReadTimeoutError(endpoint_url="http://h"), Trouble.TRANSIENT),
        (exceptions.ConnectionClosedError(endpoint_url="http://h"), Trouble.TRANSIENT),
        (exceptions.ParamValidationError(report="bad"), Trouble.OTHER),
    ],
)
def test_each_error_of_botocore_has_its_meaning(error: Exception, trouble: Trouble) -> None:
    assert trouble_of(error) is trouble


def test_error_says_what_was_being_done() -> None:
    with pytest.raises(AwsError, match=r"^read the record: .*NoSuchKey"), asking("read the record"):
        raise client_error("NoSuchKey", 404)


def test_errors_that_are_not_of_aws_pass_through() -> None:
    with pytest.raises(ZeroDivisionError), asking("divide"):
        raise ZeroDivisionError
