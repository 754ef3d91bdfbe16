"""Pages of lists that hold while the list changes: a page begins after the last one's last thing."""

import base64
import binascii
import bisect
import json
from collections.abc import Mapping
from typing import Any

from local.glue.errors import InvalidInput
from local.glue.requests import Request, Response

Key = str | int | tuple[str, ...]


def page(things: Mapping[Any, Response], request: Request, *, key: str, size: int) -> Response:
    """A page of `things`, in the order of their keys, under `key`; at most MaxResults, else `size`.

    A thing that is there before the first page and after the last is on one page exactly, whatever is made or deleted
    between them. Raises InvalidInput for a token that was not given so.
    """
    keys = sorted(things)
    token = request.get("NextToken")
    start = bisect.bisect_right(keys, _decoded(token, keys)) if token else 0
    end = start + int(request.get("MaxResults") or size)
    answer: Response = {key: [things[one] for one in keys[start:end]]}
    if end < len(keys):
        answer["NextToken"] = base64.urlsafe_b64encode(json.dumps(keys[end - 1]).encode()).decode()
    return answer


def _decoded(token: str, keys: list[Any]) -> Any:
    try:
        found = json.loads(base64.urlsafe_b64decode(token))
    except (binascii.Error, ValueError) as problem:
        raise InvalidInput("NextToken is none that this action has given.") from problem
    found = tuple(found) if isinstance(found, list) else found
    if keys and not isinstance(found, type(keys[0])):
        raise InvalidInput("NextToken is none that this action has given.")
    return found
