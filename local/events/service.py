"""EventBridge and its Scheduler put together: IAM, Glue and MiniStack's services behind the targets."""

import json
import re
import sys
from collections.abc import Callable, Mapping

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local import ministack_adapter, ministack_events
from local.background import Worker
from local.events import cloudformation, invocation, scheduler, targets
from local.glue.clock import Clock
from local.glue.errors import GlueError
from local.glue.events import Detail, StateChanges
from local.glue.scope import Scope
from local.ministack_events import Delivery, Record, Target
from local.settings import ACCESS_KEY, SECRET_KEY

SCHEDULER = "scheduler.amazonaws.com"
SECONDS_VALID = 900.0
SECONDS_USED_AGAIN = 10.0
ROLE_ARN = re.compile(r"arn:aws:iam::\d{12}:role/.+")
# Codes of throttling, which AWS's SDKs try again.
THROTTLED = re.compile(r"Throttl|TooManyRequests|RequestLimitExceeded|SlowDown")


class Events:
    """What local Glue publishes, and what reaches a Glue workflow by a rule or anything by a schedule.

    `notify` tells a Glue workflow of an event: its scope, its name, the event's id.
    """

    def __init__(self, endpoint: str, clock: Clock, notify: Callable[[Scope, str, str], None]) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._bus = Worker("events")
        self._permissions = _Permissions(clock)
        self._rules = targets.RuleTargets(
            self._permissions,
            targets.Effects(
                notify=notify,
                dead_letter=self._rule_dead_letter,
                count=lambda scope, metric, dimensions: ministack_events.count(scope, "AWS/Events", metric, dimensions),
                later=Worker("events to workflows"),
            ),
        )
        self._scheduler = scheduler.Scheduler(
            _Schedules(),
            self._clock,
            scheduler.Effects(
                check_role=_check_role,
                invoke=self._invoke,
                dead_letter=self._schedule_dead_letter,
                count=lambda scope, metric, dimensions: ministack_events.count(
                    scope, "AWS/Scheduler", metric, dimensions
                ),
                later=Worker("schedules"),
            ),
        )

    def install(self) -> None:
        """Put all this into MiniStack, which has been imported."""
        ministack_events.install_rules(self._rules)
        ministack_events.install_schedules(self._scheduler)
        ministack_events.install_types(cloudformation.handlers())
        ministack_events.install_pass_role()

    def state_changes(self, scope: Scope) -> StateChanges:
        """What the Glue of `scope` publishes by: in order, and never in the way of a run."""

        def publish(detail_type: str, detail: Detail) -> None:
            text = json.dumps(detail)
            self._bus(
                lambda: ministack_events.put_event(scope, source="aws.glue", detail_type=detail_type, detail=text)
            )

        return StateChanges(scope.account, scope.region, publish, self._clock)

    def _invoke(self, scope: Scope, target: Target, context: Mapping[str, str]) -> None:
        try:
            call = invocation.call(target, self._endpoint, context)
            invocation.make(call, self._session(scope, target["RoleArn"], context["schedule-arn"]), self._endpoint)
        except GlueError as problem:
            raise scheduler.Failed("AccessDeniedException", problem.message, again=False) from problem
        except ClientError as problem:
            # Which errors AWS tries again is unconfirmed: here its own failures and throttling, as the SDKs do.
            code, status = problem.response["Error"]["Code"], problem.response["ResponseMetadata"]["HTTPStatusCode"]
            again = status >= 500 or status == 429 or THROTTLED.search(code) is not None
            raise scheduler.Failed(code, str(problem), again=again) from problem
        except (BotoCoreError, ValueError) as problem:
            raise scheduler.Failed("ValidationException", str(problem), again=False) from problem

    def _schedule_dead_letter(self, scope: Scope, target: Target, attributes: Mapping[str, str]) -> None:
        queue = target["DeadLetterConfig"]["Arn"]
        try:
            session = self._session(scope, target["RoleArn"], attributes["SCHEDULE_ARN"])
            session.client("sqs", endpoint_url=self._endpoint).send_message(
                QueueUrl=targets.queue_url(self._endpoint, queue),
                MessageBody=str(target.get("Input") or "{}"),
                MessageAttributes=targets.text_attributes(attributes),
            )
        except (GlueError, ClientError, BotoCoreError) as problem:
            print(f"EventBridge Scheduler: no dead letter for {queue}: {problem}", file=sys.stderr)

    def _rule_dead_letter(self, delivery: Delivery, body: str, attributes: Mapping[str, str]) -> None:
        queue = delivery.target["DeadLetterConfig"]["Arn"]
        try:
            allowed = self._permissions.of_resource("sqs:SendMessage", queue, delivery.rule_arn, delivery.scope)
        except LookupError:
            allowed = False
        if not allowed:
            print(f"EventBridge: no dead letter: {queue} is not there or its policy refuses it.", file=sys.stderr)
            return
        sqs = boto3.client(
            "sqs",
            endpoint_url=self._endpoint,
            region_name=delivery.scope.region,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
        )
        url = targets.queue_url(self._endpoint, queue)
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=targets.text_attributes(attributes))

    def _session(self, scope: Scope, role_arn: str, schedule_arn: str) -> boto3.Session:
        """A session of the schedule's role. Raises RoleNotAssumable."""
        credentials = _assume_for_scheduler(role_arn, scope, group=schedule_arn.split("/")[1])
        return boto3.Session(
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret_key,
            aws_session_token=credentials.token,
            region_name=scope.region,
        )


class _Permissions:
    """IAM. A role's credentials are used again for a while: thousands of objects may arrive at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._credentials: dict[tuple[str, str], tuple[float, ministack_adapter.RoleCredentials]] = {}

    def of_role(self, role_arn: str, action: str, resource: str, source_arn: str, scope: Scope) -> str | None:
        caller = ministack_adapter.Caller(headers={}, access_key=self._assume(role_arn, source_arn).access_key)
        refusal = caller.refusal(action, resource, scope.region, {})
        return None if refusal is None else str(json.loads(refusal[2]).get("Message"))

    def of_resource(self, action: str, resource: str, source_arn: str, scope: Scope) -> bool:
        return ministack_events.service_is_allowed(
            targets.SERVICE, action, resource, source_arn=source_arn, scope=scope
        )

    def _assume(self, role_arn: str, source_arn: str) -> ministack_adapter.RoleCredentials:
        until, credentials = self._credentials.get((role_arn, source_arn), (0.0, None))
        if credentials is None or self._clock.now() >= until:
            credentials = ministack_adapter.assume_role(
                role_arn,
                session_name="EventBridge",
                service=targets.SERVICE,
                seconds=SECONDS_VALID,
                source_arn=source_arn,
            )
            self._credentials[role_arn, source_arn] = (self._clock.now() + SECONDS_USED_AGAIN, credentials)
        return credentials


class _Schedules:
    def get(self, scope: Scope, key: str) -> Record | None:
        return ministack_events.schedule(scope, key)

    def delete(self, scope: Scope, key: str) -> None:
        ministack_events.delete_schedule(scope, key)


def _assume_for_scheduler(role_arn: str, scope: Scope, *, group: str) -> ministack_adapter.RoleCredentials:
    """As AWS assumes it: for the schedule's group, not for the schedule ('Confused deputy prevention')."""
    return ministack_adapter.assume_role(
        role_arn,
        session_name="EventBridgeScheduler",
        service=SCHEDULER,
        seconds=SECONDS_VALID,
        source_arn=f"arn:aws:scheduler:{scope.region}:{scope.account}:schedule-group/{group}",
    )


def _check_role(role_arn: str, group: str) -> None:
    """AWS looks when the schedule is made, too."""
    if not ROLE_ARN.fullmatch(role_arn):
        raise ValueError(f"Provided role {role_arn} is not the ARN of a role.")
    try:
        _assume_for_scheduler(role_arn, ministack_adapter.current_scope(), group=group)
    except GlueError as problem:
        raise ValueError(
            f"The execution role you provide must allow AWS EventBridge Scheduler to assume the role. {problem.message}"
        ) from problem
