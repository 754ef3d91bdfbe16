"""The credentials of roles: as boto3 sessions for this process, and from a loopback URL for the processes of runs.

The URL speaks the protocol of ECS's container credentials, which every AWS SDK knows ('Container credential
provider', AWS SDKs and Tools Reference Guide), so a run renews its credentials by itself. SDKs ask again some minutes
before the expiry (botocore 10 to 15, the Java SDK 1 to 15): of credentials that are valid for less they ask at each
call, and get the same ones until these must be renewed.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import boto3
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import CredentialRetrievalError
from botocore.session import get_session

from local.glue.errors import GlueError
from local.ministack_adapter import RoleCredentials

PATH = "/_glue/credentials"
# Credentials are renewed when less than this share of their life is left: of an hour, a quarter is more than the
# time before the expiry in which any SDK asks for new ones.
SHARE_LEFT_AT_LEAST = 0.25

AssumeRole = Callable[[str, str, str | None], RoleCredentials]


@dataclass
class _Grant:
    """What one run's token opens."""

    role_arn: str
    session_name: str
    policy: str | None
    credentials: RoleCredentials
    renew_at: float


class RoleCredentialsVendor:
    """Hands out temporary credentials of roles that trust `glue.amazonaws.com`, and of no other.

    `assume_role` takes the role's ARN, a session name and a session policy or None, and raises GlueError where the
    role is missing or does not trust the service.
    """

    def __init__(self, endpoint: str, region: str, assume_role: AssumeRole) -> None:
        self._endpoint = endpoint
        self._region = region
        self._assume_role = assume_role
        self._grants: dict[str, _Grant] = {}
        self._lock = threading.Lock()

    def session(self, role_arn: str, session_name: str, policy: str | None = None) -> boto3.Session:
        """A boto3 session with the role's credentials, which renew themselves.

        Raises GlueError where they cannot be had now; a call that cannot renew them raises CredentialRetrievalError.
        """

        def refresh() -> dict[str, str]:
            try:
                return _metadata(self._assume_role(role_arn, session_name, policy))
            except GlueError as problem:
                raise CredentialRetrievalError(provider="glue-role", error_msg=problem.message) from problem

        core = get_session()
        core.set_config_variable("region", self._region)
        core._credentials = RefreshableCredentials.create_from_metadata(  # type: ignore[attr-defined] # no public way
            metadata=_metadata(self._assume_role(role_arn, session_name, policy)),
            refresh_using=refresh,
            method="glue-role",
        )
        return boto3.Session(botocore_session=core, region_name=self._region)

    def grant(self, role_arn: str, session_name: str, policy: str | None = None) -> dict[str, str]:
        """The environment variables by which one run's process gets the role's credentials, until `revoke`.

        Raises GlueError where the role cannot be assumed.
        """
        token = secrets.token_urlsafe(32)
        credentials = self._assume_role(role_arn, session_name, policy)
        with self._lock:
            self._grants[token] = _Grant(role_arn, session_name, policy, credentials, _renewal(credentials))
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{self._endpoint}{PATH}",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
        }

    def revoke(self, environment: dict[str, str]) -> None:
        """End a grant: its token opens nothing from now on."""
        with self._lock:
            self._grants.pop(environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"], None)

    def answer(self, authorization: str) -> tuple[int, bytes] | None:
        """What the URL answers to a request with this Authorization header: status and JSON body.

        None for a token that is not one of these roles'. Credentials that cannot be renewed are handed out as long as
        they are valid; then the answer is the error that AWS gives to Glue, in the protocol's form.
        """
        with self._lock:
            grant = self._grants.get(authorization)
            if grant is None:
                return None
            problem = self._renew(grant) if time.time() >= grant.renew_at else None
            credentials = grant.credentials
        if problem is not None and time.time() >= credentials.expires:
            return 400, json.dumps({"code": "AccessDenied", "message": problem}).encode()
        body = {
            "RoleArn": grant.role_arn,
            "AccessKeyId": credentials.access_key,
            "SecretAccessKey": credentials.secret_key,
            "Token": credentials.token,
            "Expiration": _iso(credentials.expires),
        }
        return 200, json.dumps(body).encode()

    def _renew(self, grant: _Grant) -> str | None:
        """New credentials for a grant, or why there are none."""
        try:
            grant.credentials = self._assume_role(grant.role_arn, grant.session_name, grant.policy)
        except GlueError as problem:
            return problem.message
        grant.renew_at = _renewal(grant.credentials)
        return None


def _renewal(credentials: RoleCredentials) -> float:
    """When credentials that were made now are to be renewed, in seconds since the epoch."""
    now = time.time()
    return now + (credentials.expires - now) * (1 - SHARE_LEFT_AT_LEAST)


def _metadata(credentials: RoleCredentials) -> dict[str, str]:
    return {
        "access_key": credentials.access_key,
        "secret_key": credentials.secret_key,
        "token": credentials.token,
        "expiry_time": _iso(credentials.expires),
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
