"""Environments: where the lake is deployed, and what differs from one to the next."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from lake.config_file import ROOT, ConfigFile, config_names
from lake.config_model import ConfigModel, FieldProblem, checked_text, refuse
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


# What every AWS service with tags takes ('Tag naming limits and requirements', AWS General Reference): letters, digits,
# blanks and these signs; keys that begin with aws: are AWS's own. A few services take less: CloudFormation 50 tags.
_TAG_TEXT: Final = re.compile(r"[\w\s+\-=.:/@]*")
MAX_TAGS: Final = 50
MAX_TAG_KEY: Final = 128
MAX_TAG_VALUE: Final = 256
_ALLOWED_IN_TAGS: Final = "letters, digits, blanks and + - = . _ : / @"


ALLOWED_NAMES: Final = "a to z and 0 to 9, a letter first, at most 10"


def _suggested_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())[:10]


EmailAddress = Annotated[
    str, *checked_text("e-mail address", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "NAME@DOMAIN", str.strip)
]


# Of IAM ('CreatePolicy', IAM API reference).
PolicyName = Annotated[
    str,
    *checked_text(
        "name of a policy",
        re.compile(r"[\w+=,.@-]{1,128}", re.ASCII),
        "1 to 128 letters, digits and _ + = , . @ -",
        str.strip,
    ),
]


# 'Bucket naming rules', S3 guide, without the dots that TLS does not go with.
BucketName = Annotated[
    str,
    *checked_text(
        "name of a bucket", re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"), "3 to 63 of a to z, 0 to 9 and -", str.lower
    ),
]
KeyArn = Annotated[
    str,
    *checked_text(
        "ARN of a KMS key",
        re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[0-9a-zA-Z-]+"),
        "arn:aws:kms:REGION:ACCOUNT:key/ID",
        str.strip,
    ),
]


def _taggable(tags: dict[str, str]) -> dict[str, str]:
    """Return the tags unchanged, or raise FieldErrors for those that AWS would refuse."""

    def problems() -> Iterator[FieldProblem]:
        if len(tags) > MAX_TAGS:
            yield FieldProblem((), f"are {len(tags)}; allowed are at most {MAX_TAGS}")
        for key, value in tags.items():
            if key.lower().startswith("aws:"):
                yield FieldProblem((key,), "begins with aws:, which is AWS's own; allowed is any other name")
            elif not (_TAG_TEXT.fullmatch(key) and 0 < len(key) <= MAX_TAG_KEY):
                yield FieldProblem((key,), f"is no tag; allowed: 1 to {MAX_TAG_KEY} {_ALLOWED_IN_TAGS}")
            if not (_TAG_TEXT.fullmatch(value) and len(value) <= MAX_TAG_VALUE):
                message = f"'{value}' is no tag's value; allowed: at most {MAX_TAG_VALUE} {_ALLOWED_IN_TAGS}"
                yield FieldProblem((key,), message)

    refuse(problems())
    return tags


class Upkeep(ConfigModel):
    """How far each job keeps its tables in order, after it has published: small files, snapshots, orphans."""

    snapshots_older_than_days: Annotated[float, Field(ge=1, le=3650)] = 5
    """Snapshots expire when they are older: how far back time travel reaches."""
    min_snapshots_to_keep: Annotated[int, Field(ge=1, le=10_000)] = 20
    """So many stay, however old."""
    small_file_mb: Annotated[int, Field(ge=1, le=512)] = 32
    """Smaller data files are joined."""
    min_small_files: Annotated[int, Field(ge=2, le=1000)] = 10
    """A partition's small files are joined from so many on, looked for once in so many runs."""
    compact_at_most_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 2048
    """What one run joins at most, about; the others' turn comes later."""
    orphans_older_than_days: Annotated[float, Field(ge=7.5, le=3650)] = 8
    """Files that no snapshot names go when they are older: than the longest run that Glue allows, 7 days."""
    orphans_every_days: Annotated[float, Field(ge=0.5, le=365)] = 7
    """How often they are looked for, which lists the tables' files."""


class Environment(ConfigModel):
    """One environment. With no account or region, those of the CLI's credentials are taken."""

    name: Annotated[str, *checked_text("name of an environment", ENVIRONMENT_PATTERN, ALLOWED_NAMES, _suggested_name)]
    account: Annotated[str, Field(pattern=r"^\d{12}$")] | None = None
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] | None = None
    endpoint: Annotated[str, AfterValidator(_on_loopback)] | None = None
    """Of AWS on this machine; an environment in an account has none."""
    removal_policy: Literal["retain", "destroy"] = "retain"
    """What becomes of data, key and logs when the stacks are removed."""
    termination_protection: bool = False
    """Whether the stacks refuse to be deleted until someone turns that off in CloudFormation."""
    permissions_boundary: PolicyName | None = None
    """Name of a managed policy of the account that bounds every role."""
    log_retention_days: RetentionDays = 90
    raw_bucket: BucketName | None = None
    """An existing bucket that holds the raw objects; without it the lake makes one."""
    raw_bucket_key: KeyArn | None = None
    """KMS key of an existing raw bucket, where its objects are encrypted with one."""
    schedules: bool = False
    """Whether pipelines start by themselves: by their `schedule`, and when objects arrive."""
    alarm_emails: tuple[EmailAddress, ...] = ()
    """Who is told by e-mail of failed runs and of silence, once they have confirmed it."""
    dashboards: bool = False
    """Whether each pipeline has one; CloudWatch bills those above three by the month."""
    max_query_gigabytes: Annotated[int, Field(ge=1, le=7_000_000)] = 100
    """What one query of Athena's workgroup may scan at most."""
    max_workers: Annotated[int, Field(ge=2, le=1000)] = 10
    price_per_dpu_hour: Annotated[float, Field(ge=0)] = 0.44
    """In US dollars."""
    default_pipeline: str
    """What `python run.py` starts when it is given no name."""
    upkeep: Upkeep = Upkeep()
    """Limits within which jobs keep their tables in order."""
    tags: Annotated[dict[str, str], AfterValidator(_taggable)] = Field(default_factory=dict)
    """Put on all that is deployed."""

    @field_validator("raw_bucket_key")
    @classmethod
    def _is_of_an_existing_bucket(cls, key: str | None, info: ValidationInfo) -> str | None:
        if key is not None and info.data.get("raw_bucket") is None:
            raise ValueError("is the key of an existing bucket; allowed is it with raw_bucket")
        return key

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
