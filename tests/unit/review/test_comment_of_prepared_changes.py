"""The comment for each prepared change of the real templates, whole."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lake.names import Names
from lake.review.change import Stack, changes
from lake.review.comment import comment
from lake.review.dangers import dangers, is_refused
from lake.review.grants import Grant, is_wide
from tests.unit.review.prepared import CHANGES

EXPECTED = Path(__file__).parent / "expected"
NAMES = Names("prod")
UPDATE = "UPDATE_SNAPSHOTS"


@pytest.mark.parametrize("name", CHANGES)
def test_comment_is_as_it_was_reviewed(name: str, stacks: dict[str, Stack]) -> None:
    written = comment(NAMES, changes(*CHANGES[name](stacks)))
    file = EXPECTED / f"{name}.md"
    if os.environ.get(UPDATE):
        file.write_text(written, encoding="utf-8")
    assert written == file.read_text(encoding="utf-8")


def test_every_expected_comment_is_of_a_prepared_change() -> None:
    assert {path.stem for path in EXPECTED.glob("*.md")} == set(CHANGES)
    assert len(CHANGES) >= 10


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("nothing", set()),
        ("new_code", set()),
        ("wider_role", {"Access is opened wider"}),
        ("replaced_data", {"Data", "Kept for less long"}),
        ("weaker_encryption", {"Encryption is weakened"}),
        ("public_bucket", {"Public access", "Access is opened wider"}),
        ("shorter_kept", {"Kept for less long", "Protection of a stack"}),
        ("added_dataset", set()),
        ("removed_dataset", {"Data"}),
        ("changed_key", {"A dataset changes in what its rows do not take"}),
        ("bigger_job", set()),
    ],
)
def test_what_is_dangerous_is_found_and_nothing_else(name: str, kinds: set[str], stacks: dict[str, Stack]) -> None:
    found = changes(*CHANGES[name](stacks))
    assert {danger.kind for change in found for danger in dangers(change, NAMES)} == kinds
    assert any(map(is_refused, found)) == (name == "changed_key")


def test_no_comment_shows_the_hash_of_an_asset(stacks: dict[str, Stack]) -> None:
    code = str(stacks["lake-prod-flights"].template)
    assert any(len(word) == 64 for word in code.replace(".", "/").split("/"))
    for path in EXPECTED.glob("*.md"):
        assert not any(len(word.split(".")[0]) == 64 for word in path.read_text().replace("/", " ").split())


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"cloudwatch:namespace": "lake-prod"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
    ],
)
def test_metrics_are_narrowed_by_their_namespace_alone(condition: dict[str, Any], expected: bool) -> None:
    grant = Grant("Allow", "", "cloudwatch:PutMetricData", "*", json.dumps(condition))
    assert is_wide(grant, of_a_role=True) is expected
