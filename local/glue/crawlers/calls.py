"""AWS calls whose failure is told in AWS's own words, with the name of the call and of what it was made on."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from local.glue.crawlers.errors import CrawlDenied, CrawlError

DENIED = ("AccessDenied", "AccessDeniedException", "403")


@contextmanager
def calling(call: str, on: str) -> Iterator[None]:
    """Turn what botocore raises inside into a CrawlError, or a CrawlDenied, that names `call` and what it was made on.

    A call is named by the action that the role needs, as `s3:GetObject`.
    """
    try:
        yield
    except ClientError as error:
        code, message = error_code(error), error.response.get("Error", {}).get("Message", "")
        kind = CrawlDenied if code in DENIED else CrawlError
        raise kind(f"{call} on {on} failed with {code}: {message}") from error
    except BotoCoreError as error:
        raise CrawlError(f"{call} on {on} failed: {error}") from error


def error_code(error: ClientError) -> str:
    """Give AWS's code for `error`."""
    return str(error.response.get("Error", {}).get("Code", "Unknown"))
