"""Whether the credentials are those of the environment's account: asked before anything is deployed there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from lake.environment import Environment
from lake.errors import ConfigError

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient

# Set where credentials of one account assume the CDK's roles in another (`cdk bootstrap --trust`).
ACROSS_ACCOUNTS: Final = "LAKE_ACROSS_ACCOUNTS"


def check_account(environment: Environment, profile: str | None, environ: Mapping[str, str]) -> None:
    """Raise ConfigError where the credentials are none, cannot be used, or are of another account than the file's.

    An environment on this machine has keys of its own: nothing is asked.
    """
    if environment.is_local or environ.get(ACROSS_ACCOUNTS):
        return
    from botocore.exceptions import BotoCoreError, ClientError

    from lake.aws import client

    try:
        check_identity(environment, client(environment, "sts", profile=profile))
    except (BotoCoreError, ClientError) as error:
        raise ConfigError(
            f"environment '{environment.name}': AWS does not know who asks: {error}\n"
            "Log in (aws sso login, or aws configure), or name a profile: --profile NAME "
            "(with make: ARGS='--profile NAME')."
        ) from error


def check_identity(environment: Environment, sts: STSClient) -> None:
    """Raise ConfigError where `sts` is asked by another account than the environment's."""
    found = sts.get_caller_identity()["Account"]
    if environment.account is not None and found != environment.account:
        name = environment.name
        raise ConfigError(
            f"environment '{name}' is account {environment.account} (environments/{name}.yaml), "
            f"but the credentials are of account {found}. Nothing was done.\n"
            "Name a profile of that account: --profile NAME (with make: ARGS='--profile NAME'), or correct the file. "
            f"Where the credentials may assume the CDK's roles in that account, set {ACROSS_ACCOUNTS}=1."
        )
