"""The command line. Imports nothing that `--help` does not need: the rest is imported inside the commands."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer
from typer.core import TyperGroup

from lake.names import DEFAULT_ENVIRONMENT
from runner.options import IfBusy, OnInterrupt

PROGRAM = "python run.py"
DEFAULT_COMMAND = "start"

HELP = """Start a pipeline of the lake, wait for its end, and report it."""

EPILOG = """\b
Examples:
  python run.py                            the environment's default pipeline, on this machine
  python run.py flights                    one pipeline; the same as: python run.py start flights
  python run.py flights --env prod         in an AWS account
  python run.py flights --timeout 45m      wait no longer than that; the run goes on
  python run.py flights --no-wait          start it and leave
  python run.py flights --json             one JSON object a pipeline on stdout

\b
Exit codes:
  0 succeeded (or started)   1 failed   2 wrong use or configuration   3 timed out   4 stopped
  5 refused by its data rules   6 AWS could not be asked   130 interrupted
"""


class StartByDefault(TyperGroup):
    """The group of commands; where the first word is none of them, it is `start`'s."""

    # typer vendors click's Context, which it does not export.
    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put `start` before arguments that name no command."""
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else [DEFAULT_COMMAND, *args])


app = typer.Typer(
    cls=StartByDefault,
    help=HELP,
    epilog=EPILOG,
    # rich would take half the time that --help may.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


@app.callback()
def _commands() -> None:
    """Keep `start` a command of its own while it is the only one."""


@app.command(epilog=EPILOG)
def start(
    pipelines: Annotated[
        list[str] | None,
        typer.Argument(metavar="PIPELINE", help="Default: the environment's default pipeline."),
    ] = None,
    env: Annotated[str, typer.Option("--env", metavar="ENV", help="A file of environments/.")] = DEFAULT_ENVIRONMENT,
    run_id: Annotated[
        str | None, typer.Option("--run-id", metavar="ID", help="Name of the run. Default: a new one.")
    ] = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Start it and leave.")] = False,
    timeout: Annotated[
        str | None,
        typer.Option(
            metavar="45m",
            help="Wait no longer; the run goes on. Default: the job's own time limit and an hour.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a pipeline on stdout.")] = False,
    profile: Annotated[
        str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration to use.")
    ] = None,
    if_busy: Annotated[
        IfBusy,
        typer.Option(
            help="Where another run of the pipeline goes on: wait for its end, then start; or fail.",
        ),
    ] = "wait",
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="All lines of the job's log, Spark's and Glue's too.")
    ] = False,
    on_interrupt: Annotated[
        OnInterrupt | None,
        typer.Option(help="What Ctrl-C does with runs that go on. Default: ask on a terminal, else leave."),
    ] = None,
) -> None:
    """Start pipelines and wait for their end."""
    from runner.command_start import StartOptions, start_command

    options = StartOptions(
        pipelines=pipelines or [],
        env=env,
        run_id=run_id,
        no_wait=no_wait,
        timeout=timeout,
        json=as_json,
        profile=profile,
        if_busy=if_busy,
        verbose=verbose,
        on_interrupt=on_interrupt,
    )
    raise typer.Exit(start_command(options))


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with the outcome's code."""
    # Whoever ends it politely (a CI job that is cancelled) gets what Ctrl-C gets.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    app(args=None if args is None else list(args), prog_name=PROGRAM)
    raise SystemExit(0)
