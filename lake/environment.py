"""Environments: where the lake is deployed, and what differs from one to the next."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from lake.config_file import ROOT, ConfigFile, ConfigModel, config_names
from lake.errors import ConfigError, unknown_name
from lake.names import ENVIRONMENT_PATTERN

ENVIRONMENTS = ROOT / "environments"

# The days that CloudWatch Logs accepts for a log group (PutRetentionPolicy).
RetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]


def _on_loopback(url: str) -> str:
    """Return `url` unchanged, or raise ValueError where its host is not this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback or parts.scheme not in ("http", "https"):
        raise ValueError(f"'{url}' is not on loopback; allowed: http://127.0.0.1:PORT or http://localhost:PORT")
    return url


class Environment(ConfigModel):
    """One environment. With no account or region, those of the CLI's credentials are taken."""

    name: Annotated[str, Field(pattern=rf"^{ENVIRONMENT_PATTERN.pattern}$")]
    account: Annotated[str, Field(pattern=r"^\d{12}$")] | None = None
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] | None = None
    endpoint: Annotated[str, AfterValidator(_on_loopback)] | None = None
    removal_policy: Literal["retain", "destroy"] = "retain"
    log_retention_days: RetentionDays = 90
    max_workers: Annotated[int, Field(ge=2, le=1000)] = 10
    price_per_dpu_hour: Annotated[float, Field(ge=0)] = 0.44
    default_pipeline: str
    tags: dict[str, str] = Field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """Whether AWS is this machine: no account is ever reached."""
        return self.endpoint is not None


def environment_names(folder: Path = ENVIRONMENTS) -> list[str]:
    """Return the names of the known environments, sorted."""
    return config_names(folder)


def load_environment(name: str, folder: Path = ENVIRONMENTS) -> Environment:
    """Return the environment `name`. Raises ConfigError for an unknown name, listing the known ones, or a bad file."""
    known = environment_names(folder)
    if name not in known:
        raise unknown_name("environment", name, known)
    return ConfigFile(folder / f"{name}.yaml").parse(Environment, name=name)


def endpoint_url(environment: Environment, environ: Mapping[str, str]) -> str | None:
    """Return the endpoint that every AWS call of `environment` goes to; None means AWS itself.

    A local environment obeys AWS_ENDPOINT_URL, and raises ConfigError where that is not on loopback.
    """
    if environment.endpoint is None:
        return None
    override = environ.get("AWS_ENDPOINT_URL")
    if not override:
        return environment.endpoint
    try:
        return _on_loopback(override).rstrip("/")
    except ValueError as error:
        raise ConfigError(f"environment '{environment.name}': AWS_ENDPOINT_URL: {error}") from error
