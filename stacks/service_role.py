"""Roles by which an AWS service does one thing to one resource."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.arns import place_of
from stacks.statements import allow, policy


def service_role(
    scope: Construct, construct_id: str, *, service: str, description: str, sid: str, action: str, resource: str
) -> iam.Role:
    """Return a role that `service` assumes for this account alone, and that allows `action` on `resource`.

    Without the condition another account's rule or schedule could use it ('The confused deputy problem', IAM guide).
    """
    account = {"StringEquals": {"aws:SourceAccount": place_of(scope).account}}
    return iam.Role(
        scope,
        construct_id,
        assumed_by=iam.ServicePrincipal(f"{service}.amazonaws.com", conditions=account),
        description=description,
        inline_policies={sid: policy([allow(sid, [action], [resource])])},
    )
