"""Roles' credentials for the processes of runs: renewed, handed out to the right token only, refused at their end."""

import json
import time
from datetime import datetime

import pytest
from botocore.exceptions import CredentialRetrievalError

from local.glue.credentials import RoleCredentialsVendor
from local.glue.errors import InvalidInput
from local.ministack_adapter import RoleCredentials

ROLE = "arn:aws:iam::000000000000:role/r"
START = 1_800_000_000.0


class Roles:
    """Stands for STS: credentials that are valid for 100 seconds, numbered; none while `problem` is set."""

    def __init__(self) -> None:
        self.given = 0
        self.problem: str | None = None
        self.now = START
        self.policies: list[str | None] = []

    def time(self) -> float:
        return self.now

    def assume(self, role_arn: str, session_name: str, policy: str | None) -> RoleCredentials:
        if self.problem is not None:
            raise InvalidInput(self.problem)
        self.given += 1
        self.policies.append(policy)
        return RoleCredentials(f"KEY{self.given}", "secret", "token", self.now + 100)


@pytest.fixture
def roles(monkeypatch: pytest.MonkeyPatch) -> Roles:
    found = Roles()
    monkeypatch.setattr("local.glue.credentials.time", found)
    return found


@pytest.fixture
def vendor(roles: Roles) -> RoleCredentialsVendor:
    return RoleCredentialsVendor("http://127.0.0.1:1", "us-east-1", roles.assume)


def token(vendor: RoleCredentialsVendor, policy: str | None = None) -> str:
    return vendor.grant(ROLE, "session", policy)["AWS_CONTAINER_AUTHORIZATION_TOKEN"]


def key(vendor: RoleCredentialsVendor, authorization: str) -> str:
    answer = vendor.answer(authorization)
    assert answer is not None
    assert answer[0] == 200
    return str(json.loads(answer[1])["AccessKeyId"])


def test_a_run_gets_the_same_credentials_until_a_quarter_of_their_life_is_left(
    roles: Roles, vendor: RoleCredentialsVendor
) -> None:
    mine = token(vendor)
    assert key(vendor, mine) == "KEY1"
    roles.now = START + 74
    assert key(vendor, mine) == "KEY1"
    roles.now = START + 75
    assert key(vendor, mine) == "KEY2"
    roles.now = START + 149
    assert key(vendor, mine) == "KEY2"
    roles.now = START + 150
    assert key(vendor, mine) == "KEY3"


def test_a_run_is_told_when_its_credentials_expire(roles: Roles, vendor: RoleCredentialsVendor) -> None:
    answer = vendor.answer(token(vendor))
    assert answer is not None
    assert datetime.fromisoformat(json.loads(answer[1])["Expiration"]).timestamp() == START + 100


def test_credentials_that_cannot_be_renewed_are_handed_out_to_their_end_and_then_refused(
    roles: Roles, vendor: RoleCredentialsVendor
) -> None:
    mine = token(vendor)
    roles.problem = "Service is unable to assume provided role r."
    roles.now = START + 99
    assert key(vendor, mine) == "KEY1"
    roles.now = START + 100
    assert vendor.answer(mine) == (
        400,
        b'{"code": "AccessDenied", "message": "Service is unable to assume provided role r."}',
    )
    roles.problem = None
    assert key(vendor, mine) == "KEY2"


def test_a_token_opens_its_own_runs_credentials_until_the_run_has_ended(
    roles: Roles, vendor: RoleCredentialsVendor
) -> None:
    first, second = vendor.grant(ROLE, "s"), vendor.grant(ROLE, "s")
    assert key(vendor, first["AWS_CONTAINER_AUTHORIZATION_TOKEN"]) == "KEY1"
    assert key(vendor, second["AWS_CONTAINER_AUTHORIZATION_TOKEN"]) == "KEY2"
    vendor.revoke(first)
    assert vendor.answer(first["AWS_CONTAINER_AUTHORIZATION_TOKEN"]) is None
    assert vendor.answer("") is None
    assert key(vendor, second["AWS_CONTAINER_AUTHORIZATION_TOKEN"]) == "KEY2"


def test_a_session_policy_holds_for_the_renewed_credentials_too(roles: Roles, vendor: RoleCredentialsVendor) -> None:
    mine = token(vendor, "policy")
    roles.now = START + 90
    assert key(vendor, mine) == "KEY2"
    assert roles.policies == ["policy", "policy"]


def test_a_session_of_a_role_that_is_lost_says_so_in_botocores_way(roles: Roles, vendor: RoleCredentialsVendor) -> None:
    roles.now = time.time()
    session = vendor.session(ROLE, "session")
    roles.problem = "Role r does not exist."
    with pytest.raises(CredentialRetrievalError, match="Role r does not exist"):
        session.client("s3", endpoint_url="http://127.0.0.1:1").list_buckets()
