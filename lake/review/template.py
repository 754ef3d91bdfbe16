"""Templates as a reader takes them: intrinsic functions as text, assets' hashes masked, what is no change left out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

Json = dict[str, Any]

ASSET_HASH: Final = re.compile(r"[0-9a-f]{64}")
ASSET: Final = "<asset>"

# The CDK names an export after what it exports: `…:ExportsOutputFnGetAttStorageRawBucketBBD9BDC5Arn98F139E5`.
_EXPORT: Final = re.compile(r"(?:.*:)?ExportsOutput(FnGetAtt|Ref)(\w+?)[0-9A-F]{8}(\w*?)[0-9A-F]{8}")
# CloudFormation gives a template back with '?' for what is not ASCII; the CDK's own diff takes it as unchanged too.
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")

# What the CDK puts into every template for itself.
_OF_THE_CDK: Final = {"Parameters": {"BootstrapVersion"}, "Rules": {"CheckBootstrapVersion"}}
_NOT_DEPLOYED: Final = ("Metadata",)


def readable(value: Any) -> Any:
    """Return a template's value with its intrinsic functions as text: a bucket's ARN is `${RawBucket.Arn}`."""
    if isinstance(value, list):
        return [readable(each) for each in value]
    if not isinstance(value, Mapping):
        return ASSET_HASH.sub(ASSET, value) if isinstance(value, str) else value
    if len(value) == 1:
        [(function, argument)] = value.items()
        if function == "Ref":
            return f"${{{argument}}}"
        if function == "Fn::GetAtt":
            return f"${{{argument if isinstance(argument, str) else '.'.join(argument)}}}"
        if function == "Fn::Sub" and isinstance(argument, str):
            return readable(argument)
        if function == "Fn::ImportValue" and isinstance(argument, str):
            return f"${{{_exported(argument)}}}"
        if function == "Fn::Join" and isinstance(argument[1], list):
            return argument[0].join(_text(readable(part)) for part in argument[1])
    return _in_order({name: readable(each) for name, each in value.items()})


def resources(template: Mapping[str, Any]) -> dict[str, Json]:
    """Return a template's resources by logical id, readable, without metadata."""
    found = template.get("Resources", {}).items()
    return {
        logical_id: readable({part: value for part, value in resource.items() if part not in _NOT_DEPLOYED})
        for logical_id, resource in found
        if resource["Type"] != "AWS::CDK::Metadata"
    }


def other_parts(template: Mapping[str, Any]) -> Json:
    """Return the rest of a template (outputs, parameters, description, …) as values by name, readable."""
    parts: Json = {}
    for section, held in template.items():
        if section == "Resources" or section in _NOT_DEPLOYED:
            continue
        if not isinstance(held, Mapping):
            parts[section] = readable(held)
            continue
        for name, value in held.items():
            if name not in _OF_THE_CDK.get(section, ()):
                parts[f"{section}.{name}"] = readable(value)
    return parts


def same(before: Any, after: Any) -> bool:
    """Tell whether a deployed value is the new one, as CloudFormation gives it back."""
    if isinstance(before, str) and isinstance(after, str):
        return before in (after, _NOT_ASCII.sub("?", after))
    return bool(before == after) and type(before) is type(after)


def parsed(value: Any) -> Any:
    """Return what a text of JSON holds, such as a crawler's configuration; any other value as it is."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _exported(name: str) -> str:
    match = _EXPORT.fullmatch(name)
    if match is None:
        return name
    return f"{match[2]}.{match[3]}" if match[1] == "FnGetAtt" else match[2]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _in_order(value: Json) -> Json:
    """Return a policy's statement with its resources sorted: the CDK sorts them by the hashes that are masked."""
    resource = value.get("Resource")
    if "Effect" in value and isinstance(resource, list):
        return {**value, "Resource": sorted(resource, key=_text)}
    return value
