"""MiniStack's EventBridge and EventBridge Scheduler, as far as this project changes them.

The names that it relies on stand in `ministack_adapter.RELIED_ON`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from local.glue.scope import Scope
from local.ministack_adapter import Answer, Handler, caller_of, current_scope, iam_enforced, resolve

Target = Mapping[str, Any]
Record = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """An event that a rule matched, on its way to one target. `bus` and `rule` are names, `event` is its envelope."""

    scope: Scope
    bus: str
    rule: str
    rule_arn: str
    target: Target
    event: Mapping[str, Any]


class Rules(Protocol):
    """What decides on the targets of rules."""

    def refusal(self, target: Target) -> str | None:
        """Why PutTargets does not take `target`, None where it does."""

    def deliver(self, delivery: Delivery) -> bool:
        """True leaves the delivery to MiniStack; False: it was made, or it failed and that was told."""


class Schedules(Protocol):
    """What fires schedules."""

    def refusal(self, name: str, request: Record) -> str | None:
        """Why CreateSchedule and UpdateSchedule do not take this, None where they do."""

    def changed(self, scope: Scope, key: str) -> None:
        """The schedule `group/name` was created or updated."""


def put_event(scope: Scope, *, source: str, detail_type: str, detail: str) -> None:
    """Put an event of AWS's own on the default bus; its rules have delivered when this returns."""
    _enter(scope)
    entry = {"Source": source, "DetailType": detail_type, "Detail": detail, "Resources": []}
    resolve("ministack.services.eventbridge:_ensure_default_bus")()
    status, _, body = resolve("ministack.services.eventbridge:_put_events")({"Entries": [entry]}, allow_aws_source=True)
    if status != 200 or json.loads(body)["FailedEntryCount"]:
        raise RuntimeError(f"EventBridge refused {detail_type}: {body.decode()}")


def count(scope: Scope, namespace: str, metric: str, dimensions: Mapping[str, str]) -> None:
    """Add one to a metric of CloudWatch that AWS's services write."""
    _enter(scope)
    store = resolve("ministack.services.cloudwatch:_store_datum")
    seconds = resolve("ministack.services.eventbridge:_now_ts")()
    store(namespace, metric, dict(dimensions), seconds, "Count", 1.0, None, None, None)


def service_is_allowed(service: str, action: str, resource: str, *, source_arn: str, scope: Scope) -> bool:
    """Whether the policy of `resource` itself lets the AWS service `service` do `action`, on behalf of `source_arn`.

    Where IAM is not enforced every one does.
    Raises LookupError where the resource is not there.
    """
    _enter(scope)
    owned = resolve("ministack.core.iam_evaluator:_resource_policy")(resource.split(":")[2], resource)
    if owned is None:
        raise LookupError(f"{resource} does not exist.")
    if not iam_enforced():
        return True
    context = resolve("ministack.core.iam_evaluator:EvalContext")(
        principal_arn=service,
        principal_type="Service",
        principal_account=scope.account,
        action=action,
        resource_arn=resource,
        region=scope.region,
        secure_transport=True,  # AWS's services speak TLS to each other
        service_context={"aws:sourcearn": source_arn, "aws:sourceaccount": scope.account},
    )
    evaluate = resolve("ministack.core.iam_evaluator:evaluate_resource_policy")
    return bool(evaluate(owned[0], context, service=service).decision == "Allow")


def schedule(scope: Scope, key: str) -> Record | None:
    """The schedule `group/name` as CreateSchedule stored it, None where it was deleted."""
    stored = resolve("ministack.services.scheduler:_schedules").get_scoped(scope.account, scope.region, key)
    return None if stored is None else dict(stored)


def delete_schedule(scope: Scope, key: str) -> None:
    """Delete a schedule that is there."""
    _enter(scope)
    group, _, name = key.partition("/")
    resolve("ministack.services.scheduler:_delete_schedule")(name, {"groupName": group})


def request_schedule(action: str, name: str, request: Record) -> Answer:
    """CreateSchedule, UpdateSchedule or DeleteSchedule for CloudFormation, in the scope of the request served.

    `request` is the body; of DeleteSchedule, which has none, the query.
    """
    function = {
        "CreateSchedule": "ministack.services.scheduler:_create_schedule",
        "UpdateSchedule": "ministack.services.scheduler:_update_schedule",
        "DeleteSchedule": "ministack.services.scheduler:_delete_schedule",
    }[action]
    status, headers, body = resolve(function)(name, request)
    return int(status), headers, body


def schedule_arn(group: str, name: str) -> str:
    """The ARN of a schedule, in the scope of the request served."""
    return str(resolve("ministack.services.scheduler:_schedule_arn")(group, name))


def install_rules(rules: Rules) -> None:
    """Let `rules` decide on targets and deliveries."""
    eventbridge: Any = import_module("ministack.services.eventbridge")
    invoke, validate = eventbridge._invoke_target, eventbridge._validate_target_arn

    def invoke_target(target: Target, event: Record, rule: Record, view: Any = None) -> None:
        whole = (view or eventbridge._pattern_event_view(event)).event_with_detail()
        delivery = Delivery(
            scope=current_scope(),
            bus=rule.get("EventBusName", "default"),
            rule=rule["Name"],
            rule_arn=rule["Arn"],
            target=target,
            event=whole,
        )
        if rules.deliver(delivery):
            invoke(target, event, rule, view)

    def validate_target(target: Target) -> Any:
        reason = rules.refusal(target)
        refused = resolve("ministack.core.responses:error_response_json")
        return validate(target) if reason is None else refused("ValidationException", reason, 400)

    eventbridge._invoke_target = invoke_target
    eventbridge._validate_target_arn = validate_target
    install_types({"AWS::Events::Rule": _rule_handlers(rules.refusal)})


def install_pass_role() -> None:
    """Let whoever gives EventBridge or its Scheduler a role pass it only with `iam:PassRole`; MiniStack asks nobody.

    As with Glue's types, a template's deployer is not asked.
    """
    handlers = resolve("ministack.app:SERVICE_HANDLERS")
    for service in ("events", "scheduler"):
        handlers[service] = _asking_to_pass_roles(handlers[service], f"{service}.amazonaws.com")


def install_types(handlers: Mapping[str, Mapping[str, Any]]) -> None:
    """Hand CloudFormation's types to `handlers`: by type, what it calls at each step."""
    resolve("ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS").update(handlers)


def _group_handlers() -> dict[str, Any]:
    """MiniStack's handlers of AWS::Scheduler::ScheduleGroup, whose creation takes over a group that is there."""
    kept = resolve("ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS")["AWS::Scheduler::ScheduleGroup"]

    def create(logical_id: str, properties: Record, stack_name: str) -> Any:
        groups = resolve("ministack.services.scheduler:_schedule_groups")
        if properties.get("Name") in groups:
            raise ValueError(f"AWS::Scheduler::ScheduleGroup: Schedule group {properties['Name']} already exists.")
        return kept["create"](logical_id, properties, stack_name)

    return {**kept, "create": create}


def install_schedules(schedules: Schedules) -> None:
    """Let `schedules` fire what is due; MiniStack's own timer, which knows no time zones nor roles, stays off."""
    scheduler: Any = import_module("ministack.services.scheduler")
    scheduler.start_scheduler = lambda: None

    def checked(original: Callable[[str, Record], Answer]) -> Callable[[str, Record], Answer]:
        def change(name: str, request: Record) -> Answer:
            reason = schedules.refusal(name, request)
            if reason is not None:
                return scheduler._error(400, "ValidationException", reason)  # type: ignore[no-any-return] # an Answer
            answer = original(name, request)
            if answer[0] == 200:
                schedules.changed(current_scope(), f"{request.get('GroupName', 'default')}/{name}")
            return answer

        return change

    scheduler._create_schedule = checked(scheduler._create_schedule)
    scheduler._update_schedule = checked(scheduler._update_schedule)
    install_types({"AWS::Scheduler::ScheduleGroup": _group_handlers()})


def _rule_handlers(refusal: Callable[[Target], str | None]) -> dict[str, Callable[..., Any]]:
    """MiniStack's handlers of AWS::Events::Rule, with the checks of PutRule and PutTargets that its creation lacks."""
    kept = resolve("ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS")["AWS::Events::Rule"]

    def create(logical_id: str, properties: Record, stack_name: str) -> Any:
        pattern = properties.get("EventPattern") or ""
        wrong = resolve("ministack.services.eventbridge:_event_pattern_error")(
            json.dumps(pattern) if isinstance(pattern, dict) else pattern
        )
        if wrong:
            raise ValueError(f"AWS::Events::Rule {logical_id}: Event pattern is not valid. Reason: {wrong}")
        for target in properties.get("Targets") or []:
            reason = refusal(target)
            if reason is not None:
                raise ValueError(f"AWS::Events::Rule {logical_id}: {reason}")
        return kept["create"](logical_id, properties, stack_name)

    return {**kept, "create": create}


def _asking_to_pass_roles(original: Handler, service: str) -> Handler:
    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Answer:
        caller = caller_of(headers, query)
        for role in _roles(body):
            passed = {"iam:PassedToService": service}
            refusal = caller.refusal("iam:PassRole", role, current_scope().region, passed)
            if refusal is not None:
                return refusal
        return await original(method, path, headers, body, query)

    return handle


def _roles(body: bytes) -> set[str]:
    """The roles that a request of EventBridge (PutRule, PutTargets) or Scheduler gives."""
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return set()  # the service refuses it
    if not isinstance(request, dict):
        return set()
    givers = [request, request.get("Target"), *(request.get("Targets") or [])]
    return {str(one["RoleArn"]) for one in givers if isinstance(one, dict) and one.get("RoleArn")}


def _enter(scope: Scope) -> None:
    """Account and region of what this thread does next in MiniStack."""
    resolve("ministack.core.responses:set_request_account_id")(scope.account)
    resolve("ministack.core.responses:set_request_region")(scope.region)
