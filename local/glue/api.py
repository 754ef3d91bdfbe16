"""The HTTP face of local Glue: AWS JSON 1.1, authorized action by action, resource by resource."""

import json
import sys
import traceback
from collections.abc import Callable

from local.glue import data_catalog, model
from local.glue.authorization import required
from local.glue.errors import GlueError, InvalidInput, UnknownOperation
from local.glue.requests import Request, Response
from local.glue.scope import Scope
from local.glue.service import CATALOG_ACTIONS, Glue
from local.ministack_adapter import Answer, caller_of, current_scope

CONTENT_TYPE = {"Content-Type": "application/x-amz-json-1.1"}
TARGET_PREFIX = "AWSGlue."

# Where a creation may bring tags, and the ARN of what it creates.
TAGGED = {
    "CreateCrawler": "crawler",
    "CreateJob": "job",
    "CreateTrigger": "trigger",
    "CreateWorkflow": "workflow",
}


class GlueApi:
    """Answers Glue's requests. `glue_of` gives the Glue of an account and region."""

    def __init__(self, glue_of: Callable[[Scope], Glue]) -> None:
        self._glue_of = glue_of

    async def handle(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Answer:
        """One request, already authenticated: authorize it, do it, answer."""
        try:
            action = headers.get("x-amz-target", "").removeprefix(TARGET_PREFIX)
            request = _parse(body)
            model.validate_request(action, request)
            scope = current_scope()
            caller = caller_of(headers, query)
            for permission in required(action, request, scope):
                refusal = caller.refusal(permission.action, permission.resource, scope.region)
                if refusal is not None:
                    return refusal
            if action in CATALOG_ACTIONS:
                return data_catalog.answer(action, request)
            return _answer(200, self._do(action, request, scope))
        except GlueError as error:
            return _error(error)
        except Exception as error:  # the server goes on; the caller and the log learn of the defect
            traceback.print_exc(file=sys.stderr)
            return _answer(500, {"__type": "InternalServiceException", "Message": f"{type(error).__name__}: {error}"})

    def _do(self, action: str, request: Request, scope: Scope) -> Response:
        glue = self._glue_of(scope)
        if action not in glue.actions:
            raise UnknownOperation(f"{action} is an action of AWS Glue that the Glue on this machine does not have.")
        tags = request.pop("Tags", None) if action in TAGGED else None
        response = glue.actions[action](request)
        if tags:
            glue.tags.put(scope.arn(f"{TAGGED[action]}/{request['Name']}"), tags)
        return response


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
