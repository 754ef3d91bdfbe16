"""Whether the CDK's bootstrap stack is there. Runs on the venv's Python."""

from __future__ import annotations

from lake.aws import client
from lake.environment import load_environment

TOOLKIT_STACK = "CDKToolkit"
FINISHED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


def is_bootstrapped(env: str) -> bool:
    """Whether the environment's account and region have a finished bootstrap stack, of whatever version."""
    from botocore.exceptions import ClientError

    cloudformation = client(load_environment(env), "cloudformation")
    try:
        stacks = cloudformation.describe_stacks(StackName=TOOLKIT_STACK)["Stacks"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "ValidationError":  # CloudFormation's "does not exist"
            return False
        raise
    return any(stack["StackStatus"] in FINISHED for stack in stacks)
