"""Every command in the documentation is one that there is, with options that it has. None is run here."""

import re
import shlex
from typing import Any

import pytest
import typer
import typer.main

import local.__main__
import runner.cli
import samples.__main__
from lake.cdk_cli import parse
from lake.config_file import ROOT
from lake.dataset import dataset_names
from lake.environment import environment_names
from tests.unit.docs.pages import PAGES, Block, blocks

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z]+):.*## ", MAKEFILE, flags=re.MULTILINE)
MAKE_VARIABLES = {"ENV", "ARGS", "NAME", "FILE", "PYTHON"}
PYTHONS = ("python", ".venv/bin/python")
OTHERS = {"eval", "export"}
# The names of what the reader makes.
EXAMPLES = {"orders"}


def commands(block: Block) -> list[list[str]]:
    """The words of each command of a block of shell; comments are none."""
    lines = [command for line in block.text.splitlines() for command in line.split(" && ")]
    return [words for words in (shlex.split(line, comments=True) for line in lines) if words]


SHELL = [(block, words) for info in ("sh", "sh aws") for block in blocks(info) for words in commands(block)]


def test_there_are_commands_on_every_page_that_tells_what_to_do() -> None:
    assert {"README.md", "datasets.md", "deploy.md", "query.md"} <= {block.page.name for block, _ in SHELL}


@pytest.mark.parametrize(
    ("block", "words"), SHELL, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_command_is_one_that_there_is(block: Block, words: list[str]) -> None:
    if words[0] == "make":
        check_make(words[1:])
    elif words[0] in PYTHONS:
        check_python(words[1:])
    else:
        assert words[0] in OTHERS, f"{block}: nothing here checks '{' '.join(words)}'"


def check_make(words: list[str]) -> None:
    variables = dict(word.split("=", 1) for word in words if "=" in word)
    targets = [word for word in words if "=" not in word]
    assert set(targets) <= set(TARGETS)
    assert len(targets) == 1
    assert set(variables) <= MAKE_VARIABLES
    assert variables.get("ENV", "local") in environment_names()


def check_python(words: list[str]) -> None:
    if words[0] == "run.py":
        given = parsed(runner.cli.app, words[1:])
        assert set(given.get("pipelines") or ()) <= {*dataset_names(), *EXAMPLES}
        assert given.get("env", "local") in environment_names()
        return
    assert words[0] == "-m"
    match words[1]:
        case "samples":
            given = parsed(samples.__main__.app, words[2:])
            assert given.get("env", "local") in environment_names()
        case "local":
            parsed(local.__main__.app, words[2:])
        case "lake.cdk_cli":
            command, environment, _ = parse(words[2:])
            assert command in {"bootstrap", "destroy"}
            assert environment in environment_names()
        case module:
            pytest.fail(f"nothing here checks {module}")


def parsed(app: typer.Typer, arguments: list[str]) -> dict[str, Any]:
    """What a command line takes from these arguments; its own error where it does not take them."""
    group: Any = typer.main.get_command(app)
    if "--help" in arguments:
        return {}
    outer = group.make_context("docs", list(arguments))
    name, command, rest = group.resolve_command(outer, [*outer._protected_args, *outer.args])
    found: dict[str, Any] = command.make_context(name, rest, parent=outer).params
    return found


@pytest.mark.parametrize("arguments", [["flights", "--nosuch"], ["flights", "--timeout"]])
def test_an_option_that_there_is_not_would_be_noticed(arguments: list[str]) -> None:
    with pytest.raises(Exception, match=r"No such option|requires an argument"):
        parsed(runner.cli.app, arguments)


def test_every_make_target_that_is_named_in_a_sentence_is_there() -> None:
    named = {name for page in PAGES for name in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8"))}
    assert named <= set(TARGETS)
    assert {"run", "down"} <= named
