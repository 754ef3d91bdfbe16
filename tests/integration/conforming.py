"""Every answer of Glue that a test's client gets is held against botocore's model: members, types, error codes."""

import json
from typing import Any

from botocore.model import OperationModel

# JSON's types by the model's; a timestamp is a number of seconds in AWS JSON 1.1.
JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "float": (int, float),
    "boolean": (bool,),
    "timestamp": (int, float),
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
}
# The errors that any action may give although the model does not name them at it, each with its source.
COMMON_ERRORS = {
    "AccessDeniedException": "'Common Errors', AWS Glue API",
    "IncompleteSignature": "'Common Errors', AWS Glue API",
    "InternalFailure": "'Common Errors', AWS Glue API",
    "MissingAuthenticationToken": "'Common Errors', AWS Glue API",
    "ThrottlingException": "'Common Errors', AWS Glue API",
    "UnrecognizedClientException": "'Common Errors', AWS Glue API, of JSON services for InvalidClientTokenId",
    # A request that is outside its shape's constraints, as for more than 25 partitions to delete.
    "ValidationException": "'Common Errors', AWS Glue API, as JSON services have it; seen in dbt-labs/dbt-athena 327",
    "UnknownOperationException": "Smithy, 'AWS JSON 1.1 protocol', of an operation that the service does not have",
}


def check_answer(http_response: Any, model: OperationModel, **_: Any) -> None:
    """Raise AssertionError for an answer that botocore's model does not have."""
    body = json.loads(http_response.content or b"{}")
    assert http_response.status_code < 500, f"{model.name} has a defect: {body}"
    if http_response.status_code >= 300:
        known = {shape.name for shape in model.error_shapes} | set(COMMON_ERRORS)
        assert body["__type"] in known, f"{model.name} gives {body['__type']}, the model has {sorted(known)}"
    elif model.output_shape is not None:
        problems = list(differences(body, model.output_shape, model.name))
        assert not problems, "\n".join(problems)


def differences(value: Any, shape: Any, path: str) -> list[str]:
    """What of `value` does not fit the Shape `shape`, a line each."""
    if not _is_of(value, JSON_TYPES[shape.type_name]):
        return [f"{path} is {value!r}, not of type {shape.type_name}"]
    if shape.type_name == "structure":
        found = [f"{path}.{name} is not in the model" for name in value if name not in shape.members]
        for name, member in shape.members.items():
            found += differences(value[name], member, f"{path}.{name}") if name in value else []
        return found
    if shape.type_name == "list":
        return [one for at, item in enumerate(value) for one in differences(item, shape.member, f"{path}[{at}]")]
    if shape.type_name == "map":
        return [one for name, item in value.items() for one in differences(item, shape.value, f"{path}.{name}")]
    return []


def _is_of(value: object, types: tuple[type, ...]) -> bool:
    """Whether a value of JSON is of one of the types; Python takes a boolean for an integer."""
    return isinstance(value, types) and (bool in types or not isinstance(value, bool))
