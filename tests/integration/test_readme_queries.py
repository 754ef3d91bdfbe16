"""The queries of docs/query.md, run as they stand there against a lake on this machine."""

import subprocess
import sys

import pytest

from local.settings import PROJECT
from tests.integration.lake import NAMES, Lake
from tests.unit.docs.pages import Block, blocks

pytestmark = pytest.mark.integration

PAGE = PROJECT / "docs" / "query.md"


def on_the_page(info: str) -> list[Block]:
    return [block for block in blocks(info) if block.page == PAGE]


@pytest.fixture(scope="module")
def printed(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the blocks of Python print, one after the other, in a shell where the page's own commands were run."""
    glue = lake.aws.client("glue")
    tables = glue.get_tables(DatabaseName=NAMES.curated_database)["TableList"]
    if NAMES.curated_table("flights") not in {table["Name"] for table in tables}:
        assert lake.command("-m", "samples", "flights").returncode == 0
        ran = lake.run("flights")
        assert ran.returncode == 0, ran.stdout
    script = tmp_path_factory.mktemp("queries") / "queries.py"
    script.write_text("\n".join(block.text for block in on_the_page("python run")), encoding="utf-8")
    (shell,) = on_the_page("sh")
    done = subprocess.run(
        ["bash", "-euc", f"{shell.text}\nexec {sys.executable} {script}"],
        cwd=PROJECT,
        env=_without_aws(lake),
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _without_aws(lake: Lake) -> dict[str, str]:
    """A user's shell: nothing of AWS is set but where this lake's AWS listens."""
    kept = {name: value for name, value in lake.environment.items() if not name.startswith(("AWS_", "PYICEBERG_"))}
    return {**kept, "AWS_ENDPOINT_URL": lake.settings.endpoint}


def test_pyiceberg_reads_the_filtered_rows(printed: str) -> None:
    assert "707 flights of more than 4,000 miles" in printed


def test_duckdb_queries_the_table(printed: str) -> None:
    assert "│ F9      │     685 │         21.9 │" in printed


def test_the_runs_table_tells_of_the_run_that_brought_all(printed: str) -> None:
    assert "published 336776 336776 0" in printed
