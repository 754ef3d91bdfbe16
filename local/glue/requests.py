"""What every action of local Glue is: a function from the request's members to the response's."""

from collections.abc import Callable
from typing import Any

from local.glue.errors import InvalidRequest

Request = dict[str, Any]
Response = dict[str, Any]
Action = Callable[[Request], Response]


def page(items: list[Any], request: Request, *, key: str, default: int = 100) -> Response:
    """One page of `items` under `key`, with NextToken where there are more; MaxResults and NextToken as given.

    Raises InvalidRequest for a token that is none of these.
    """
    token = request.get("NextToken") or "0"
    if not (token.isascii() and token.isdigit()):
        raise InvalidRequest(f"NextToken {token!r} is none that this action has given.")
    start = int(token)
    size = int(request.get("MaxResults") or default)
    answer: Response = {key: items[start : start + size]}
    if start + size < len(items):
        answer["NextToken"] = str(start + size)
    return answer
