"""Credentials and the environment's account: STS's answers are scripted."""

from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError

import lake.aws
from lake.account import ACROSS_ACCOUNTS, check_account, check_identity
from lake.environment import Environment, load_environment
from lake.errors import ConfigError

DEV = load_environment("dev")


class Sts:
    """Answers GetCallerIdentity as AWS does, or with an error."""

    def __init__(self, account: str = "", error: Exception | None = None) -> None:
        self.account = account
        self.error = error

    def get_caller_identity(self) -> dict[str, str]:
        if self.error is not None:
            raise self.error
        return {"Account": self.account}


def in_account(account: str | None) -> Environment:
    return DEV.model_copy(update={"account": account})


def answering(sts: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Have every client be `sts`; the arguments that clients were made with."""
    made: list[Any] = []

    def client(*arguments: Any, **options: Any) -> Any:
        made.append((arguments, options))
        return sts

    monkeypatch.setattr(lake.aws, "client", client)
    return made


def test_credentials_of_another_account_are_refused_with_both_accounts_and_what_to_do() -> None:
    sts: Any = Sts("222222222222")
    with pytest.raises(ConfigError) as refused:
        check_identity(in_account("111111111111"), sts)
    assert str(refused.value) == (
        "environment 'dev' is account 111111111111 (environments/dev.yaml), but the credentials are of account "
        "222222222222. Nothing was done.\n"
        "Name a profile of that account: --profile NAME (with make: ARGS='--profile NAME'), or correct the file. "
        "Where the credentials may assume the CDK's roles in that account, set LAKE_ACROSS_ACCOUNTS=1."
    )


@pytest.mark.parametrize("account", ["222222222222", None])
def test_credentials_of_the_environments_account_pass(account: str | None) -> None:
    sts: Any = Sts("222222222222")
    check_identity(in_account(account), sts)


def test_without_credentials_it_says_how_to_get_some(monkeypatch: pytest.MonkeyPatch) -> None:
    made = answering(Sts(error=NoCredentialsError()), monkeypatch)
    with pytest.raises(ConfigError, match=r"(?s)environment 'dev': .*Unable to locate credentials.*aws sso login"):
        check_account(DEV, "someone", {})
    assert made == [((DEV, "sts"), {"profile": "someone"})]


@pytest.mark.parametrize(
    ("environment", "environ"), [(load_environment("local"), {}), (in_account("111111111111"), {ACROSS_ACCOUNTS: "1"})]
)
def test_nobody_is_asked_on_this_machine_nor_where_roles_are_assumed(
    environment: Environment, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = answering(Sts("222222222222"), monkeypatch)
    check_account(environment, None, environ)
    assert made == []
