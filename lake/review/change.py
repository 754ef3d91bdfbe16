"""What a deployment would change in a stack, resource by resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from lake.dataset_change import Resolved
from lake.names import DATASET_FILE_ARGUMENT
from lake.review.differences import ABSENT, Difference, differences
from lake.review.grants import Grant, grants
from lake.review.replacement import replacing
from lake.review.template import ASSET_HASH, Json, other_parts, resources

Kind = Literal["added", "removed", "changed", "replaced"]


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as it is deployed, or as the app declares it."""

    name: str
    template: Mapping[str, Any]
    protected: bool = False
    """Whether CloudFormation refuses to delete it."""
    dataset: Resolved | None = None
    """What its job reads of its dataset; None where it has none, or it could not be read."""
    has_rows: bool = False
    """Whether the dataset's curated table is there. Known of deployed stacks alone."""


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One resource that differs; `before` and `after` are readable, None where it is not there."""

    logical_id: str
    type: str
    before: Json | None
    after: Json | None
    differences: tuple[Difference, ...] = ()
    """Within the resource: `Properties.Timeout`, `DeletionPolicy`. Of policies what they say is in `grants`."""
    replaced_by: tuple[str, ...] = ()
    """Properties whose change makes CloudFormation make another and remove this one."""

    @property
    def kind(self) -> Kind:
        """What becomes of the resource."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "replaced" if self.replaced_by or self.before["Type"] != self.after["Type"] else "changed"

    @property
    def grants(self) -> tuple[list[Grant], list[Grant]]:
        """What its policies said, and say."""
        return grants(self.before or {}), grants(self.after or {})


@dataclass(frozen=True, slots=True)
class StackChange:
    """One stack, before and after; None where it is not there. Nothing differs where `is_empty`."""

    name: str
    before: Stack | None
    after: Stack | None
    resources: tuple[ResourceChange, ...] = ()
    others: tuple[Difference, ...] = ()
    """Outputs, parameters and what else a template has."""
    dataset: tuple[Difference, ...] = ()
    """Fields of the dataset."""
    new_code: bool = False
    """Whether assets differ that are not the dataset: the script, its stages, the jars."""

    @property
    def is_empty(self) -> bool:
        """Whether a deployment would leave the stack as it is."""
        there = self.before is not None and self.after is not None
        same = there and not (self.resources or self.others or self.dataset or self.new_code)
        return bool(same and self.before and self.after and self.before.protected == self.after.protected)


def changes(deployed: Mapping[str, Stack], declared: Mapping[str, Stack]) -> list[StackChange]:
    """Return what differs of each stack: those that the app declares first, then those left over."""
    names = [*declared, *(name for name in sorted(deployed) if name not in declared)]
    return [_change(name, deployed.get(name), declared.get(name)) for name in names]


def _change(name: str, before: Stack | None, after: Stack | None) -> StackChange:
    old, new = resources(before.template if before else {}), resources(after.template if after else {})
    ids = [*(each for each in new), *(each for each in old if each not in new)]
    changed = [found for each in ids if (found := _resource(each, old.get(each), new.get(each)))]
    if before is None or after is None:
        return StackChange(name, before, after, tuple(changed))
    return StackChange(
        name,
        before,
        after,
        tuple(changed),
        tuple(differences(other_parts(before.template), other_parts(after.template))),
        tuple(differences(before.dataset or {}, after.dataset or {})) if before.dataset else (),
        # A dataset that could not be read is told as code: that it changed is all that is known.
        _hashes(before.template, told=before.dataset) != _hashes(after.template, told=before.dataset),
    )


def _resource(logical_id: str, before: Json | None, after: Json | None) -> ResourceChange | None:
    there = after or before
    assert there is not None
    if before is None or after is None:
        return ResourceChange(logical_id, there["Type"], before, after)
    found = tuple(differences(_without_policies(before), _without_policies(after)))
    change = ResourceChange(
        logical_id,
        there["Type"],
        before,
        after,
        found,
        tuple(replacing(there["Type"], [_within_properties(each) for each in found])),
    )
    old, new = change.grants
    return change if found or old != new else None


_PROPERTIES: Final = "Properties."


def _within_properties(found: Difference) -> Difference:
    inside = found.path.removeprefix(_PROPERTIES) if found.path.startswith(_PROPERTIES) else f"/{found.path}"
    return Difference(inside, found.before, found.after)


def _without_policies(value: Any) -> Any:
    """Return a resource without what its policies say, which is compared grant by grant."""
    if isinstance(value, list):
        kept = [_without_policies(each) for each in value]
        return [each for each in kept if each is not ABSENT]
    if not isinstance(value, dict):
        return value
    if "Statement" in value:
        return ABSENT
    members = {name: _without_policies(each) for name, each in value.items()}
    return {name: each for name, each in members.items() if each is not ABSENT}


def _hashes(template: Mapping[str, Any], *, told: Resolved | None) -> set[str]:
    """The assets of a template's jobs, but for the dataset where what changes of it is told field by field."""
    found: set[str] = set()
    for resource in template.get("Resources", {}).values():
        properties = resource.get("Properties", {})
        dataset = str((properties.get("DefaultArguments") or {}).get(DATASET_FILE_ARGUMENT, ""))[:64]
        if resource["Type"] == "AWS::Glue::Job":
            found |= set(ASSET_HASH.findall(str(properties))) - ({dataset} if told else set())
    return found
