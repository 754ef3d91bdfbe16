"""The credentials of roles: as boto3 sessions for this process, and from a loopback URL for the processes of runs.

The URL speaks the protocol of ECS's container credentials, which every AWS SDK knows ('Container credential
provider', AWS SDKs and Tools Reference Guide), so a run renews its credentials by itself.
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
from botocore.session import get_session

from local.ministack_adapter import RoleCredentials

PATH = "/_glue/credentials"
SECONDS_VALID = 3600.0
# Renewed when less than this is left, so that a client that fetches them once more gets fresh ones.
SECONDS_LEFT_AT_LEAST = 900.0

AssumeRole = Callable[[str, str, float], RoleCredentials]


@dataclass
class _Grant:
    role_arn: str
    session_name: str
    credentials: RoleCredentials


class RoleCredentialsVendor:
    """Hands out temporary credentials of roles that trust `glue.amazonaws.com`, and of no other.

    `assume_role` takes the role's ARN, a session name and a validity in seconds, and raises where the role is
    missing or does not trust the service.
    """

    def __init__(self, endpoint: str, region: str, assume_role: AssumeRole) -> None:
        self._endpoint = endpoint
        self._region = region
        self._assume_role = assume_role
        self._grants: dict[str, _Grant] = {}
        self._lock = threading.Lock()

    def session(self, role_arn: str, session_name: str) -> boto3.Session:
        """A boto3 session with the role's credentials, which renew themselves."""

        def refresh() -> dict[str, str]:
            return _metadata(self._assume_role(role_arn, session_name, SECONDS_VALID))

        core = get_session()
        core.set_config_variable("region", self._region)
        core._credentials = RefreshableCredentials.create_from_metadata(  # type: ignore[attr-defined] # no public way
            metadata=refresh(), refresh_using=refresh, method="glue-role"
        )
        return boto3.Session(botocore_session=core, region_name=self._region)

    def grant(self, role_arn: str, session_name: str) -> dict[str, str]:
        """The environment variables by which one run's process gets the role's credentials, until `revoke`."""
        token = secrets.token_urlsafe(32)
        credentials = self._assume_role(role_arn, session_name, SECONDS_VALID)
        with self._lock:
            self._grants[token] = _Grant(role_arn, session_name, credentials)
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{self._endpoint}{PATH}",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
        }

    def revoke(self, environment: dict[str, str]) -> None:
        """End a grant: its token opens nothing from now on."""
        with self._lock:
            self._grants.pop(environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"], None)

    def answer(self, authorization: str) -> tuple[int, bytes]:
        """What the URL answers to a request with this Authorization header: status and JSON body."""
        with self._lock:
            grant = self._grants.get(authorization)
            if grant is None:
                return 401, json.dumps({"code": "InvalidToken", "message": "No run has this token."}).encode()
            if grant.credentials.expires - time.time() < SECONDS_LEFT_AT_LEAST:
                grant.credentials = self._assume_role(grant.role_arn, grant.session_name, SECONDS_VALID)
            credentials = grant.credentials
        body = {
            "RoleArn": grant.role_arn,
            "AccessKeyId": credentials.access_key,
            "SecretAccessKey": credentials.secret_key,
            "Token": credentials.token,
            "Expiration": _iso(credentials.expires),
        }
        return 200, json.dumps(body).encode()


def _metadata(credentials: RoleCredentials) -> dict[str, str]:
    return {
        "access_key": credentials.access_key,
        "secret_key": credentials.secret_key,
        "token": credentials.token,
        "expiry_time": _iso(credentials.expires),
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
