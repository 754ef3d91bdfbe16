"""What the tests of the stacks read: templates of the real app, and the policies in them."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import build, new_app
from lake.config import Config, load_config
from lake.dataset import Dataset

Json = dict[str, Any]


# What a dataset's file may say beside what the sample datasets do.
EVERY_SOURCE: Json = {"prefix": "raw/every/", "format": "csv"}
EVERY_FIELD: Json = {
    "schedule": "cron(0 6 * * ? *)",
    "schedule_timezone": "America/New_York",
    "on_arrival": {"batch_size": 10, "batch_window": 300},
    "max_age": "36h",
}
EVERY_FIELD_OF_AN_ENVIRONMENT: Json = {
    "name": "whole",
    "alarm_emails": ("lake@example.com", "data@example.com"),
    "permissions_boundary": "no-further",
    "raw_bucket": "landing-zone",
    "raw_bucket_key": "arn:aws:kms:eu-central-1:111122223333:key/0a1b",
}


def config_of(env: str) -> Config:
    """Return the environment's configuration; that of `whole` and its one dataset use every field."""
    if env != "whole":
        return load_config(env)
    prod = load_config("prod")
    (flights,) = (dataset for dataset in prod.datasets if dataset.name == "flights")
    every = Dataset.model_validate({**flights.model_dump(), **EVERY_FIELD, "name": "every", "source": EVERY_SOURCE})
    environment = prod.environment.model_copy(update=EVERY_FIELD_OF_AN_ENVIRONMENT)
    return Config(environment=environment, datasets=(every,))


def synthesize(config: Config, outdir: Path) -> dict[str, Json]:
    """Return the template of each stack, by the stack's name; the cloud assembly is left in `outdir`."""
    app = new_app(str(outdir), validate=False)
    build(app, config)
    app.synth()
    return templates_in(outdir)


def templates_in(outdir: Path) -> dict[str, Json]:
    """Return the templates of a cloud assembly, by stack."""
    files = sorted(outdir.glob("*.template.json"))
    return {file.name.removesuffix(".template.json"): json.loads(file.read_text()) for file in files}


def resources(template: Json, resource_type: str) -> list[Json]:
    """Return the properties of each resource of a type."""
    return [found["Properties"] for found in template["Resources"].values() if found["Type"] == resource_type]


def only(template: Json, resource_type: str) -> Json:
    """Return the properties of the one resource of a type."""
    (found,) = resources(template, resource_type)
    return found


def text(value: Any) -> Any:
    """Return a template's value with its intrinsic functions as text: the raw bucket's ARN is '{RawBucket.Arn}'."""
    if isinstance(value, Mapping):
        if "Fn::Join" in value:
            separator, parts = value["Fn::Join"]
            return separator.join(text(part) for part in parts)
        if "Fn::ImportValue" in value:
            return "{" + _exported(value["Fn::ImportValue"]) + "}"
        if "Fn::Sub" in value:
            return str(value["Fn::Sub"])
        if "Ref" in value:
            return "{" + value["Ref"] + "}"
        if "Fn::GetAtt" in value:
            return "{" + ".".join(value["Fn::GetAtt"]) + "}"
        return {key: text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [text(inner) for inner in value]
    return value


def _exported(name: str) -> str:
    for resource in ("RawBucket", "CuratedBucket", "SecurityConfiguration", "Key"):
        if resource in name:
            return f"{resource}.Arn" if "GetAtt" in name else resource
    return name


@dataclass(frozen=True)
class Policy:
    """The statements of one role, as IAM would decide by them alone."""

    statements: list[Json]

    def allows(self, action: str, resource: str, **context: str) -> bool:
        """Tell whether a statement allows `action` on `resource`; `s3__prefix` gives the context key s3:prefix."""
        keys = {name.replace("__", ":"): value for name, value in context.items()}
        return any(self._matches(statement, action, resource, keys) for statement in self.statements)

    def _matches(self, statement: Json, action: str, resource: str, keys: Mapping[str, str]) -> bool:
        assert statement["Effect"] == "Allow"
        return (
            any(fnmatch.fnmatchcase(action, pattern) for pattern in as_list(statement["Action"]))
            and any(fnmatch.fnmatchcase(resource, pattern) for pattern in as_list(statement["Resource"]))
            and all(
                key in keys and any(fnmatch.fnmatchcase(keys[key], pattern) for pattern in as_list(patterns))
                for conditions in statement.get("Condition", {}).values()
                for key, patterns in conditions.items()
            )
        )


def as_list(value: Any) -> list[Any]:
    """Return a policy's element as the list that it means."""
    return value if isinstance(value, list) else [value]


def policy_of(template: Json, role_name: str) -> Policy:
    """Return the inline policies of the role of that name."""
    (role,) = (role for role in resources(template, "AWS::IAM::Role") if role.get("RoleName") == role_name)
    documents = [policy["PolicyDocument"] for policy in role["Policies"]]
    return Policy([text(statement) for document in documents for statement in document["Statement"]])


def policy_under(template: Json, path: str) -> Policy:
    """Return the inline policies of the one role whose logical id begins with `path`."""
    (role,) = (
        found["Properties"]
        for logical_id, found in template["Resources"].items()
        if found["Type"] == "AWS::IAM::Role" and logical_id.startswith(path)
    )
    return Policy([text(each) for policy in role["Policies"] for each in policy["PolicyDocument"]["Statement"]])


def statements(template: Json) -> Iterator[Json]:
    """Yield every statement of every role in a template."""
    for role in resources(template, "AWS::IAM::Role"):
        for policy in role["Policies"]:
            yield from text(policy["PolicyDocument"]["Statement"])
