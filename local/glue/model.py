"""botocore's model of Glue: the one place that says which actions, members and errors exist."""

from functools import cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel
from botocore.validate import ParamValidator

from local.glue.errors import InvalidInput, UnknownOperation


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
    """Raise InvalidInput where `request` does not fit the action's input shape."""
    shape = operation(action).input_shape
    if shape is None:
        return
    report = ParamValidator().validate(request, shape)
    if report.has_errors():
        raise InvalidInput(report.generate_report())


def members(shape: str, given: dict[str, Any]) -> dict[str, Any]:
    """`given` without what is None or is not a member of the output shape named `shape`."""
    known = service_model().shape_for(shape).members  # type: ignore[attr-defined] # a structure, by its name
    return {name: value for name, value in given.items() if name in known and value is not None}
