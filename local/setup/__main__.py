"""`python3.11 -m local.setup install|up|run`, which make calls.

Standard library only, until the venv's Python takes over.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import nullcontext

from local.setup.errors import SetupError
from local.setup.install import install_python, install_rest, only_one_run, runs_in_venv
from local.setup.paths import PROJECT
from local.setup.process import Terminated, end_with_parent

USAGE = """usage: python3.11 -m local.setup COMMAND
  install   bring what is missing: Python packages, the CDK's command line, Java archives
  up        install, then start AWS on this machine and make it ready for the CDK
  run       up, then deploy, bring samples and run the default pipeline"""
COMMANDS = ("install", "up", "run")


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    0 done, 1 a step failed, 2 wrong use, 130 interrupted, 143 told to end.
    """
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(USAGE, file=sys.stderr)
        return 2
    end_with_parent()
    try:
        if not runs_in_venv(PROJECT, sys.prefix):
            install_python(PROJECT)
            _go_on_in_venv(arguments)
        lock = only_one_run(PROJECT) if arguments == ["run"] else nullcontext()
        with lock:
            install_rest(PROJECT)
            if arguments != ["install"]:
                from local.setup.first_run import first_run, start

                start(PROJECT)
                if arguments == ["run"]:
                    first_run(PROJECT)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"error: {error}. Free some space on that disk, then run it again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; run it again to go on", file=sys.stderr)
        return 130
    except Terminated:
        return 143
    return 0


def _go_on_in_venv(arguments: list[str]) -> None:
    """Replace this process by the venv's Python with the same command."""
    sys.stdout.flush()
    os.execv(PROJECT.python, [str(PROJECT.python), "-m", "local.setup", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
