"""Every Glue resource of the templates is one that Glue's own Create call takes: names, types, what is required, enums,
lengths, ranges and patterns, by botocore's model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

from lake.review.template import ASSET, readable
from tests.unit.stacks.synthesis import Json

# Glue's patterns for text begin so: two surrogates stand in them for what lies above U+FFFF.
SURROGATES = r"\uD800\uDC00-\uDBFF\uDFFF"
ABOVE_FFFF = r"\U00010000-\U0010FFFF"

# Of CloudFormation's types, the ones that are not named after their call's input.
OPERATIONS = {
    "AWS::Glue::Classifier": "CreateClassifier",
    "AWS::Glue::Crawler": "CreateCrawler",
    "AWS::Glue::Database": "CreateDatabase",
    "AWS::Glue::Job": "CreateJob",
    "AWS::Glue::SecurityConfiguration": "CreateSecurityConfiguration",
    "AWS::Glue::Trigger": "CreateTrigger",
    "AWS::Glue::Workflow": "CreateWorkflow",
}
# What CloudFormation calls otherwise: path in the template, name in the call.
RENAMED = {("EncryptionConfiguration", "S3Encryptions"): "S3Encryption"}
PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "long": int,
    "boolean": bool,
    "double": (int, float),
    "float": (int, float),
}


@cache
def glue() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("glue", "service-2"), "glue")


def problems(resource_type: str, properties: Json) -> list[str]:
    """What Glue's Create call does not take of a resource."""
    shape = glue().operation_model(OPERATIONS[resource_type]).input_shape
    assert shape is not None
    return list(_of(shape, as_called(properties), ""))


def as_called(properties: Json) -> Json:
    """The properties as the call names them, with a value of its kind for each reference."""
    given: Json = readable(properties)
    for (outer, inner), name in RENAMED.items():
        if inner in given.get(outer, {}):
            given[outer][name] = given[outer].pop(inner)
    whole = json.dumps(given).replace(ASSET, "0" * 64)
    whole = re.sub(r"\$\{\w*Key\w*\.Arn\}", "arn:aws:kms:us-east-1:111122223333:key/1", whole)
    return dict(json.loads(re.sub(r"\$\{[^}]+\}", "x", whole)))


def _of(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        if not isinstance(value, dict):
            yield f"{path}: is no structure"
            return
        yield from (f"{path}.{name}: unknown" for name in value if name not in shape.members)
        yield from (f"{path}.{name}: required" for name in shape.required_members if name not in value)
        for name, member in shape.members.items():
            if name in value:
                yield from _of(member, value[name], f"{path}.{name}")
    elif isinstance(shape, ListShape):
        if not isinstance(value, list):
            yield f"{path}: is no list"
            return
        yield from _in_range(shape, len(value), path)
        for position, each in enumerate(value):
            yield from _of(shape.member, each, f"{path}[{position}]")
    elif isinstance(shape, MapShape):
        if not isinstance(value, dict):
            yield f"{path}: is no map"
            return
        yield from _in_range(shape, len(value), path)
        for key, each in value.items():
            yield from _of(shape.key, key, f"{path} key")
            yield from _of(shape.value, each, f"{path}[{key}]")
    else:
        yield from _of_scalar(shape, value, path)


def _of_scalar(shape: Shape, value: Any, path: str) -> Iterator[str]:
    expected = PYTHON_TYPES[shape.type_name]
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        yield f"{path}: {value!r} is no {shape.type_name}"
        return
    allowed = getattr(shape, "enum", None)
    if allowed and value not in allowed:
        yield f"{path}: {value!r} is none of {allowed}"
    pattern = shape.metadata.get("pattern")
    if isinstance(value, str):
        if pattern and not re.fullmatch(pattern.replace(SURROGATES, ABOVE_FFFF), value):
            yield f"{path}: {value!r} does not match {pattern}"
        yield from _in_range(shape, len(value), path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _in_range(shape, value, path)


def _in_range(shape: Shape, size: float, path: str) -> Iterator[str]:
    limits = shape.metadata
    if not limits.get("min", size) <= size <= limits.get("max", size):
        yield f"{path}: {size} is not from {limits.get('min')} to {limits.get('max')}"


def glue_resources(templates: dict[str, Json]) -> list[tuple[str, str, Json]]:
    return [
        (f"{stack} {logical_id}", resource["Type"], resource["Properties"])
        for stack, template in templates.items()
        for logical_id, resource in template["Resources"].items()
        if resource["Type"].startswith("AWS::Glue::")
    ]


@pytest.mark.parametrize("env", ["local", "prod"])
def test_glue_takes_every_resource(env: str, request: pytest.FixtureRequest) -> None:
    found = glue_resources(request.getfixturevalue(f"{env}_templates"))
    assert {resource_type for _, resource_type, _ in found} == set(OPERATIONS)
    wrong = {name: said for name, kind, properties in found if (said := problems(kind, properties))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Workers": 2}, ".Workers: unknown"),
        ({"Timeout": 0}, ".Timeout: 0 is not from 1 to None"),
        ({"Timeout": "60"}, ".Timeout: '60' is no integer"),
        ({"MaxRetries": True}, ".MaxRetries: True is no integer"),
        ({"WorkerType": ["G.1X"]}, ".WorkerType: ['G.1X'] is no string"),
        ({"ExecutionClass": "CHEAP"}, ".ExecutionClass: 'CHEAP' is none of ['FLEX', 'STANDARD']"),
        ({"Name": "n" * 256}, ".Name: 256 is not from 1 to 255"),
        ({"Description": "\x00"}, ".Description: '\\x00' does not match"),
        ({"Command": "glueetl"}, ".Command: is no structure"),
        ({"DefaultArguments": []}, ".DefaultArguments: is no map"),
        ({"Connections": {"Connections": "one"}}, ".Connections.Connections: is no list"),
    ],
)
def test_what_glue_does_not_take_is_seen(change: Json, said: str, local_templates: dict[str, Json]) -> None:
    [job] = [each for name, kind, each in glue_resources(local_templates) if kind == "AWS::Glue::Job" and "fli" in name]
    assert problems("AWS::Glue::Job", job) == []
    [problem] = problems("AWS::Glue::Job", {**job, **change})
    assert problem.startswith(said)


def test_a_required_name_that_is_missing_is_seen() -> None:
    assert problems("AWS::Glue::Workflow", {}) == [".Name: required"]
