"""What keeps a deployed environment: against its stacks' removal, and against roles that may more than they should."""

from __future__ import annotations

from typing import TypedDict

import aws_cdk as cdk

from lake.environment import Environment


class Guards(TypedDict, total=False):
    """What a stack is given beside what it holds."""

    termination_protection: bool
    permissions_boundary: cdk.PermissionsBoundary


def guards(environment: Environment) -> Guards:
    """Return what guards each stack: CloudFormation refuses to delete it, one policy bounds every role in it."""
    given: Guards = {"termination_protection": environment.termination_protection}
    if environment.permissions_boundary is not None:
        given["permissions_boundary"] = cdk.PermissionsBoundary.from_name(environment.permissions_boundary)
    return given


def removal_policy(environment: Environment) -> cdk.RemovalPolicy:
    """Return the CDK's policy for the environment's `removal_policy`; a bucket goes only when it is empty."""
    return {
        "retain": cdk.RemovalPolicy.RETAIN,
        "destroy": cdk.RemovalPolicy.DESTROY,
    }[environment.removal_policy]
