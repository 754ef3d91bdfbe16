"""The targets of EventBridge's rules: which are taken, who may deliver to them, and delivery to a Glue workflow.

Sources: 'Event bus targets' and 'Permissions for EventBridge' in the EventBridge user guide (a queue, topic or function
lets EventBridge in by its own policy, or the target's role does), 'Starting an AWS Glue workflow with an Amazon
EventBridge event' in the Glue guide, 'Using dead-letter queues': what fails for want of a permission or of the target
is never tried again.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from local.glue.errors import EntityNotFound, GlueError
from local.glue.scope import Scope
from local.ministack_events import Delivery, Target

SERVICE = "events.amazonaws.com"
WORKFLOW = "workflow/"
# Where a rule's event can go here, and the action that a target's own policy, or its role, must allow.
ACTIONS = {"lambda": "lambda:InvokeFunction", "sns": "sns:Publish", "sqs": "sqs:SendMessage"}
# Delivered by MiniStack, by the role that the target names; it asks nobody.
OTHERS = ("events", "states")


class NotDelivered(Exception):
    """An event could not be delivered. `code` is the ERROR_CODE of its dead letter."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Permissions(Protocol):
    """IAM, as the targets ask it."""

    def of_role(self, role_arn: str, action: str, resource: str, source_arn: str, scope: Scope) -> str | None:
        """Why EventBridge may not do this for the rule by the role, None where it may.

        Raises GlueError where the role is not there or does not let EventBridge in.
        """

    def of_resource(self, action: str, resource: str, source_arn: str, scope: Scope) -> bool:
        """Whether the resource's own policy lets EventBridge do this for the rule. Raises LookupError without it."""


@dataclass(frozen=True)
class Effects:
    """What the delivery of events does outside of itself."""

    notify: Callable[[Scope, str, str], None]  # a Glue workflow's name, an event's id
    dead_letter: Callable[[Delivery, str, Mapping[str, str]], None]  # body and message attributes
    count: Callable[[Scope, str, Mapping[str, str]], None]  # a metric of AWS/Events
    later: Callable[[Callable[[], object]], None]


class RuleTargets:
    """Takes the targets that can be reached here, and delivers nowhere without permission."""

    def __init__(self, permissions: Permissions, effects: Effects) -> None:
        self._permissions = permissions
        self._effects = effects

    def refusal(self, target: Target) -> str | None:
        """Why PutTargets does not take `target`, None where it does."""
        arn = str(target.get("Arn", ""))
        parts = arn.split(":", 5)
        service, resource = (parts[2], parts[5]) if len(parts) == 6 else ("", "")
        if service == "glue":
            if not resource.startswith(WORKFLOW):
                return f"Parameter {arn} is not valid. Reason: of Glue, only a workflow is a target (…:{WORKFLOW}NAME)."
            return None if target.get("RoleArn") else f"RoleArn is required for target {arn}."
        if service == "events" and not resource.startswith("event-bus/"):
            return f"Parameter {arn} is not valid. Reason: of EventBridge, only a bus is a target on this machine."
        if service and service not in ACTIONS and service not in OTHERS:
            reached = ", ".join(sorted((*ACTIONS, *OTHERS, "glue")))
            return f"Parameter {arn} is not valid. Reason: {service} is no target on this machine, only {reached} are."
        return None

    def deliver(self, delivery: Delivery) -> bool:
        """True where MiniStack is to deliver; a workflow is notified soon, in the order of the events."""
        service = delivery.target["Arn"].split(":")[2]
        if service == "glue":
            self._effects.later(lambda: self._or_dead_letter(delivery, self._notify))
            return False
        return service not in ACTIONS or self._or_dead_letter(delivery, self._authorize)

    def _or_dead_letter(self, delivery: Delivery, attempt: Callable[[Delivery], None]) -> bool:
        try:
            attempt(delivery)
        except NotDelivered as problem:
            # Later: a dead letter is a request to the process that may be serving the event's own just now.
            told = problem
            self._effects.later(lambda: self._tell(delivery, told))
            return False
        return True

    def _authorize(self, delivery: Delivery) -> None:
        arn = delivery.target["Arn"]
        action = ACTIONS[arn.split(":")[2]]
        _require_same_scope(delivery)
        try:
            allowed = self._permissions.of_resource(action, arn, delivery.rule_arn, delivery.scope)
        except LookupError as problem:
            raise NotDelivered("NO_RESOURCE", str(problem)) from problem
        if delivery.target.get("RoleArn"):
            self._authorize_role(delivery, action)
        elif not allowed:
            raise NotDelivered("NO_PERMISSIONS", f"The policy of {arn} does not allow {SERVICE} {action}.")

    def _authorize_role(self, delivery: Delivery, action: str) -> None:
        role, arn = delivery.target["RoleArn"], delivery.target["Arn"]
        try:
            reason = self._permissions.of_role(role, action, arn, delivery.rule_arn, delivery.scope)
        except GlueError as problem:
            raise NotDelivered("NO_PERMISSIONS", problem.message) from problem
        if reason is not None:
            raise NotDelivered("NO_PERMISSIONS", reason)

    def _notify(self, delivery: Delivery) -> None:
        _require_same_scope(delivery)
        self._authorize_role(delivery, "glue:notifyEvent")
        try:
            name = delivery.target["Arn"].split(":", 5)[5].removeprefix(WORKFLOW)
            self._effects.notify(delivery.scope, name, delivery.event["id"])
        except EntityNotFound as problem:
            raise NotDelivered("NO_RESOURCE", problem.message) from problem
        except GlueError as problem:
            raise NotDelivered("ERROR_FROM_TARGET", problem.message) from problem

    def _tell(self, delivery: Delivery, problem: NotDelivered) -> None:
        """The log, CloudWatch's FailedInvocations, and the target's dead-letter queue learn of it."""
        arn = delivery.target["Arn"]
        print(
            f"EventBridge: rule {delivery.rule} could not deliver event {delivery.event['id']} to {arn}: "
            f"{problem.code}: {problem}",
            file=sys.stderr,
        )
        dimensions = {"RuleName": delivery.rule}
        if delivery.bus != "default":
            dimensions["EventBusName"] = delivery.bus
        self._effects.count(delivery.scope, "FailedInvocations", dimensions)
        if delivery.target.get("DeadLetterConfig", {}).get("Arn"):
            attributes = {
                "RULE_ARN": delivery.rule_arn,
                "TARGET_ARN": arn,
                "ERROR_CODE": problem.code,
                "ERROR_MESSAGE": str(problem),
                "RETRY_ATTEMPTS": "0",
            }
            self._effects.dead_letter(delivery, json.dumps(delivery.event), attributes)


def _require_same_scope(delivery: Delivery) -> None:
    """A rule reaches another region or account by a bus there, and nothing else there."""
    _, _, _, region, account, _ = delivery.target["Arn"].split(":", 5)
    if Scope(account=account, region=region) != delivery.scope:
        raise NotDelivered("NO_RESOURCE", f"{delivery.target['Arn']} is not in the account and region of its rule.")


def queue_url(endpoint: str, queue_arn: str) -> str:
    """The URL of a queue on this machine."""
    *_, account, name = queue_arn.split(":")
    return f"{endpoint}/{account}/{name}"


def text_attributes(attributes: Mapping[str, str]) -> dict[str, Any]:
    """Message attributes as SQS takes them."""
    return {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
