"""Every error that the runner raises, and what an error of AWS means for it. Imports botocore only to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from types import MappingProxyType
from typing import Final

from lake.errors import ConfigError as ConfigError  # of the files: raised by all that reads them


class RunnerError(Exception):
    """Base of the runner's errors; its text says what is wrong and what to do, and needs no traceback."""


class WrongUse(RunnerError):
    """An argument that cannot be, or a pipeline that is not deployed: nothing was started."""


class Trouble(Enum):
    """What an error of AWS means for the call that got it."""

    THROTTLED = "throttled"
    NOT_SENT = "no connection: AWS did not get the call"
    TRANSIENT = "lost or broken answer: AWS may have got the call"
    CREDENTIALS = "no valid credentials"
    DENIED = "denied"
    MISSING = "does not exist"
    AT_LIMIT = "at its limit of concurrent runs"
    NOT_RUNNING = "is not running any more"
    TAKEN = "someone else was there first"
    OTHER = "refused"


# A later call may be answered. Whether AWS acted on this one differs: see Trouble.
PASSING: Final = frozenset({Trouble.THROTTLED, Trouble.NOT_SENT, Trouble.TRANSIENT})


class AwsError(RunnerError):
    """A call to AWS that was not answered, or was answered with an error."""

    def __init__(self, trouble: Trouble, doing: str, message: str) -> None:
        super().__init__(f"{doing}: {message}")
        self.trouble = trouble


_THROTTLED = (
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "SlowDown",
)
_TRANSIENT = (
    "InternalError",
    "InternalFailure",
    "InternalServiceException",
    "InternalServerError",
    "OperationTimeoutException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
)
_CREDENTIALS = (
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
)
_DENIED = ("AccessDenied", "AccessDeniedException", "Forbidden", "UnauthorizedOperation", "403")
# What S3 answers to a conditional put whose condition does not hold, or does not any more.
_TAKEN = ("PreconditionFailed", "ConditionalRequestConflict", "412")
_MISSING = ("EntityNotFoundException", "NoSuchBucket", "NoSuchKey", "ResourceNotFoundException", "404")

ERROR_CODES: Final[Mapping[str, Trouble]] = MappingProxyType(
    {
        **dict.fromkeys(_THROTTLED, Trouble.THROTTLED),
        **dict.fromkeys(_TRANSIENT, Trouble.TRANSIENT),
        **dict.fromkeys(_CREDENTIALS, Trouble.CREDENTIALS),
        **dict.fromkeys(_DENIED, Trouble.DENIED),
        **dict.fromkeys(_MISSING, Trouble.MISSING),
        **dict.fromkeys(_TAKEN, Trouble.TAKEN),
        "ConcurrentRunsExceededException": Trouble.AT_LIMIT,
        "CrawlerRunningException": Trouble.AT_LIMIT,
        "IllegalWorkflowStateException": Trouble.NOT_RUNNING,
        "CrawlerNotRunningException": Trouble.NOT_RUNNING,
        "CrawlerStoppingException": Trouble.NOT_RUNNING,
    }
)


def trouble_of(error: Exception) -> Trouble:
    """Return what an exception of botocore means."""
    from botocore import exceptions

    match error:
        case exceptions.ClientError():
            response = error.response
            code = response.get("Error", {}).get("Code", "")
            if (known := ERROR_CODES.get(code)) is not None:
                return known
            # CloudFormation has no error of its own for a stack that is not there.
            if code == "ValidationError" and "does not exist" in str(error):
                return Trouble.MISSING
            status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            return Trouble.TRANSIENT if status >= 500 else Trouble.OTHER
        case (
            exceptions.NoCredentialsError()
            | exceptions.PartialCredentialsError()
            | exceptions.CredentialRetrievalError()
            | exceptions.TokenRetrievalError()
            | exceptions.SSOError()
        ):
            return Trouble.CREDENTIALS
        case (
            exceptions.EndpointConnectionError() | exceptions.ConnectTimeoutError() | exceptions.ProxyConnectionError()
        ):
            return Trouble.NOT_SENT
        case exceptions.HTTPClientError() | exceptions.ConnectionError():
            return Trouble.TRANSIENT
        case _:
            return Trouble.OTHER


@contextmanager
def asking(doing: str) -> Iterator[None]:
    """Turn every exception of botocore inside the block into an AwsError that says what was being done."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise AwsError(trouble_of(error), doing, str(error)) from error
    except ResponseParserError as error:
        # Something between here and AWS answered with what is no answer of AWS.
        raise AwsError(Trouble.TRANSIENT, doing, str(error)) from error
