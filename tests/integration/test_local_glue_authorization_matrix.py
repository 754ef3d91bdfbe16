"""IAM on every action of local Glue: exactly the grant that AWS asks for is enough, and none for another is."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from local.glue.authorization import OF_AN_ARN, PASSED_ROLE, RESOURCES
from tests.integration.aws import USER_TRUST, Aws
from tests.integration.glue_permissions import MINE, PASSING, PERMISSIONS, ROLE

pytestmark = pytest.mark.integration

ARN = "arn:aws:glue:us-east-1:000000000000"
CALLER = "matrix-caller"
GLUE_ONLY = {"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}}
ACTIONS = sorted({*RESOURCES, *OF_AN_ARN})


@dataclass
class Caller:
    """A role whose policy is written anew for each call."""

    aws: Aws
    glue: Any

    def may(self, *statements: dict[str, Any]) -> None:
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        self.aws.client("iam").put_role_policy(RoleName=CALLER, PolicyName="given", PolicyDocument=json.dumps(document))

    def call(self, action: str, **request: Any) -> str:
        """Call and tell the error's message where it was denied, else nothing."""
        try:
            getattr(self.glue, xform_name(action))(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] == "AccessDeniedException":
                return str(error.response["Error"]["Message"])
        return ""


@pytest.fixture(scope="module")
def caller(aws: Aws) -> Caller:
    role = aws.role(CALLER, allow("glue:GetTags", "none"), trust=USER_TRUST)
    return Caller(aws, aws.client_of(role, "glue"))


def allow(action: str, *resources: str, **members: Any) -> dict[str, Any]:
    arns = [one if one == "*" or one.startswith("arn:") else f"{ARN}:{one}" for one in resources]
    return {"Effect": "Allow", "Action": action, "Resource": arns, **members}


PASS = allow("iam:PassRole", ROLE, Condition=GLUE_ONLY)


def another(resource: str) -> str:
    """The ARN of a thing of the same kind that the caller does not ask for."""
    if resource == "*":
        return "job/mine"
    return f"{resource}/yours" if resource == "catalog" else resource[: resource.rindex(MINE)] + "yours"


@pytest.mark.shows("iam-every-action")
@pytest.mark.parametrize("action", ACTIONS)
def test_exactly_the_grant_is_allowed_and_one_for_another_resource_refused(caller: Caller, action: str) -> None:
    request, resources = PERMISSIONS[action]
    passing = [PASS] if action in PASSING else []

    for resource in resources:
        others = [one for one in resources if one != resource]
        caller.may(allow(f"glue:{action}", *others, another(resource)), *passing)
        refusal = caller.call(action, **request)
        shown = resource if resource == "*" else f"{ARN}:{resource}"
        assert f"is not authorized to perform: glue:{action} on resource: {shown} because" in refusal

    caller.may(allow("glue:GetTags", "*") if action != "GetTags" else allow("glue:GetJob", "*"), *passing)
    assert f"perform: glue:{action} on" in caller.call(action, **request)

    caller.may(allow(f"glue:{action}", *resources), *passing)
    assert caller.call(action, **request) == ""


@pytest.mark.shows("iam-pass-role", "iam-pass-role-crawler", "iam-passed-to-service")
@pytest.mark.parametrize("action", sorted(PASSED_ROLE))
def test_handing_a_role_to_glue_needs_the_right_to_pass_that_role_to_glue(caller: Caller, action: str) -> None:
    assert set(PASSED_ROLE) == PASSING
    request, resources = PERMISSIONS[action]
    granted = allow(f"glue:{action}", *resources)
    to_others = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    for passing in (allow("iam:PassRole", f"{ROLE}-not"), allow("iam:PassRole", ROLE, Condition=to_others)):
        caller.may(granted, passing)
        assert f"iam:PassRole on resource: {ROLE} because" in caller.call(action, **request)


@pytest.mark.shows("iam-deny")
def test_a_denial_outweighs_what_is_allowed(caller: Caller) -> None:
    caller.may(allow("glue:*", "*"), {**allow("glue:GetTable", "database/mine"), "Effect": "Deny"})
    refusal = caller.call("GetTable", DatabaseName=MINE, Name=MINE)
    assert f"glue:GetTable on resource: {ARN}:database/mine with an explicit deny" in refusal
    assert caller.call("GetTable", DatabaseName="yours", Name=MINE) == ""


@pytest.mark.shows("iam-tags")
def test_the_tags_of_a_request_and_of_a_resource_are_condition_keys(caller: Caller, aws: Aws) -> None:
    for name, team in (("tagged-mine", "mine"), ("tagged-yours", "yours")):
        aws.client("glue").create_workflow(Name=name, Tags={"team": team})
    mine = {"StringEquals": {"aws:ResourceTag/team": "mine"}}
    caller.may(allow("glue:GetWorkflow", "*", Condition=mine))
    assert caller.call("GetWorkflow", Name="tagged-mine") == ""
    assert "glue:GetWorkflow on" in caller.call("GetWorkflow", Name="tagged-yours")

    teams = {"StringEquals": {"aws:RequestTag/team": "mine"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    caller.may(allow("glue:CreateWorkflow", "*", Condition=teams))
    assert caller.call("CreateWorkflow", Name="tagged-anew", Tags={"team": "mine"}) == ""
    for tags in ({}, {"team": "yours"}, {"team": "mine", "cost": "1"}):
        assert "glue:CreateWorkflow on" in caller.call("CreateWorkflow", Name="tagged-other", Tags=tags)
