"""AWS clients of an environment. For a local one nothing comes from the shell, and nothing leaves this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from lake.environment import Environment, endpoint_url

if TYPE_CHECKING:
    from boto3.session import Session

# The emulator's own keys, known to everyone: they open nothing outside this machine.
LOCAL_ACCESS_KEY_ID: Final = "test"
LOCAL_SECRET_ACCESS_KEY: Final = "test"

# What would bring credentials, endpoints or proxies of the shell into a local environment's processes.
SHELL_SETTINGS: Final = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_CA_BUNDLE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
)


def session_for(environment: Environment, profile: str | None = None) -> Session:
    """Return a boto3 session with the environment's region, and for a local one its keys and nothing of the shell's."""
    import boto3.session

    if not environment.is_local:
        return boto3.session.Session(profile_name=profile, region_name=environment.region)
    from botocore.session import Session as BotocoreSession

    nothing = (None, None, None, None)
    deaf = BotocoreSession(
        session_vars={
            "profile": nothing,
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
    )
    return boto3.session.Session(
        aws_access_key_id=LOCAL_ACCESS_KEY_ID,
        aws_secret_access_key=LOCAL_SECRET_ACCESS_KEY,
        region_name=environment.region,
        botocore_session=deaf,
    )


def client(
    environment: Environment,
    service: str,
    *,
    profile: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Any:
    """Return a boto3 client for `service` in the environment. Raises ConfigError for a local endpoint off loopback."""
    from botocore.config import Config

    # botocore knows the services by name; the stubs would have each as a literal.
    session: Any = session_for(environment, profile)
    url = endpoint_url(environment, environ)
    if url is None:
        return session.client(service)
    # No proxy stands between this machine and itself; path style, for no name server knows bucket.localhost.
    config = Config(proxies={}, s3={"addressing_style": "path"})
    return session.client(service, endpoint_url=url, config=config)


def process_environment(environment: Environment, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables with which a child process reaches the environment's AWS, and no other."""
    url = endpoint_url(environment, environ)
    if url is None:
        region = {"AWS_REGION": environment.region} if environment.region else {}
        return {**environ, **region}
    kept = {
        name: value
        for name, value in environ.items()
        if name not in SHELL_SETTINGS and not name.startswith("AWS_ENDPOINT_URL")
    }
    return {
        **kept,
        "AWS_ENDPOINT_URL": url,
        "AWS_ENDPOINT_URL_S3": url,
        "AWS_ACCESS_KEY_ID": LOCAL_ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": LOCAL_SECRET_ACCESS_KEY,
        "AWS_REGION": environment.region or "us-east-1",
        "AWS_DEFAULT_REGION": environment.region or "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
