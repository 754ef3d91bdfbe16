"""Every name inside MiniStack that this project relies on, and nothing else about MiniStack.

`RELIED_ON` lists the names; a test resolves each of them, so a new MiniStack version that moved one says which.
MiniStack keeps S3, IAM, STS, KMS, CloudFormation, CloudWatch Logs and the Data Catalog; `install` gives Glue's
other actions, its authorization and its CloudFormation types to local Glue.
"""

import json
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from local.glue.errors import GlueError
from local.glue.scope import Scope
from local.settings import ACCOUNT, HOST, REGION

RELIED_ON = (
    "ministack.app:AUTH",
    "ministack.app:SERVICE_HANDLERS",
    "ministack.app:app",
    "ministack.app:pin_request_origin",
    "ministack.core.iam_actions:access_denied_response",
    "ministack.core.iam_actions:extract_iam_action",
    "ministack.core.iam_actions:request_tag_context",
    "ministack.core.iam_evaluator:AuthError",
    "ministack.core.iam_evaluator:EvalContext",
    "ministack.core.iam_evaluator:_resource_policy",
    "ministack.core.iam_evaluator:enforce",
    "ministack.core.iam_evaluator:evaluate_resource_policy",
    "ministack.core.iam_evaluator:evaluate_trust_policy",
    "ministack.core.responses:error_response_json",
    "ministack.core.responses:get_account_id",
    "ministack.core.responses:get_region",
    "ministack.core.responses:set_request_account_id",
    "ministack.core.responses:set_request_region",
    "ministack.core.router:extract_access_key_id",
    "ministack.services.cloudformation.provisioners:_CUSTOM_NAME_REPLACEMENT",
    "ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS",
    "ministack.services.cloudwatch:_store_datum",
    "ministack.services.eventbridge:_ensure_default_bus",
    "ministack.services.eventbridge:_event_pattern_error",
    "ministack.services.eventbridge:_invoke_target",
    "ministack.services.eventbridge:_now_ts",
    "ministack.services.eventbridge:_pattern_event_view",
    "ministack.services.eventbridge:_put_events",
    "ministack.services.eventbridge:_validate_target_arn",
    "ministack.services.iam:_aws_managed_policies",
    "ministack.services.iam:_make_aws_managed_record",
    "ministack.services.glue:_batch_update_partition",
    "ministack.services.glue:_create_database",
    "ministack.services.glue:_create_partition",
    "ministack.services.glue:_create_table",
    "ministack.services.glue:_databases",
    "ministack.services.glue:_delete_database",
    "ministack.services.glue:_delete_partition",
    "ministack.services.glue:_delete_table",
    "ministack.services.glue:_get_partition",
    "ministack.services.glue:_partition_indexes",
    "ministack.services.glue:_partitions",
    "ministack.services.glue:_tables",
    "ministack.services.glue:_update_database",
    "ministack.services.glue:_update_table",
    "ministack.services.iam:_roles",
    "ministack.services.scheduler:_create_schedule",
    "ministack.services.scheduler:_delete_schedule",
    "ministack.services.scheduler:_error",
    "ministack.services.scheduler:_schedule_arn",
    "ministack.services.scheduler:_schedule_groups",
    "ministack.services.scheduler:_schedules",
    "ministack.services.scheduler:_update_schedule",
    "ministack.services.scheduler:start_scheduler",
    "ministack.services.sts:register_session",
)

Answer = tuple[int, dict[str, str], bytes]
Handler = Callable[[str, str, dict[str, str], bytes, dict[str, list[str]]], Awaitable[Answer]]


def resolve(name: str) -> Any:
    """The thing that an entry of RELIED_ON names. Raises ImportError or AttributeError where MiniStack moved it."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def _module(name: str) -> Any:
    """A module as something whose names may be replaced."""
    return import_module(name)


def environment(*, port: int, iam: bool = True) -> dict[str, str]:
    """The environment variables that MiniStack must be imported under: loopback only, IAM enforced or not."""
    return {
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "AUTH": "true" if iam else "false",
        "IOT_MTLS_ENABLED": "false",  # else it listens on every interface, port 8883
        "SFTP_ENABLED": "false",
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "LOG_LEVEL": os.environ.get("LAKE_LOG_LEVEL", "WARNING"),
        "DOCKER_HOST": f"tcp://{HOST}:9",  # the discard port: containers are never looked for
    }


def iam_enforced() -> bool:
    """Whether callers need permissions. Where they do not, a role need not trust who assumes it, either."""
    return bool(resolve("ministack.app:AUTH"))


@dataclass(frozen=True)
class RoleCredentials:
    """Temporary credentials of a role; `expires` is in seconds since the epoch."""

    access_key: str
    secret_key: str
    token: str
    expires: float


class RoleNotAssumable(GlueError):
    """The role is missing, or its trust policy does not name the service."""

    code = "InvalidInputException"


def assume_role(
    role_arn: str,
    *,
    session_name: str,
    service: str,
    seconds: float,
    policy: str | None = None,
    source_arn: str | None = None,
) -> RoleCredentials:
    """Credentials of `role_arn`, as the AWS service `service` gets them, valid for `seconds`.

    They allow no more than the session policy `policy` does, where there is one. `source_arn` is what the service acts
    for, which trust policies know as `aws:SourceArn`.
    Raises RoleNotAssumable where the role does not exist or its trust policy does not let the service in.
    """
    account, role_name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    role = resolve("ministack.services.iam:_roles").get_scoped(account, None, role_name)
    if role is None:
        raise RoleNotAssumable(f"Role {role_arn} does not exist.")
    document = role.get("AssumeRolePolicyDocument", "{}")
    if iam_enforced() and not _trusts(document, role_arn, account, service, source_arn):
        raise RoleNotAssumable(
            f"Service is unable to assume provided role {role_arn}: its trust policy does not name {service}."
        )
    credentials = RoleCredentials(
        access_key="ASIA" + secrets.token_hex(8).upper(),
        secret_key=secrets.token_urlsafe(30),
        token=secrets.token_urlsafe(96),
        expires=time.time() + seconds,
    )
    resolve("ministack.services.sts:register_session")(
        credentials.access_key,
        {
            "Arn": f"arn:aws:sts::{account}:assumed-role/{role_name}/{session_name}",
            "UserId": f"{role.get('RoleId', 'AROA')}:{session_name}",
            "SecretAccessKey": credentials.secret_key,
            "SessionToken": credentials.token,
            "Expiration": credentials.expires,
            "AccountId": account,
            "PrincipalType": "AssumedRole",
            "SessionPolicies": {"Policy": policy, "PolicyArns": []} if policy else None,
        },
    )
    return credentials


def _trusts(document: str | dict[str, Any], role_arn: str, account: str, service: str, source_arn: str | None) -> bool:
    """Whether a trust policy names `service`; its conditions are MiniStack's to evaluate.

    MiniStack knows no service as a caller: it lets the account's root through where a service is named. So the
    statements that name this service are picked out here, and the rest is evaluated there.
    """
    parsed = json.loads(document) if isinstance(document, str) else document
    statements = parsed.get("Statement", [])
    statements = [statements] if isinstance(statements, dict) else statements
    named = [statement for statement in statements if _names_service(statement.get("Principal", {}), service)]
    context = resolve("ministack.core.iam_evaluator:EvalContext")(
        principal_arn=f"arn:aws:iam::{account}:root",
        principal_type="Root",
        principal_account=account,
        action="sts:AssumeRole",
        resource_arn=role_arn,
        region=REGION,
        service_context={"aws:sourceaccount": account} | ({"aws:sourcearn": source_arn} if source_arn else {}),
    )
    evaluate = resolve("ministack.core.iam_evaluator:evaluate_trust_policy")
    return bool(evaluate({"Statement": named}, f"arn:aws:iam::{account}:root", context))


def _names_service(principal: object, service: str) -> bool:
    if principal == "*":
        return True
    services = principal.get("Service", []) if isinstance(principal, dict) else []
    return service in ([services] if isinstance(services, str) else services)


def current_scope() -> Scope:
    """The account and region of the request that is being served."""
    account = resolve("ministack.core.responses:get_account_id")()
    return Scope(account=account, region=resolve("ministack.core.responses:get_region")())


@dataclass(frozen=True)
class Caller:
    """Who sent a request, by its headers."""

    headers: Mapping[str, str]
    access_key: str

    def refusal(self, action: str, resource: str, region: str, context: Mapping[str, Any]) -> Answer | None:
        """None where IAM allows `action` (such as `glue:GetTable`) on the ARN `resource`, else the answer to send.

        `context` holds what the condition keys of the action are in this request. Where IAM is not enforced everything
        is allowed.
        """
        if not iam_enforced():
            return None
        service = action.partition(":")[0]
        denied = resolve("ministack.core.iam_evaluator:enforce")(
            self.access_key, action, service, region, resource_arn=resource, service_context=dict(context)
        )
        if denied is None:
            return None
        answer = resolve("ministack.core.iam_actions:access_denied_response")
        if isinstance(denied, resolve("ministack.core.iam_evaluator:AuthError")):
            status, headers, body = answer(
                "glue", action, "", "", error_code=denied.code, message=denied.message, headers=self.headers
            )
            return int(status), headers, body
        explicit = " with an explicit deny in an identity-based policy"
        implicit = f" because no identity-based policy allows the {action} action"
        message = f"User: {denied.principal_arn} is not authorized to perform: {action} on resource: {resource}" + (
            explicit if denied.decision == "Deny" else implicit
        )
        body = json.dumps({"__type": "AccessDeniedException", "Message": message}).encode()
        return (
            400,
            {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": "AccessDeniedException"},
            body,
        )


def caller_of(headers: dict[str, str], query: dict[str, list[str]]) -> Caller:
    """The caller of the request that is being served."""
    return Caller(
        headers=headers,
        access_key=resolve("ministack.core.router:extract_access_key_id")(headers, query) or "",
    )


def catalog_stores() -> dict[str, Any]:
    """MiniStack's Data Catalog, by the names of `local.glue.data_catalog.stores.Stores`; its Athena reads the same.

    Each holds the things of the account and region of the request that is being served.
    """
    glue = _module("ministack.services.glue")
    return {
        "databases": glue._databases,
        "tables": glue._tables,
        "partitions": glue._partitions,
        "indexes": glue._partition_indexes,
    }


# By which functions its CloudFormation changes the catalog, and the action that each is.
CATALOG_FUNCTIONS = {
    "_batch_update_partition": "BatchUpdatePartition",
    "_create_database": "CreateDatabase",
    "_create_partition": "CreatePartition",
    "_create_table": "CreateTable",
    "_delete_database": "DeleteDatabase",
    "_delete_partition": "DeletePartition",
    "_delete_table": "DeleteTable",
    "_get_partition": "GetPartition",
    "_update_database": "UpdateDatabase",
    "_update_table": "UpdateTable",
}


def _without_what_is_not_there(value: Any) -> Any:
    """CloudFormation here gives null for a property that was removed, and the owner "": the API takes neither."""
    if isinstance(value, list):
        return [_without_what_is_not_there(one) for one in value]
    if not isinstance(value, dict):
        return value
    there = {name: one for name, one in value.items() if one is not None and (name, one) != ("Owner", "")}
    return {name: _without_what_is_not_there(one) for name, one in there.items()}


def install(
    handler: Handler,
    resource_types: dict[str, dict[str, Callable[..., Any]]],
    catalog: Callable[[str, dict[str, Any]], Answer],
) -> None:
    """Hand Glue to `handler`, CloudFormation's Glue types to `resource_types`, and what it does to the Data Catalog
    to `catalog`, as the action and its request.

    Loopback counts as secure transport, so that bucket policies which ask for TLS hold for every other caller.
    """
    resolve("ministack.app:SERVICE_HANDLERS")["glue"] = handler
    _let_local_glue_authorize()
    _let_local_glue_change_the_catalog(catalog)
    _trust_loopback()
    _know_the_namespace_of_metrics()
    resolve("ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS").update(resource_types)
    # Local Glue's own update handlers say what a change replaces.
    replaced_by_name = resolve("ministack.services.cloudformation.provisioners:_CUSTOM_NAME_REPLACEMENT")
    for resource_type in resource_types:
        replaced_by_name.pop(resource_type, None)


def add_managed_policies(documents: Mapping[str, dict[str, Any]]) -> None:
    """Policies that AWS keeps and MiniStack lacks: a role that names one would have none of its permissions."""
    policies = resolve("ministack.services.iam:_aws_managed_policies")
    for name, document in documents.items():
        record = resolve("ministack.services.iam:_make_aws_managed_record")(name, json.dumps(document))
        policies[record["Arn"]] = record


def _let_local_glue_authorize() -> None:
    iam_actions = _module("ministack.core.iam_actions")
    original = iam_actions.extract_iam_action

    def extract(service: str, *args: Any) -> str | None:
        # None makes MiniStack authenticate the caller only: its mapping of Glue's actions to resources is not AWS's.
        return None if service == "glue" else original(service, *args)

    iam_actions.extract_iam_action = extract


def _let_local_glue_change_the_catalog(catalog: Callable[[str, dict[str, Any]], Answer]) -> None:
    def done_as(action: str) -> Callable[[dict[str, Any]], Answer]:
        return lambda request: catalog(action, _without_what_is_not_there(request))

    glue = _module("ministack.services.glue")
    for name, action in CATALOG_FUNCTIONS.items():
        setattr(glue, name, done_as(action))


def _trust_loopback() -> None:
    app = _module("ministack.app")
    original = app.pin_request_origin

    def pin(source_ip: str, secure_transport: bool) -> None:
        original(source_ip, secure_transport or source_ip == HOST)

    app.pin_request_origin = pin


def _know_the_namespace_of_metrics() -> None:
    """PutMetricData has no resource: only its condition key tells the metrics of one role from another's.

    Of the protocols that CloudWatch speaks, this reads the two that today's boto3 and the older SDKs send: JSON, Query.
    """
    iam_actions = _module("ministack.core.iam_actions")
    original = iam_actions.request_tag_context

    def context(service: str, action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        known: dict[str, Any] = original(service, action, body, params)
        if action != "cloudwatch:PutMetricData":
            return known
        given = json.loads(body) if body[:1] == b"{" else params
        namespace = given.get("Namespace")
        return {**known, "cloudwatch:namespace": namespace[0] if isinstance(namespace, list) else namespace}

    iam_actions.request_tag_context = context
