"""The targets of EventBridge Scheduler: API calls that it makes with the schedule's role.

Source: 'Managing targets' in the EventBridge Scheduler user guide: universal targets, whose Input is the action's
request, and templated targets. Of the templated ones, those that this machine can run are in `TEMPLATED`.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.session import get_session
from botocore.validate import ParamValidator

from local.events.targets import queue_url
from local.ministack_events import Target

UNIVERSAL = re.compile(r"arn:aws:scheduler:::aws-sdk:([a-z0-9-]+):([a-z][A-Za-z0-9]*)")
READING = ("get", "describe", "list")
# Text in Input that Scheduler replaces ('Adding context attributes').
CONTEXT = "<aws.scheduler.{name}>"


@dataclass(frozen=True)
class Call:
    """One API call: of `method` of boto3's client of `service`."""

    service: str
    method: str
    parameters: Mapping[str, Any]


Templated = Callable[[Target, str, str], Call]

# By the service in the target's ARN: what is called, of the target, its input, and the endpoint.
TEMPLATED: dict[str, Templated] = {
    "events": lambda target, text, endpoint: Call(
        "events",
        "put_events",
        {"Entries": [{**target.get("EventBridgeParameters", {}), "Detail": text, "EventBusName": target["Arn"]}]},
    ),
    "lambda": lambda target, text, endpoint: Call(
        "lambda", "invoke", {"FunctionName": target["Arn"], "InvocationType": "Event", "Payload": text.encode()}
    ),
    "sns": lambda target, text, endpoint: Call("sns", "publish", {"TopicArn": target["Arn"], "Message": text}),
    "sqs": lambda target, text, endpoint: Call(
        "sqs",
        "send_message",
        {"QueueUrl": queue_url(endpoint, target["Arn"]), "MessageBody": text, **target.get("SqsParameters", {})},
    ),
    "states": lambda target, text, endpoint: Call(
        "stepfunctions", "start_execution", {"stateMachineArn": target["Arn"], "input": text}
    ),
}


def refusal(target: Target) -> str | None:
    """Why CreateSchedule does not take `target`, None where it does."""
    arn = str(target.get("Arn", ""))
    if ":scheduler:::aws-sdk:" not in arn:
        service = arn.split(":")[2] if arn.count(":") >= 5 else arn
        if service in TEMPLATED:
            return None
        return (
            f"Provided Arn {arn} is no target on this machine: universal targets "
            f"(arn:aws:scheduler:::aws-sdk:SERVICE:apiAction) and {', '.join(sorted(TEMPLATED))} are."
        )
    try:
        operation = _operation(arn)
        problems = ParamValidator().validate(json.loads(target.get("Input") or "{}"), operation.input_shape)
    except ValueError as problem:
        return str(problem)
    return f"Invalid RequestJson provided. Reason {problems.generate_report()}" if problems.has_errors() else None


def call(target: Target, endpoint: str, context: Mapping[str, str]) -> Call:
    """What to call for `target`; `context` has the values of Scheduler's context attributes, by name."""
    arn, text = str(target["Arn"]), str(target.get("Input") or "{}")
    for name, value in context.items():
        text = text.replace(CONTEXT.format(name=name), value)
    universal = UNIVERSAL.fullmatch(arn)
    if universal is None:
        return TEMPLATED[arn.split(":")[2]](target, text, endpoint)
    return Call(universal[1], xform_name(_operation(arn).name), json.loads(text))


def make(one: Call, session: boto3.Session, endpoint: str) -> None:
    """Make the call with the role's credentials. Raises botocore's errors; the SDK itself tries once."""
    from botocore.config import Config

    config = Config(retries={"total_max_attempts": 1, "mode": "standard"})
    # The service is the schedule's choice, so boto3's overloads by name cannot be picked.
    client: Any = session.client(one.service, endpoint_url=endpoint, config=config)  # type: ignore[call-overload]
    getattr(client, one.method)(**one.parameters)


def _operation(arn: str) -> Any:
    """botocore's model of a universal target's action. Raises ValueError that says why there is none."""
    universal = UNIVERSAL.fullmatch(arn)
    if universal is None:
        raise ValueError(f"Provided Arn {arn} is not in the form arn:aws:scheduler:::aws-sdk:SERVICE:apiAction.")
    service, action = universal.groups()
    if action.startswith(READING):
        raise ValueError(f"Provided Arn {arn} is a read-only action: {', '.join(READING)} actions are no targets.")
    try:
        model = get_session().get_service_model(service)
    except UnknownServiceError as problem:
        raise ValueError(f"Provided Arn {arn} names the service {service}, which there is not.") from problem
    name = action[0].upper() + action[1:]
    if name not in model.operation_names:
        raise ValueError(f"Provided Arn {arn} names the action {action}, which {service} has not.")
    return model.operation_model(name)
