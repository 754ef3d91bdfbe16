"""What of a change is dangerous: it opens something wider, or data or their protection may go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lake.dataset_change import REBUILD, refused_changes
from lake.names import Names
from lake.review.change import ResourceChange, StackChange
from lake.review.differences import ABSENT, Difference
from lake.review.grants import ANYONE, Grant, is_wide, sentences, widened
from lake.review.words import code, value


@dataclass(frozen=True, slots=True)
class Danger:
    """One thing to judge, in Markdown; `kind` is the heading that it stands under."""

    kind: str
    text: str


ACCESS: Final = "Access is opened wider"
DATA: Final = "Data"
ENCRYPTION: Final = "Encryption is weakened"
PUBLIC: Final = "Public access"
KEPT: Final = "Kept for less long"
PROTECTION: Final = "Protection of a stack"
REFUSED: Final = "A dataset changes in what its rows do not take"
KINDS: Final = (REFUSED, DATA, ACCESS, PUBLIC, ENCRYPTION, KEPT, PROTECTION)

# What is lost with a resource of these types.
DATA_TYPES: Final = {
    "AWS::S3::Bucket": "its objects",
    "AWS::KMS::Key": "all that is encrypted with it",
    "AWS::Glue::Database": "the tables in it",
    "AWS::Glue::Table": "the table",
    "AWS::Logs::LogGroup": "the logs in it",
    "AWS::DynamoDB::Table": "its items",
}
# These give rights by being there.
GRANTING_TYPES: Final = ("AWS::LakeFormation::PrincipalPermissions", "AWS::LakeFormation::Permissions")
ROLE: Final = "AWS::IAM::Role"
# Properties that name what a policy is attached to.
_ATTACHED_TO: Final = ("Roles", "Users", "Groups", "Bucket", "Topics", "Queues")

_STRENGTH: Final = {
    "DISABLED": 0, "AES256": 1, "SSE-S3": 1, "SSE_S3": 1, "aws:kms": 2, "aws:kms:dsse": 3, "SSE-KMS": 2, "SSE_KMS": 2,
    "CSE-KMS": 2, "CSE_KMS": 2, False: 0, True: 2,
}  # fmt: skip
_KEY_OR_CONFIGURATION: Final = re.compile(r"(?i)(kms\w*(key|id|arn)\w*|keyid|securityconfiguration)$")
_ENCRYPTION: Final = re.compile(r"(?i)encrypt|kms|securityconfiguration|EnableKeyRotation|SSEAlgorithm")
# S3 asks KMS less often: what is encrypted stays so.
_SAVES_REQUESTS: Final = "BucketKeyEnabled"
_EXPIRY: Final = re.compile(r"LifecycleConfiguration\..*(ExpirationInDays|NoncurrentDays|ExpirationDate|\.Days)$")


def dangers(change: StackChange, names: Names) -> Iterator[Danger]:
    """Yield what is dangerous in a stack's change."""
    if change.after is None:
        yield from _left_over(change, names)
        return
    added = {each.logical_id for each in change.resources if each.kind == "added"}
    for resource in change.resources:
        for each in (_access(resource, added), *(check(resource) for check in _CHECKS)):
            for found in each:
                yield Danger(found.kind, f"{code(change.name)} {_named(resource)}: {found.text}")
    if change.before is not None:
        yield from _of_the_stack(change, names)


def _named(resource: ResourceChange) -> str:
    return f"{resource.type.removeprefix('AWS::').replace('::', ' ')} {code(resource.logical_id)}"


def _of_the_stack(change: StackChange, names: Names) -> Iterator[Danger]:
    before, after = change.before, change.after
    assert before is not None
    assert after is not None
    if before.protected and not after.protected:
        yield Danger(PROTECTION, f"{code(change.name)}: termination protection is taken off")
    if after.dataset is None:
        return
    if before.dataset is None:
        unread = "the deployed dataset could not be read, so whether its key, partitions or types change is not known"
        yield Danger(REFUSED, f"{code(change.name)}: {unread}")
        return
    dataset = str(after.dataset["name"])
    refused = refused_changes(before.dataset, after.dataset)
    if refused and before.has_rows:
        way = REBUILD.format(curated=names.curated_database, ops=names.ops_database, dataset=dataset)
        yield Danger(REFUSED, f"{code(change.name)}: {'; '.join(refused)}. Rows are there: this is refused. {way}")


def is_refused(change: StackChange) -> bool:
    """Tell whether a deployment must not be made: rows are there that the changed dataset does not take."""
    before, after = change.before, change.after
    return bool(
        before and after and before.has_rows and before.dataset and after.dataset
        and refused_changes(before.dataset, after.dataset)
    )  # fmt: skip


def _left_over(change: StackChange, names: Names) -> Iterator[Danger]:
    """Say of a stack that the app has no longer what becomes of it and of its data."""
    stack = change.before
    assert stack is not None
    logs = [each for each in change.resources if each.type == "AWS::Logs::LogGroup"]
    kept = bool(logs) and all((each.before or {}).get("DeletionPolicy") == "Retain" for each in logs)
    text = f"{code(change.name)} is deployed, and nothing declares it any more. A deployment leaves it as it is. "
    if stack.dataset is None:
        yield Danger(DATA, text + "What its data are is not known here.")
        return
    dataset, prefix = str(stack.dataset["name"]), str(stack.dataset["source"]["prefix"])
    yield Danger(
        DATA,
        text + f"`python -m lake.cdk_cli destroy {change.name} --env {names.env}` removes the crawler, the job, the "
        f"workflow and their roles{'' if kept else ', and the logs'}; **data are kept**: raw objects under "
        f"{code(prefix)}, the tables {code(f'{names.curated_database}.{dataset}')}, "
        f"{code(f'{names.raw_database}.{names.raw_table(dataset)}')} and "
        f"{code(f'{names.ops_database}.{dataset}_*')}{', logs' if kept else ''}. A dataset that is renamed "
        f"is a new one, and begins with what lies under its own prefix.",
    )


def _access(resource: ResourceChange, added: set[str]) -> Iterator[Danger]:
    if resource.after is None:
        return
    before, after = resource.grants
    more = widened(before, after)
    if resource.kind == "added" and _is_new_altogether(resource, added):
        more = [each for each in more if is_wide(each, of_a_role=resource.type.startswith("AWS::IAM::"))]
    anyone = [each for each in more if _is_for_anyone(each)]
    for sentence in sentences(each for each in more if each not in anyone):
        gone = " no longer holds" if sentence.startswith("deny") else ""
        yield Danger(ACCESS, code(sentence) + gone)
    for sentence in sentences(anyone):
        yield Danger(PUBLIC, f"{code(sentence)}: anyone")
    if resource.type in GRANTING_TYPES:
        yield Danger(ACCESS, "gives rights in Lake Formation")
    for each in resource.differences:
        if each.path.endswith("ManagedPolicyArns") and set(_list(each.after)) - set(_list(each.before)):
            yield Danger(ACCESS, f"managed policies: {value(each.before)} → {value(each.after)}")
        if "PermissionsBoundary" in each.path and each.before is not ABSENT:
            yield Danger(ACCESS, f"permissions boundary: {value(each.before)} → {value(each.after)}")
    if resource.kind == "added" and (managed := resource.after.get("Properties", {}).get("ManagedPolicyArns")):
        yield Danger(ACCESS, f"managed policies: {value(managed)}")


def _is_new_altogether(resource: ResourceChange, added: set[str]) -> bool:
    """Tell whether a new policy opens only what is itself new: a role's own, or one attached to what is added too."""
    properties = (resource.after or {}).get("Properties", {})
    attached = [name for part in _ATTACHED_TO for name in _list(properties.get(part, []))]
    return all(str(name).removeprefix("${").removesuffix("}") in added for name in attached)


def _is_for_anyone(grant: Grant) -> bool:
    return grant.effect == "Allow" and grant.who in (ANYONE, f"AWS {ANYONE}")


def _data(resource: ResourceChange) -> Iterator[Danger]:
    holds = DATA_TYPES.get(resource.type)
    if holds is None or resource.kind not in ("removed", "replaced"):
        return
    full = " (CloudFormation fails while there are any)" if resource.type == "AWS::S3::Bucket" else ""
    if resource.kind == "removed":
        kept = (resource.before or {}).get("DeletionPolicy") == "Retain"
        fate = f"it and {holds} stay in the account, in no stack" if kept else f"**it is deleted, and {holds}**{full}"
        yield Danger(DATA, f"is no longer declared: {fate}")
        return
    kept = (resource.after or {}).get("UpdateReplacePolicy") == "Retain"
    why = ", ".join(code(name) for name in resource.replaced_by) or "its type"
    fate = f"the old one and {holds} stay, in no stack" if kept else f"**the old one is deleted, and {holds}**{full}"
    yield Danger(DATA, f"is replaced, since {why} cannot be changed in place: {fate}")


def _encryption(resource: ResourceChange) -> Iterator[Danger]:
    for each in resource.differences:
        if not _ENCRYPTION.search(each.path) or each.before is ABSENT or each.path.endswith(_SAVES_REQUESTS):
            continue
        old, new = _strength(each.before), _strength(each.after)
        if _KEY_OR_CONFIGURATION.search(each.path) or (old is not None and (new is None or new < old)):
            yield Danger(ENCRYPTION, f"{code(_property(each))}: {value(each.before)} → {value(each.after)}")


def _strength(held: Any) -> int | None:
    return 0 if held is ABSENT else _STRENGTH.get(held) if isinstance(held, str | bool) else None


def _public(resource: ResourceChange) -> Iterator[Danger]:
    for each in resource.differences:
        opened = "PublicAccessBlockConfiguration" in each.path and each.before is True
        opened |= each.path.endswith("AccessControl") and str(each.after).startswith(("Public", "AuthenticatedRead"))
        opened |= "OwnershipControls" in each.path and each.before == "BucketOwnerEnforced"
        if opened:
            yield Danger(PUBLIC, f"{code(_property(each))}: {value(each.before)} → {value(each.after)}")


def _kept(resource: ResourceChange) -> Iterator[Danger]:
    for each in resource.differences:
        before, after = each.before, each.after
        loosened = each.path in ("DeletionPolicy", "UpdateReplacePolicy") and str(before).startswith("Retain")
        loosened |= each.path.endswith(("RetentionInDays", "PendingWindowInDays")) and _shorter(before, after)
        loosened |= each.path.endswith("VersioningConfiguration.Status") and before == "Enabled"
        loosened |= bool(_EXPIRY.search(each.path)) and _shorter(before, after)
        if loosened:
            yield Danger(KEPT, f"{code(_property(each))}: {value(before)} → {value(after)}")


def _shorter(before: Any, after: Any) -> bool:
    """Tell whether a number of days became less; none at all is forever."""
    if after is ABSENT:
        return False
    return before is ABSENT or not (isinstance(before, int) and isinstance(after, int)) or after < before


def _property(each: Difference) -> str:
    return each.path.removeprefix("Properties.")


def _list(held: Any) -> list[Any]:
    return held if isinstance(held, list) else [] if held is ABSENT else [held]


_CHECKS: Final[tuple[Callable[[ResourceChange], Iterator[Danger]], ...]] = (_data, _encryption, _public, _kept)
