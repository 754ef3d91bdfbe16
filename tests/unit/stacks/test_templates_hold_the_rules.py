"""The checks of `make check`: CloudFormation's rules, cdk-nag's, and the templates as they were reviewed."""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from app import build, new_app
from lake.config import load_config
from lake.dataset import dataset_names
from lake.names import Names
from tests.unit.stacks.compliance import PACKS, standing
from tests.unit.stacks.synthesis import Json, config_of

pytestmark = pytest.mark.check

ENVIRONMENTS = ["local", "prod"]
EVERY = [*ENVIRONMENTS, "whole"]  # an environment and a dataset that use every field
SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "UPDATE_SNAPSHOTS"
# Of AwsSolutions, in stacks/, with three datasets.
ACKNOWLEDGED = 50
ASSET_HASH = re.compile(r"[0-9a-f]{64}")


@pytest.mark.parametrize("env", EVERY)
def test_cfn_lint_finds_nothing(env: str, request: pytest.FixtureRequest) -> None:
    assembly: Path = request.getfixturevalue(f"{env}_assembly")
    templates = sorted(str(path) for path in assembly.glob("*.template.json"))
    assert templates
    cfn_lint = Path(sys.executable).with_name("cfn-lint")
    line = [str(cfn_lint), "--format", "parseable", "--regions", "us-east-1", "--", *templates]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_what_cdk_nag_and_the_cdks_own_validation_find_has_a_reason_each(
    env: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = Names(env)
    reasons = standing(names.storage_stack, [names.pipeline_stack(each) for each in dataset_names()])
    assert nag_findings(env, tmp_path) == set(reasons)
    with capsys.disabled():
        print(f"\n{env}: {len(reasons)} findings of {', '.join(PACKS)} stand, each with its reason")


def test_the_number_of_findings_that_stand_is_the_one_that_was_agreed_on() -> None:
    per_lake = len(standing("lake", []))
    per_dataset = len(standing("lake", ["dataset"])) - per_lake
    assert (per_lake, per_dataset) == (12, 6)


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_the_number_of_acknowledgements_in_the_stacks_is_the_one_that_was_agreed_on(
    env: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[tuple[str, str]] = []
    acknowledgment = cdk.Acknowledgment

    def counted(*, id: str, reason: str) -> cdk.Acknowledgment:
        made.append((id, reason))
        return acknowledgment(id=id, reason=reason)

    monkeypatch.setattr(cdk, "Acknowledgment", counted)
    build(new_app(), load_config(env))
    with capsys.disabled():
        print(f"\n{env}: {len(made)} acknowledgements of AwsSolutions")
    assert len(made) == ACKNOWLEDGED
    assert all(reason.strip() for _, reason in made)


def test_cdk_nag_sees_what_is_not_acknowledged(tmp_path: Path) -> None:
    from aws_cdk import aws_s3 as s3

    def with_an_open_bucket(app: cdk.App) -> None:
        s3.Bucket(cdk.Stack(app, "Other"), "Open")

    found = {rule for rule, _ in nag_findings("local", tmp_path, with_an_open_bucket)}
    assert {"AwsSolutions-S1", *(f"{pack}-S3BucketVersioningEnabled" for pack in PACKS)} <= found


def nag_findings(env: str, outdir: Path, more: Callable[[cdk.App], None] | None = None) -> set[tuple[str, str]]:
    """Return what the app breaks in an environment by the plugins' report: the rule, and the construct's path."""
    from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks

    app = new_app(str(outdir), validate=True)
    build(app, config_of(env))
    if more is not None:
        more(app)
    packs = (AwsSolutionsChecks, NIST80053R5Checks, HIPAASecurityChecks, PCIDSS321Checks)
    cdk.Validations.of(app).add_plugins(*(pack(app) for pack in packs))
    with suppress(RuntimeError):  # what a finding raises; that it was written down is what counts
        app.synth()
    report = json.loads((outdir / "validation-report.json").read_text())
    return {
        (found["ruleName"], construct["constructPath"])
        for plugin in report["pluginReports"]
        for found in plugin["violations"]
        for construct in found["violatingConstructs"]
    }


@pytest.mark.parametrize("env", EVERY)
def test_templates_are_as_they_were_reviewed(env: str, request: pytest.FixtureRequest) -> None:
    templates: dict[str, Json] = request.getfixturevalue(f"{env}_templates")
    changes = "".join(change for stack, template in templates.items() for change in changes_of(stack, template))
    assert not changes, f"\n{changes}\nIf that is meant: {UPDATE}=1 make check, and commit the snapshots"


def in_one_order(value: Any) -> Any:
    """Return the template with the resources of statements sorted: the CDK sorts them by the hashes that are masked."""
    if isinstance(value, list):
        return [in_one_order(each) for each in value]
    if not isinstance(value, dict):
        return value
    ordered = {name: in_one_order(each) for name, each in value.items()}
    if "Effect" in ordered and isinstance(ordered.get("Resource"), list):
        ordered["Resource"] = sorted(ordered["Resource"], key=json.dumps)
    return ordered


def changes_of(stack: str, template: Json) -> list[str]:
    """Return the difference between a stack's snapshot and its template; with UPDATE_SNAPSHOTS set there is none."""
    snapshot = SNAPSHOTS / f"{stack}.json"
    masked = json.loads(ASSET_HASH.sub("<asset>", json.dumps(template)))
    now = json.dumps(in_one_order(masked), indent=1) + "\n"
    if os.environ.get(UPDATE):
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(now)
    before = snapshot.read_text() if snapshot.exists() else ""
    return list(
        difflib.unified_diff(before.splitlines(True), now.splitlines(True), f"{stack} reviewed", f"{stack} now")
    )


def test_a_snapshot_of_every_stack_is_kept_and_no_other(
    local_templates: dict[str, Json], prod_templates: dict[str, Json], whole_templates: dict[str, Json]
) -> None:
    kept = {path.stem for path in SNAPSHOTS.glob("*.json")}
    assert kept == {*local_templates, *prod_templates, *whole_templates}


def test_snapshots_hold_no_asset_hash() -> None:
    for path in SNAPSHOTS.glob("*.json"):
        assert not ASSET_HASH.search(path.read_text())
