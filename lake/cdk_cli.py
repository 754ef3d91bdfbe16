"""The CDK's command line, with what the environment needs: `python -m lake.cdk_cli COMMAND --env ENV [cdk args…]`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, TextIO

from lake.account import check_account
from lake.aws import client, process_environment
from lake.config_file import ROOT
from lake.environment import Environment, load_environment
from lake.errors import ConfigError
from lake.lock import hold
from lake.names import DEFAULT_ENVIRONMENT, Names
from lake.node import node

CDK: Final = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
OUTPUT: Final = ROOT / ".lake" / "cdk.out"
WRONG_USE: Final = 2
USAGE: Final = f"usage: python -m lake.cdk_cli COMMAND [--env ENV] [cdk args…]   (default ENV: {DEFAULT_ENVIRONMENT})"

# Commands that want stacks or --all: all stacks, where the arguments name none.
ON_STACKS: Final = frozenset({"deploy", "destroy"})

# Commands that only write templates: they need no credentials.
OFFLINE: Final = frozenset(
    {"synth", "synthesize", "list", "ls", "acknowledge", "ack", "docs", "doc", "init", "notices"}
)

# Neither the CLI nor jsii reports home, nor asks about newer versions: a run needs AWS and nothing else.
QUIET: Final = {
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    "CDK_DISABLE_VERSION_CHECK": "true",
    "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
}


def command_line(command: str, arguments: Sequence[str], environment: Environment) -> list[str]:
    """Return the arguments of the cdk process; an option that the caller gives is taken from the caller."""
    options = {"--output": str(OUTPUT / environment.name)}
    if command == "deploy":
        # On this machine nobody is there to approve; in an account, what opens it wider needs a yes.
        options |= {"--require-approval": "never" if environment.is_local else "broadening", "--progress": "events"}
    if command == "deploy" and environment.is_local:
        options |= {"--method": "direct"}  # no change set: nobody would look at it
    line = [node(), str(CDK), command, "--context", f"env={environment.name}", "--no-notices", "--no-version-reporting"]
    if command in ON_STACKS and not any(is_stack(argument) for argument in arguments):
        line.append("--all")
    for option, value in options.items():
        if not any(argument.split("=")[0] == option for argument in arguments):
            line += [option, value]
    return [*line, *arguments]


def value_of(name: str, arguments: Sequence[str]) -> str | None:
    """Return the value of `--name VALUE` or `--name=VALUE` among cdk's arguments; None where it is not given."""
    for position, argument in enumerate(arguments):
        if argument == name:
            return next(iter(arguments[position + 1 :]), None)
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
    return None


def is_stack(argument: str) -> bool:
    """Tell whether a cdk argument names a stack: all of this app's are called lake-…"""
    return argument.startswith("lake-")


def process_variables(environment: Environment, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the cdk process's environment variables: the venv's programs first, AWS as the environment has it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{environ.get('PATH', os.defpath)}"
    variables = {**process_environment(environment, environ), **QUIET, "PATH": path}
    if environment.is_local:
        # The library's own template validation takes most of a synth; the checks have it on.
        variables.setdefault("CDK_VALIDATION", "false")
        variables["NO_PROXY"] = "127.0.0.1,localhost"
    return variables


def parse(arguments: Sequence[str]) -> tuple[str, str, list[str]]:
    """Return (command, environment's name, other arguments). Raises ConfigError where there is no command."""
    rest = list(arguments)
    env = DEFAULT_ENVIRONMENT
    if "--env" in rest:
        at = rest.index("--env")
        if at + 1 == len(rest):
            raise ConfigError(f"--env: names no environment\n{USAGE}")
        env = rest[at + 1]
        del rest[at : at + 2]
    if not rest or rest[0].startswith("-"):
        raise ConfigError(USAGE)
    return rest[0], env, rest[1:]


def main(arguments: Sequence[str]) -> int:
    """Become the cdk process, so that its exit code and its signals are its own; return 2 for wrong use."""
    try:
        command, env, rest = parse(arguments)
        environment = load_environment(env)
        variables = process_variables(environment, os.environ)
        if command not in OFFLINE:
            check_account(environment, value_of("--profile", rest), os.environ)
        if command == "deploy" and not environment.is_local:
            _check_rows(environment, rest)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    if not CDK.exists():
        print(f"{CDK.relative_to(ROOT)} is not there; `make setup` installs it", file=sys.stderr)
        return WRONG_USE
    line = command_line(command, rest, environment)
    os.chdir(ROOT)
    lock = _only_one_on(Path(value_of("--output", line) or OUTPUT))
    with lock:
        os.execvpe(line[0], line, variables)


def _check_rows(environment: Environment, rest: Sequence[str]) -> None:
    """Raise ConfigError where the rows that are deployed do not take a dataset's change, or AWS does not tell."""
    from botocore.exceptions import BotoCoreError, ClientError

    from lake.dataset import load_datasets
    from lake.review.refuse import check_rows

    profile = value_of("--profile", rest)
    clients = cache(lambda service: client(environment, service, profile=profile))
    try:
        check_rows(Names(environment.name), load_datasets(), [each for each in rest if is_stack(each)], clients)
    except (BotoCoreError, ClientError) as error:
        raise ConfigError(
            f"environment '{environment.name}': AWS did not tell what is deployed: {error}. Nothing was done.\n"
            "A deployment needs cloudformation:DescribeStacks and GetTemplate of its stacks."
        ) from error


def _only_one_on(output: Path) -> TextIO:
    """Wait until no other command writes this output folder: two at once fail with 'Another CLI is synthing'."""
    return hold(
        output.with_name(f"{output.name}.lock"),
        waiting=lambda holder: print(f"Another cdk command is at work on {output} ({holder}): waiting for it"),
        kept_by_exec=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
