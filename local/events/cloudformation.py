"""CloudFormation's AWS::Scheduler::Schedule: every property of the template reaches EventBridge Scheduler.

Source: the AWS CloudFormation template reference: Ref gives the name, Fn::GetAtt the Arn; Name and GroupName replace.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from local.ministack_events import Record, request_schedule, schedule_arn

Created = tuple[str, dict[str, Any]]


def handlers() -> dict[str, dict[str, Any]]:
    """What CloudFormation calls, by type and step."""
    table: dict[str, Callable[..., Any] | bool] = {
        "create": _create,
        "update": _update,
        "update_with_logical_id": True,
        "delete": _delete,
    }
    return {"AWS::Scheduler::Schedule": table}


def _create(logical_id: str, properties: Record, stack_name: str) -> Created:
    name = _name(logical_id, properties, stack_name)
    _do("CreateSchedule", name, _request(properties))
    return name, {"Arn": schedule_arn(_group(properties), name)}


def _update(physical_id: str, old: Record, new: Record, stack_name: str, logical_id: str | None = None) -> Created:
    name = _name(logical_id or physical_id, new, stack_name)
    if (name, _group(new)) != (physical_id, _group(old)):
        created = _create(logical_id or physical_id, new, stack_name)
        _delete(physical_id, old)
        return created
    _do("UpdateSchedule", name, _request(new))
    return name, {"Arn": schedule_arn(_group(new), name)}


def _delete(physical_id: str, properties: Record) -> None:
    # Deleted by hand, the stack's deletion goes on: what it answers does not matter.
    request_schedule("DeleteSchedule", physical_id, {"groupName": _group(properties)})


def _do(action: str, name: str, request: Record) -> None:
    status, _, body = request_schedule(action, name, request)
    if status != 200:
        raise ValueError(f"AWS::Scheduler::Schedule {name}: {json.loads(body).get('Message')}")


def _name(logical_id: str, properties: Record, stack_name: str) -> str:
    return str(properties.get("Name") or f"{stack_name}-{logical_id}"[:64])


def _group(properties: Record) -> str:
    return str(properties.get("GroupName") or "default")


def _request(properties: Record) -> Record:
    """Properties as the API's request has them: times in seconds, numbers that a template gave as text as numbers."""
    request = {name: value for name, value in properties.items() if name != "Name"}
    for name in ("StartDate", "EndDate"):
        if name in request:
            request[name] = _seconds(str(request[name]))
    target = dict(request.get("Target") or {})
    if "RetryPolicy" in target:
        target["RetryPolicy"] = {name: int(value) for name, value in target["RetryPolicy"].items()}
    return {**request, "Target": target}


def _seconds(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
