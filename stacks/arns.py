"""ARNs in a stack's account and region. Each question to the CDK's library crosses to Node: it is asked once."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import IConstruct


@dataclass(frozen=True)
class Place:
    """Partition, region and account of a stack, as its template has them; `printed` as cdk-nag prints them."""

    partition: str
    region: str
    account: str
    printed: tuple[str, str, str]


_places: WeakKeyDictionary[object, Place] = WeakKeyDictionary()
_buckets: WeakKeyDictionary[object, str] = WeakKeyDictionary()


def place_of(scope: IConstruct) -> Place:
    """Return where the stack of `scope` is."""
    if scope not in _places:
        stack = cdk.Stack.of(scope)
        if stack not in _places:
            _places[stack] = _ask(stack)
        _places[scope] = _places[stack]
    return _places[scope]


def arn(scope: IConstruct, service: str, resource: str) -> str:
    """Return the ARN of `resource` (such as `table/DATABASE/TABLE`) where the stack of `scope` is."""
    place = place_of(scope)
    return f"arn:{place.partition}:{service}:{place.region}:{place.account}:{resource}"


def bucket_arn(bucket: s3.IBucket) -> str:
    """Return the bucket's ARN."""
    if bucket not in _buckets:
        _buckets[bucket] = bucket.bucket_arn
    return _buckets[bucket]


def objects_arn(bucket: s3.IBucket, keys: str) -> str:
    """Return the ARN of the objects that `keys` names: a key, or a pattern of keys."""
    return f"{bucket_arn(bucket)}/{keys}"


def _ask(stack: cdk.Stack) -> Place:
    partition, region, account = stack.partition, stack.region, stack.account
    printed = (_printed(stack, partition), _printed(stack, region), _printed(stack, account))
    return Place(partition, region, account, printed)


def _printed(stack: cdk.Stack, part: str) -> str:
    """A part as cdk-nag prints it: itself, or '<AWS::Region>' where it is known at deployment only."""
    if not cdk.Token.is_unresolved(part):
        return part
    return f"<{stack.resolve(part)['Ref']}>"
