import os
import subprocess
import sys
from pathlib import Path

import pytest

from lake.cdk_cli import command_line, parse, process_variables, value_of
from lake.config_file import ROOT
from lake.environment import load_environment
from lake.errors import ConfigError

LOCAL = load_environment("local")
PROD = load_environment("prod")


def test_environment_is_local_where_none_is_named() -> None:
    assert parse(["deploy"]) == ("deploy", "local", [])


def test_environment_may_stand_anywhere_after_the_command() -> None:
    assert parse(["diff", "lake-dev", "--env", "dev", "--strict"]) == ("diff", "dev", ["lake-dev", "--strict"])


@pytest.mark.parametrize("arguments", [[], ["--env", "dev"], ["deploy", "--env"]])
def test_wrong_use_prints_the_usage(arguments: list[str]) -> None:
    with pytest.raises(ConfigError, match=r"usage: python -m lake\.cdk_cli"):
        parse(arguments)


def test_a_local_deployment_asks_nothing() -> None:
    line = command_line("deploy", [], LOCAL)
    assert line[line.index("--require-approval") + 1] == "never"
    assert "--all" in line


def test_a_deployment_to_an_account_asks_before_it_opens_anything_wider() -> None:
    line = command_line("deploy", [], PROD)
    assert line[line.index("--require-approval") + 1] == "broadening"
    assert "--method" not in line


def test_a_named_stack_is_deployed_alone() -> None:
    line = command_line("deploy", ["lake-local-flights"], LOCAL)
    assert "--all" not in line
    assert line[-1] == "lake-local-flights"


@pytest.mark.parametrize("arguments", [["--output", "elsewhere"], ["--output=elsewhere"]])
def test_an_option_of_the_caller_takes_the_place_of_ours(arguments: list[str]) -> None:
    line = command_line("synth", arguments, LOCAL)
    assert [part for part in line if part.split("=")[0] == "--output"] == arguments[:1]


def test_local_processes_find_the_venvs_programs_first_and_validate_nothing() -> None:
    variables = process_variables(LOCAL, {"PATH": "/usr/bin"})
    assert variables["PATH"].endswith(":/usr/bin")
    assert variables["CDK_VALIDATION"] == "false"
    assert process_variables(LOCAL, {"CDK_VALIDATION": "true"})["CDK_VALIDATION"] == "true"
    assert "CDK_VALIDATION" not in process_variables(PROD, {})


def test_an_unknown_environment_ends_with_exit_code_2_and_the_known_ones() -> None:
    line = [sys.executable, "-m", "lake.cdk_cli", "synth", "--env", "nosuch"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "unknown environment 'nosuch'; known: dev, local, prod, staging\n"


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (["--profile", "someone"], "someone"),
        (["lake-dev", "--profile=someone"], "someone"),
        (["--profile"], None),
        (["lake-dev"], None),
    ],
)
def test_an_options_value_is_found_among_cdks_arguments(arguments: list[str], value: str | None) -> None:
    assert value_of("--profile", arguments) == value


def test_without_credentials_nothing_of_the_cdk_is_started(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "lake.cdk_cli", "deploy", "--env", "dev", "--output", str(tmp_path / "out")]
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_REGION": "us-east-1"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environ = {**kept, **nowhere, "AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run(line, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "environment 'dev': AWS does not know who asks: Unable to locate credentials" in done.stderr
    assert "--profile NAME" in done.stderr
    assert list(tmp_path.iterdir()) == []
