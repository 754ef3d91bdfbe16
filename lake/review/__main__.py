"""Writes what a deployment would change: `python -m lake.review --env ENV`, after `make synth ENV=…`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Final

from lake.account import check_account
from lake.aws import client
from lake.cdk_cli import OUTPUT
from lake.environment import load_environment
from lake.errors import ConfigError
from lake.names import DEFAULT_ENVIRONMENT, Names
from lake.review.change import changes
from lake.review.comment import comment
from lake.review.dangers import is_refused
from lake.review.stacks import declared, deployed

REFUSED: Final = 1
WRONG_USE: Final = 2
NOT_ASKED: Final = 6


def main(arguments: Sequence[str]) -> int:
    """Print the comment; return 1 with --refuse where rows do not take a change, 2 for wrong use, 6 without AWS."""
    parser = argparse.ArgumentParser(prog="python -m lake.review", description=__doc__)
    parser.add_argument("--env", default=DEFAULT_ENVIRONMENT)
    parser.add_argument("--profile", help="of the AWS configuration")
    parser.add_argument("--assembly", type=Path, help="the cloud assembly; without it what `make synth` wrote")
    parser.add_argument("--refuse", action="store_true", help="end with 1 where a table's rows do not take a change")
    given = parser.parse_args(arguments)
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        environment = load_environment(given.env)
        check_account(environment, given.profile, os.environ)
        assembly = given.assembly or OUTPUT / environment.name
        if not (assembly / "manifest.json").exists():
            raise ConfigError(f"{assembly}: holds no templates; `make synth ENV={environment.name}` writes them")
        names = Names(environment.name)
        clients = cache(partial(client, environment, profile=given.profile))
        found = changes(deployed(names, clients), declared(assembly))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except (BotoCoreError, ClientError) as error:
        print(f"environment '{given.env}': AWS did not tell what is deployed: {error}", file=sys.stderr)
        return NOT_ASKED
    print(comment(names, found), end="")
    return REFUSED if given.refuse and any(map(is_refused, found)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
