"""The comment about a lake that is deployed: `python -m lake.review`, as `make diff` and pull requests run it."""

import json
import shutil
from pathlib import Path

import pytest

from lake.names import Names
from tests.integration.lake import Lake

pytestmark = pytest.mark.soak

NAMES = Names("local")


def review(lake: Lake, assembly: Path) -> tuple[int, str, str]:
    done = lake.command("-m", "lake.review", "--env", "local", "--assembly", str(assembly), "--refuse")
    return done.returncode, done.stdout, done.stderr


def test_a_lake_as_it_was_deployed_has_no_changes(lake: Lake) -> None:
    assert review(lake, lake.output) == (0, "### `local`: no changes\n", "")


def test_a_change_of_a_template_is_told_by_stack_and_resource(lake: Lake, tmp_path: Path) -> None:
    assembly = shutil.copytree(lake.output, tmp_path / "cdk.out")
    template = lake.template("lake-local-planes")
    [job] = [each for each in template["Resources"].values() if each["Type"] == "AWS::Glue::Job"]
    job["Properties"]["Timeout"] = 77
    (assembly / "lake-local-planes.template.json").write_text(json.dumps(template))
    code, text, _ = review(lake, assembly)
    assert code == 0
    assert text.startswith("### `local`: 1 stack of 4 would change\n\nNothing dangerous was found.\n")
    assert "`Timeout`: `60` → `77`" in text


def test_a_change_that_the_rows_of_a_table_do_not_take_is_refused_and_without_rows_it_is_not(
    lake: Lake, tmp_path: Path
) -> None:
    assembly = shutil.copytree(lake.output, tmp_path / "cdk.out")
    template = lake.template("lake-local-weather")
    [job] = [each for each in template["Resources"].values() if each["Type"] == "AWS::Glue::Job"]
    file = job["Properties"]["DefaultArguments"]["--DATASET_FILE"]
    dataset = json.loads((assembly / f"asset.{file}").read_text())
    dataset["partition_by"] = []
    (assembly / f"asset.{file}").write_text(json.dumps(dataset))
    assert review(lake, assembly)[0] == 0
    table = {"Name": "weather", "StorageDescriptor": {"Columns": []}}
    glue = lake.aws.client("glue")
    glue.create_table(DatabaseName=NAMES.curated_database, TableInput=table)
    try:
        code, text, _ = review(lake, assembly)
    finally:
        glue.delete_table(DatabaseName=NAMES.curated_database, Name="weather")
    assert code == 1
    assert "this is refused" in text
