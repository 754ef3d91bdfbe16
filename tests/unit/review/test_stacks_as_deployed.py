"""What is read of AWS for a review, against a scripted AWS."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lake.names import Names
from lake.review.change import Stack, changes
from lake.review.comment import comment
from lake.review.stacks import deployed

NAMES = Names("prod")
ACCOUNT = "111122223333"
REGION = "eu-central-1"


@dataclass
class Aws:
    """CloudFormation, S3 and Glue of one account; `refuses` names calls that end with AccessDenied."""

    stacks: dict[str, Stack]
    tables: set[str] = field(default_factory=set)
    refuses: set[str] = field(default_factory=set)

    def __call__(self, service: str) -> Any:
        return self

    def get_paginator(self, name: str) -> Any:
        assert name == "describe_stacks"
        return self

    def paginate(self) -> Any:
        other = [{"StackName": "lake-prodigy", "StackStatus": "CREATE_COMPLETE"}]
        planned = [{"StackName": "lake-prod-planned", "StackStatus": "REVIEW_IN_PROGRESS"}]
        ours = [
            {
                "StackName": name,
                "StackStatus": "UPDATE_COMPLETE",
                "StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/1",
                "EnableTerminationProtection": stack.protected,
            }
            for name, stack in self.stacks.items()
        ]
        return [{"Stacks": other + planned}, {"Stacks": ours}]

    def get_template(self, **given: str) -> Any:
        # As CloudFormation gives it back.
        text = json.dumps(self.stacks[given["StackName"]].template, ensure_ascii=False)
        return {"TemplateBody": json.loads("".join(c if c.isascii() else "?" for c in text))}

    def get_object(self, **given: str) -> Any:
        self._refused("GetObject")
        assert given["Bucket"] == f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
        [dataset] = [
            stack.dataset for stack in self.stacks.values() if f'"{given["Key"]}"' in json.dumps(stack.template)
        ]
        return {"Body": io.BytesIO(json.dumps(dataset).encode())}

    def get_table(self, **given: str) -> Any:
        self._refused("GetTable")
        assert given["DatabaseName"] == "lake_prod_curated"
        if given["Name"] not in self.tables:
            raise ClientError({"Error": {"Code": "EntityNotFoundException", "Message": given["Name"]}}, "GetTable")
        return {}

    def _refused(self, action: str) -> None:
        if action in self.refuses:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, action)


def test_a_lake_that_is_deployed_as_it_is_declared_has_no_changes(stacks: dict[str, Stack]) -> None:
    assert comment(NAMES, changes(deployed(NAMES, Aws(stacks)), stacks)) == "### `prod`: no changes\n"


def test_text_that_is_not_ascii_is_no_change(stacks: dict[str, Stack]) -> None:
    template: Any = json.loads(json.dumps(stacks["lake-prod"].template))
    template["Description"] = "Données, Größen"
    declared = {**stacks, "lake-prod": Stack("lake-prod", template)}
    assert comment(NAMES, changes(deployed(NAMES, Aws(declared)), declared)) == "### `prod`: no changes\n"


def test_only_the_environments_own_stacks_are_read_and_those_that_are_there(stacks: dict[str, Stack]) -> None:
    assert set(deployed(NAMES, Aws(stacks))) == set(stacks)


def test_rows_are_there_where_the_curated_table_is_or_where_that_may_not_be_asked(stacks: dict[str, Stack]) -> None:
    found = deployed(NAMES, Aws(stacks, tables={"flights"}))
    assert {name for name, stack in found.items() if stack.has_rows} == {"lake-prod-flights"}
    unasked = deployed(NAMES, Aws(stacks, refuses={"GetTable"}))
    assert {name for name, stack in unasked.items() if stack.has_rows} == set(stacks) - {"lake-prod"}


def test_a_dataset_that_cannot_be_read_is_said_to_be_unknown(stacks: dict[str, Stack]) -> None:
    before = deployed(NAMES, Aws(stacks, refuses={"GetObject"}))
    template: Any = json.loads(json.dumps(stacks["lake-prod-flights"].template))
    template["Description"] = "other"
    declared = {**stacks, "lake-prod-flights": Stack("x", template, dataset=stacks["lake-prod-flights"].dataset)}
    assert "whether its key, partitions or types change is not known" in comment(NAMES, changes(before, declared))


@pytest.mark.parametrize("protected", [True, False])
def test_termination_protection_is_read(protected: bool, stacks: dict[str, Stack]) -> None:
    aws = Aws({"lake-prod": Stack("lake-prod", stacks["lake-prod"].template, protected)})
    assert deployed(NAMES, aws)["lake-prod"].protected is protected


def test_a_dataset_that_changed_and_cannot_be_read_is_not_taken_for_no_change(stacks: dict[str, Stack]) -> None:
    before = deployed(NAMES, Aws(stacks, refuses={"GetObject"}))
    text = json.dumps(stacks["lake-prod-flights"].template)
    name = json.loads(text)["Resources"]["Job3AAC5AA8"]["Properties"]["DefaultArguments"]["--DATASET_FILE"]
    template = json.loads(text.replace(name, f"{'0' * 64}.json"))
    declared = {**stacks, "lake-prod-flights": Stack("x", template, dataset=stacks["lake-prod-flights"].dataset)}
    assert "`prod`: 1 stack of 4 would change" in comment(NAMES, changes(before, declared))
