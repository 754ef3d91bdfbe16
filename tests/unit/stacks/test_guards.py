import json
from pathlib import Path

from tests.unit.stacks.synthesis import Json, resources, text


def protected(assembly: Path) -> set[bool]:
    artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"].values()
    stacks = [each for each in artifacts if each["type"] == "aws:cloudformation:stack"]
    assert stacks
    return {each["properties"].get("terminationProtection", False) for each in stacks}


def test_prods_stacks_refuse_to_be_deleted_and_locals_do_not(prod_assembly: Path, local_assembly: Path) -> None:
    assert protected(prod_assembly) == {True}
    assert protected(local_assembly) == {False}


def test_a_permissions_boundary_is_on_every_role(whole_templates: dict[str, Json]) -> None:
    roles = [role for template in whole_templates.values() for role in resources(template, "AWS::IAM::Role")]
    assert len(roles) >= 4
    assert {text(role.get("PermissionsBoundary")) for role in roles} == {
        "arn:{AWS::Partition}:iam::{AWS::AccountId}:policy/no-further"
    }


def test_without_one_no_role_has_a_boundary(local_templates: dict[str, Json]) -> None:
    roles = [role for template in local_templates.values() for role in resources(template, "AWS::IAM::Role")]
    assert roles
    assert not [role for role in roles if "PermissionsBoundary" in role]
