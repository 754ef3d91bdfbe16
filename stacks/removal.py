"""What becomes of data, keys and logs when their stack goes."""

from __future__ import annotations

import aws_cdk as cdk

from lake.environment import Environment


def removal_policy(environment: Environment) -> cdk.RemovalPolicy:
    """Return the CDK's policy for the environment's `removal_policy`; a bucket goes only when it is empty."""
    return {
        "retain": cdk.RemovalPolicy.RETAIN,
        "destroy": cdk.RemovalPolicy.DESTROY,
    }[environment.removal_policy]
