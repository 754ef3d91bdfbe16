"""A user's own file becomes a curated table by commands alone: a dataset is made from it, deployed, brought and run."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import vega_datasets

from local.settings import PROJECT
from tests.integration.lake import Lake
from tests.integration.raw import curated_rows, query

pytestmark = pytest.mark.integration

DATA = Path(vega_datasets.__file__).parent / "_data"
# What the commands need of the project, which a test may not write datasets into.
COPIED = (
    "app.py", "cdk.json", "run.py", "datasets", "environments", "glue_scripts", "lake", "local", "runner", "samples",
    "stacks",
)  # fmt: skip
LINKED = (".venv", "node_modules", ".lake/jars")


@dataclass(frozen=True)
class Project:
    """A copy of the project; its commands work on the lake of the tests."""

    folder: Path
    lake: Lake

    def run(self, *arguments: str) -> str:
        """Run Python with these arguments, which must succeed; what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.lake.environment,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def project(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("own") / "project"
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy2(source, folder / name)
    for name in LINKED:
        (folder / name).parent.mkdir(exist_ok=True)
        os.symlink(PROJECT / name, folder / name)
    return Project(folder, lake)


@pytest.mark.parametrize(
    ("name", "file", "reader", "measures"),
    [
        (
            "airports",
            "airports.csv",
            "read_csv",
            "count(*), count(DISTINCT iata), round(sum(latitude), 3), count(city)",
        ),
        ("barley", "barley.json", "read_json", "count(*), round(sum(yield), 3), min(year), max(site)"),
    ],
)
def test_a_file_of_another_package_becomes_a_table_without_a_line_of_code(
    project: Project, name: str, file: str, reader: str, measures: str
) -> None:
    project.run("-m", "lake.sketch", name, str(DATA / file))
    project.run("-m", "lake.cdk_cli", "deploy", "--env", "local")
    project.run("-m", "samples", "put", name, str(DATA / file), "--env", "local")

    shown = project.run("run.py", name)

    assert shown.rstrip().endswith("final_status: SUCCEEDED")
    curated = curated_rows(project.lake, name)
    assert query(f"SELECT {measures} FROM curated", curated=curated) == query(
        f"SELECT {measures} FROM {reader}('{DATA / file}')"
    )
