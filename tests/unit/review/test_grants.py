"""Which grant says all that another says, and which new ones deserve a look."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lake.review.grants import Grant, grants, is_wide, widened


def allow(action: str = "s3:GetObject", resource: str = "b/raw/*", condition: Any = None, who: str = "") -> Grant:
    return Grant("Allow", who, action, resource, json.dumps(condition, sort_keys=True) if condition else "")


def prefixes(*values: str) -> dict[str, Any]:
    return {"StringLike": {"s3:prefix": list(values)}}


@pytest.mark.parametrize(
    ("old", "new", "covered"),
    [
        (allow(), allow(), True),
        (allow("s3:Get*"), allow("s3:GetObject"), True),
        (allow("s3:getobject"), allow("s3:GetObject"), True),
        (allow("s3:GetObject"), allow("s3:Get*"), False),
        (allow(resource="b/*"), allow(resource="b/raw/*"), True),
        (allow(resource="b/raw/*"), allow(resource="b/*"), False),
        (allow(resource="b/[raw]"), allow(resource="b/r"), False),
        (allow(), allow(condition=prefixes("a/*")), True),
        (allow(condition=prefixes("a/*")), allow(), False),
        (allow(condition=prefixes("a/*", "b/*")), allow(condition=prefixes("a/*")), True),
        (allow(condition=prefixes("a/*")), allow(condition=prefixes("a/*", "b/*")), False),
        (
            allow(condition={"StringNotEquals": {"aws:PrincipalArn": ["a"]}}),
            allow(condition={"StringNotEquals": {"aws:PrincipalArn": []}}),
            False,
        ),
        (allow(who="*"), allow(who="AWS someone"), True),
        (allow(who="AWS someone"), allow(who="*"), False),
    ],
)
def test_a_grant_covers_what_is_as_narrow_or_narrower(old: Grant, new: Grant, covered: bool) -> None:
    assert old.covers(new) is covered
    assert (widened([old], [new]) == []) is covered


def test_a_denial_that_goes_is_wider_and_one_that_comes_is_not() -> None:
    deny = Grant("Deny", "*", "s3:*", "b/*", "")
    assert widened([deny], []) == [deny]
    assert widened([], [deny]) == []


def test_a_statement_about_all_but_something_is_covered_by_itself_alone() -> None:
    def role(*but: str) -> dict[str, Any]:
        statement = {"Effect": "Allow", "NotAction": list(but), "Resource": "b/*"}
        return {"Properties": {"Policies": [{"PolicyDocument": {"Statement": [statement]}}]}}

    assert widened(grants(role("iam:*", "kms:*")), grants(role("kms:*", "iam:*"))) == []
    assert len(widened(grants(role("iam:*", "kms:*")), grants(role("iam:*")))) == 1


@pytest.mark.parametrize(
    ("grant", "wide"),
    [
        (allow(), False),
        (allow(resource="*"), True),
        (allow("cloudwatch:PutMetricData", "*", {"StringEquals": {"cloudwatch:namespace": "lake"}}), False),
        (allow("s3:*"), True),
        (allow("*"), True),
        (allow("s3:*", condition=prefixes("a/*")), True),
        (allow(who="Service glue.amazonaws.com"), False),
        (allow(who="AWS arn:aws:iam::111122223333:root"), True),
        (allow(who="*"), True),
    ],
)
def test_of_a_new_role_only_what_is_wide_deserves_a_look(grant: Grant, wide: bool) -> None:
    assert is_wide(grant, of_a_role=True) is wide
