"""The documentation: what its blocks hold is right, and what it points at is there."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

import local.__main__
from lake.config_file import ROOT
from lake.dataset import load_dataset
from lake.environment import Environment, load_environment
from local.command.report import OUTDATED
from runner.outcome import EXIT_CODES
from tests.unit.docs.pages import PAGES, Block, blocks

# What a block may say of itself, each looked at by a test; "" is a drawing. SQL is for services that are not here.
KINDS = {
    "",
    "sh",
    "sh aws",
    "python run",
    "python spark",
    "python program",
    "python runner",
    "sql",
    "yaml dataset",
    "yaml environment",
    "markdown comment",
}

TROUBLES = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")


def test_every_block_says_what_it_is() -> None:
    assert [str(block) for block in blocks() if block.info not in KINDS] == []
    assert {block.info for block in blocks()} == KINDS


@pytest.mark.parametrize("block", [*blocks("python run"), *blocks("python spark"), *blocks("python runner")], ids=str)
def test_python_compiles(block: Block) -> None:
    assert ast.parse(block.text).body


def test_the_program_that_is_shown_is_the_one_that_a_test_runs() -> None:
    [program] = blocks("python program")
    assert program.text == (ROOT / "tests/integration/plain_boto3_program.py").read_text(encoding="utf-8")


def test_every_command_of_aws_on_this_machine_is_explained_with_its_options() -> None:
    table = (ROOT / "docs" / "local.md").read_text(encoding="utf-8").split("## Commands")[1].split("\n\nEach takes")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE)
    group: Any = typer.main.get_command(local.__main__.app)
    options = {
        name: {option for one in command.params for option in one.opts if option.startswith("--")} - {"--port"}
        for name, command in group.commands.items()
    }
    assert {name: set(re.findall(r"`(--[a-z-]+)`", told)) for name, told in rows} == options


@pytest.mark.parametrize("block", blocks("yaml dataset"), ids=str)
def test_a_dataset_in_the_documentation_is_valid(block: Block, tmp_path: Path) -> None:
    name = yaml.safe_load(block.text)["name"]
    (tmp_path / f"{name}.yaml").write_text(block.text, encoding="utf-8")
    assert load_dataset(name, tmp_path).name == name


@pytest.mark.parametrize("block", blocks("yaml environment"), ids=str)
def test_an_environment_in_the_documentation_is_valid(block: Block, tmp_path: Path) -> None:
    (tmp_path / "dev.yaml").write_text(block.text, encoding="utf-8")
    assert load_environment("dev", tmp_path).account is not None


def test_the_comment_that_is_shown_is_one_that_is_written() -> None:
    [shown] = blocks("markdown comment")
    assert shown.text == (ROOT / "tests/unit/review/expected/shorter_kept.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_field_of_an_environment_is_explained() -> None:
    table = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8").split("## Environments")[1].split("\n## ")[0]
    explained = {
        name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert explained == set(Environment.model_fields) - {"name"}


def test_the_exit_codes_are_those_of_the_runner() -> None:
    table = TROUBLES.split("## Running a pipeline")[1].split("\n\n- ")[0]
    rows = re.findall(r"^\| (`.*?) \| (\d+) \|", table, re.MULTILINE)
    told = {name: int(code) for names, code in rows for name in re.findall(r"`(\w+)`", names)}
    assert told == {status.value: code for status, code in EXIT_CODES.items()}


def code_text() -> str:
    """The code that speaks to a user, as one text."""
    files = [*(ROOT / "local").rglob("*.py"), *(ROOT / "lake").rglob("*.py"), *(ROOT / "runner").rglob("*.py")]
    joined = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return re.sub(r'"\s*\n\s*f?"', "", joined)  # strings that stand on several lines


def messages() -> list[str]:
    """The messages in the first column of the troubleshooting tables: what stands between the dots."""
    quoted = re.findall(r"^\| `([^`]+)` \| [^0-9]", TROUBLES, re.MULTILINE)
    return [part.strip(" .'") for message in quoted for part in re.split(r"…|4566|127\.0\.0\.1", message)]


def test_the_messages_that_are_explained_are_those_that_are_given() -> None:
    text = code_text()
    assert len(messages()) > 15
    assert [part for part in messages() if part not in text and part.strip("()") not in text] == []
    assert OUTDATED.startswith("note: it was started by other code than is here now")
