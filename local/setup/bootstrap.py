"""Whether the CDK's bootstrap stack is there. Runs on the venv's Python."""

from __future__ import annotations

from lake.aws import client
from lake.environment import load_environment
from lake.errors import ConfigError
from local.setup.errors import SetupError

TOOLKIT_STACK = "CDKToolkit"
FINISHED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


def is_bootstrapped(env: str) -> bool:
    """Whether the environment's account and region have a finished bootstrap stack, of whatever version.

    Raises SetupError where that cannot be asked.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        stacks = client(load_environment(env), "cloudformation").describe_stacks(StackName=TOOLKIT_STACK)["Stacks"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "ValidationError":  # CloudFormation's "does not exist"
            return False
        raise SetupError(f"AWS of environment '{env}' refused: {error}") from error
    except BotoCoreError as error:
        raise SetupError(f"AWS of environment '{env}' was not reached: {error} Run it again.") from error
    except ConfigError as error:
        raise SetupError(str(error)) from error
    return any(stack["StackStatus"] in FINISHED for stack in stacks)
