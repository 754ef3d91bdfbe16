"""The CDK's own `diff`, run on the same templates, names the same resources and the same fates."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lake.cdk_cli import CDK, process_variables
from lake.environment import load_environment
from lake.node import node
from lake.review.change import Kind, Stack, changes
from tests.unit.review.prepared import CHANGES

SIGN = re.compile(r"^\[([-+~])\] AWS::\S+ (?:\S+/\S+ )?(\w+)(.*)$", re.MULTILINE)
FATES: dict[str, Kind] = {"+": "added", "-": "removed", "~": "changed"}


@pytest.mark.parametrize(
    ("name", "stack"),
    [
        ("new_code", "lake-prod-planes"),
        ("wider_role", "lake-prod-flights"),
        ("replaced_data", "lake-prod"),
        ("weaker_encryption", "lake-prod"),
        ("shorter_kept", "lake-prod"),
    ],
)
def test_cdk_names_the_same_resources(
    name: str, stack: str, stacks: dict[str, Stack], prod_outdir: Path, tmp_path: Path
) -> None:
    before, after = CHANGES[name](stacks)
    assembly = shutil.copytree(prod_outdir, tmp_path / "cdk.out")
    (assembly / f"{stack}.template.json").write_text(json.dumps(after[stack].template))
    (tmp_path / "deployed.json").write_text(json.dumps(before[stack].template))
    line = [node(), str(CDK), "diff", stack, "--app", str(assembly), "--template", str(tmp_path / "deployed.json")]
    done = subprocess.run(
        [*line, "--exclusively", "--no-color", "--no-notices"],
        env=process_variables(load_environment("local"), os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    theirs = {
        logical_id: "replaced" if "replace" in rest and "may be" not in rest else FATES[sign]
        for sign, logical_id, rest in SIGN.findall(done.stdout)
    }
    # The CDK names what refers to a replaced resource too; here it stands for itself.
    old, new = before[stack].template["Resources"], after[stack].template["Resources"]
    theirs = {each: fate for each, fate in theirs.items() if old.get(each) != new.get(each)}
    [ours] = [change for change in changes(before, after) if change.name == stack]
    if name == "new_code":
        assert (ours.resources, ours.new_code) == ((), True)
        assert set(theirs.values()) == {"changed"}  # the noise that the comment takes out
    else:
        assert theirs == {each.logical_id: each.kind for each in ours.resources}, done.stdout
