"""botocore's model of Glue: the one place that says which actions, members and errors exist."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.validate import ParamValidator

from local.glue.errors import InvalidRequest, UnknownOperation


@cache
def service_model() -> ServiceModel:
    """The `glue` model of the botocore that is installed."""
    return botocore.session.get_session().get_service_model("glue")


def operation(action: str) -> OperationModel:
    """The model of one action. Raises UnknownOperation where AWS Glue has no such action."""
    if action not in service_model().operation_names:
        raise UnknownOperation(f"AWS Glue has no action {action!r}.")
    return service_model().operation_model(action)


def validate_request(action: str, request: dict[str, Any]) -> None:
    """Raise InvalidRequest where `request` does not fit the action's input shape, or holds more than it allows."""
    shape = operation(action).input_shape
    if shape is None:
        return
    report = ParamValidator().validate(request, shape)
    if report.has_errors():
        raise InvalidRequest(report.generate_report())
    if excess := too_much(request, shape, ""):
        noun = "error" if len(excess) == 1 else "errors"
        raise InvalidRequest(f"{len(excess)} validation {noun} detected: {'; '.join(excess)}")


def too_much(value: Any, shape: Shape, path: str) -> list[str]:
    """What of `value` is longer or higher than `shape` allows, which botocore does not check, in AWS's words."""
    kind = shape.type_name
    found = []
    limit = shape.metadata.get("max")
    if limit is not None and kind in ("list", "map", "string") and len(value) > limit:
        found.append(f"Value at '{path}' failed to satisfy constraint: Member must have length <= {limit}")
    if limit is not None and kind in ("integer", "long", "double", "float") and value > limit:
        found.append(f"Value at '{path}' failed to satisfy constraint: Member must have value <= {limit}")
    return found + [one for inner, part, at in _parts(value, shape, path) for one in too_much(inner, part, at)]


def _parts(value: Any, shape: Any, path: str) -> Iterator[tuple[Any, Shape, str]]:
    match shape.type_name:
        case "structure":
            for name, inner in value.items():
                yield inner, shape.members[name], f"{path}.{name}".lstrip(".")
        case "list":
            for at, inner in enumerate(value):
                yield inner, shape.member, f"{path}.{at + 1}"
        case "map":
            for name, inner in value.items():
                yield inner, shape.value, f"{path}.{name}"


def members(shape: str, given: dict[str, Any]) -> dict[str, Any]:
    """`given` without what is None or is not a member of the output shape named `shape`."""
    known = service_model().shape_for(shape).members  # type: ignore[attr-defined] # a structure, by its name
    return {name: value for name, value in given.items() if name in known and value is not None}
