import pytest

from local.glue.authorization import PASSED_ROLE, RESOURCES, required
from local.glue.model import operation, service_model
from local.glue.platform import Platform
from local.glue.scope import Scope
from local.glue.service import CATALOG_ACTIONS, Glue

SCOPE = Scope("123456789012", "eu-west-1")


def arns(action: str, **request: object) -> list[str]:
    return [permission.resource for permission in required(action, request, SCOPE)]


def test_a_table_action_needs_the_table_its_database_and_the_catalog() -> None:
    assert arns("GetTable", DatabaseName="d", Name="t") == [
        "arn:aws:glue:eu-west-1:123456789012:catalog",
        "arn:aws:glue:eu-west-1:123456789012:database/d",
        "arn:aws:glue:eu-west-1:123456789012:table/d/t",
    ]


def test_a_workflow_action_needs_exactly_that_workflow() -> None:
    assert arns("StartWorkflowRun", Name="w1") == ["arn:aws:glue:eu-west-1:123456789012:workflow/w1"]


def test_deleting_tables_needs_each_of_them() -> None:
    assert arns("BatchDeleteTable", DatabaseName="d", TablesToDelete=["a", "b"])[2:] == [
        "arn:aws:glue:eu-west-1:123456789012:table/d/a",
        "arn:aws:glue:eu-west-1:123456789012:table/d/b",
    ]


def test_creating_a_job_needs_to_pass_its_role() -> None:
    permissions = required("CreateJob", {"Name": "j", "Role": "team/worker"}, SCOPE)
    assert [(one.action, one.resource) for one in permissions] == [
        ("glue:CreateJob", "arn:aws:glue:eu-west-1:123456789012:job/j"),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/team/worker"),
    ]


def test_what_has_no_resource_of_its_own_is_authorized_on_every_resource() -> None:
    assert arns("CreateSecurityConfiguration", Name="s") == ["*"]


@pytest.mark.parametrize("action", sorted({*RESOURCES, *PASSED_ROLE, *CATALOG_ACTIONS}))
def test_every_action_in_the_tables_is_one_of_glues(action: str) -> None:
    assert operation(action).name == action


def test_every_action_that_is_served_is_one_of_glues_and_has_one_server() -> None:
    glue = Glue(Platform(SCOPE, "http://127.0.0.1:1", None, None, None))  # type: ignore[arg-type] # nothing is run
    assert set(glue.actions) <= set(service_model().operation_names)
    assert not set(glue.actions) & CATALOG_ACTIONS
