"""What every command does around its own work: opens the environment, and turns errors into messages and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from lake.dataset import dataset_names
from lake.environment import load_environment
from lake.errors import ConfigError, unknown_name
from runner.aws import Aws
from runner.errors import AwsError, WrongUse
from runner.outcome import EXIT_CODES, WRONG_USE, FinalStatus


def in_environment(env: str, profile: str | None, command: Callable[[Aws], int]) -> int:
    """Return the command's exit code: 2 where it was used wrongly, 6 where AWS could not be asked, 130 by Ctrl-C."""
    try:
        aws = Aws(load_environment(env), profile, os.environ)
        try:
            return command(aws)
        except AwsError as error:
            print(f"error: {error}", file=sys.stderr)
            if remedy := aws.remedy(error):
                print(remedy, file=sys.stderr)
            return EXIT_CODES[FinalStatus.UNREACHABLE]
    except (ConfigError, WrongUse) as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return EXIT_CODES[FinalStatus.INTERRUPTED]


def chosen(aws: Aws, pipelines: Sequence[str]) -> list[str]:
    """Return the pipelines that were named, each once, or the environment's default; raises ConfigError for others."""
    known = dataset_names()
    names = list(dict.fromkeys(pipelines)) or [aws.environment.default_pipeline]
    for pipeline in names:
        if pipeline not in known:
            raise unknown_name("pipeline", pipeline, known)
    return names
