"""The HTTP face of local Glue: AWS JSON 1.1, authorized action by action, resource by resource."""

import json
import sys
import traceback
from collections.abc import Callable

from local.glue import model
from local.glue.authorization import FILTERED, Permission, required
from local.glue.errors import GlueError, InvalidInput
from local.glue.requests import Request, Response
from local.glue.scope import Scope
from local.glue.service import Glue
from local.ministack_adapter import Answer, Caller, caller_of, current_scope

CONTENT_TYPE = {"Content-Type": "application/x-amz-json-1.1"}
TARGET_PREFIX = "AWSGlue."


class GlueApi:
    """Answers Glue's requests. `glue_of` gives the Glue of an account and region."""

    def __init__(self, glue_of: Callable[[Scope], Glue]) -> None:
        self._glue_of = glue_of

    async def handle(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Answer:
        """One request, already authenticated: authorize it, do it, answer."""

        def answer() -> Answer:
            action = headers.get("x-amz-target", "").removeprefix(TARGET_PREFIX)
            request = _parse(body)
            model.validate_request(action, request)
            glue, caller = self._glue_of(current_scope()), caller_of(headers, query)
            for permission in required(action, request, glue.scope):
                refusal = _refusal(permission, caller, glue)
                if refusal is not None:
                    return refusal
            return _answer(200, _visible(action, glue.perform(action, request), caller, glue))

        return _answered(answer)

    def unasked(self, action: str, request: Request) -> Answer:
        """An action that AWS itself does, such as CloudFormation: it is not authorized."""

        def answer() -> Answer:
            model.validate_request(action, request)
            return _answer(200, self._glue_of(current_scope()).perform(action, request))

        return _answered(answer)


def _answered(answer: Callable[[], Answer]) -> Answer:
    try:
        return answer()
    except GlueError as error:
        return _error(error)
    except Exception as error:  # the server goes on; the caller and the log learn of the defect
        traceback.print_exc(file=sys.stderr)
        return _answer(500, {"__type": "InternalServiceException", "Message": f"{type(error).__name__}: {error}"})


def _refusal(permission: Permission, caller: Caller, glue: Glue) -> Answer | None:
    tags = {f"aws:ResourceTag/{name}": value for name, value in glue.tags.of(permission.resource).items()}
    return caller.refusal(permission.action, permission.resource, glue.scope.region, {**tags, **permission.context})


def _visible(action: str, response: Response, caller: Caller, glue: Glue) -> Response:
    """The response with those things only that the caller may see."""
    if action not in FILTERED:
        return response
    key, name_of = FILTERED[action]

    def seen(thing: Response) -> bool:
        permission = Permission(f"glue:{action}", glue.scope.arn(name_of(thing)))
        return _refusal(permission, caller, glue) is None

    return {**response, key: [thing for thing in response[key] if seen(thing)]}


def _parse(body: bytes) -> Request:
    try:
        request = json.loads(body or b"{}")
    except ValueError as problem:
        raise InvalidInput(f"The request is not JSON: {problem}") from problem
    if not isinstance(request, dict):
        raise InvalidInput("The request is not a JSON object.")
    return request


def _answer(status: int, content: Response) -> Answer:
    return status, dict(CONTENT_TYPE), json.dumps(content).encode()


def _error(error: GlueError) -> Answer:
    status, headers, body = _answer(error.status, {"__type": error.code, "Message": error.message})
    return status, {**headers, "x-amzn-errortype": error.code}, body
