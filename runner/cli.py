"""The command line. Imports nothing that `--help` does not need: the rest is imported inside the commands."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer
from typer.core import TyperGroup

from lake.names import DEFAULT_ENVIRONMENT
from runner.arguments import (
    Env,
    Interrupt,
    Json,
    NewRunId,
    NoWait,
    Pipeline,
    Pipelines,
    Profile,
    RunId,
    Timeout,
    Verbose,
)
from runner.help import EPILOG, EXAMPLES, HELP, PROGRAM
from runner.options import IfBusy, Only

DEFAULT_COMMAND = "start"


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


@app.command(epilog=EPILOG)
def start(
    pipelines: Pipelines = None,
    env: Env = DEFAULT_ENVIRONMENT,
    run_id: NewRunId = None,
    no_wait: NoWait = False,
    timeout: Timeout = None,
    as_json: Json = False,
    profile: Profile = None,
    if_busy: Annotated[
        IfBusy, typer.Option(help="Where another run of the pipeline goes on: wait for its end, then start; or fail.")
    ] = "wait",
    verbose: Verbose = False,
    on_interrupt: Interrupt = None,
    only: Annotated[Only | None, typer.Option(help="One node by itself, without the workflow.")] = None,
    svg: Annotated[str | None, typer.Option(metavar="FILE", help="Save what is shown as a picture, too.")] = None,
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
        svg=svg,
        only=only,
    )
    raise typer.Exit(start_command(options))


@app.command(epilog=EXAMPLES["status"])
def status(
    pipelines: Pipelines = None,
    env: Env = DEFAULT_ENVIRONMENT,
    run_id: RunId = None,
    as_json: Json = False,
    profile: Profile = None,
) -> None:
    """Show the latest run of pipelines, or one run, as it is now."""
    from runner.command_status import status_command

    raise typer.Exit(status_command(pipelines or [], env, run_id=run_id, as_json=as_json, profile=profile))


@app.command(epilog=EXAMPLES["attach"])
def attach(
    pipeline: Pipeline = None,
    env: Env = DEFAULT_ENVIRONMENT,
    run_id: RunId = None,
    timeout: Timeout = None,
    as_json: Json = False,
    profile: Profile = None,
    verbose: Verbose = False,
    on_interrupt: Interrupt = None,
) -> None:
    """Watch a run that was started before, to its end."""
    from runner.command_status import attach_command

    raise typer.Exit(
        attach_command(
            pipeline,
            env,
            run_id=run_id,
            timeout=timeout,
            as_json=as_json,
            profile=profile,
            verbose=verbose,
            on_interrupt=on_interrupt,
        )
    )


@app.command(epilog=EXAMPLES["stop"])
def stop(
    pipeline: Pipeline = None,
    env: Env = DEFAULT_ENVIRONMENT,
    run_id: RunId = None,
    as_json: Json = False,
    profile: Profile = None,
) -> None:
    """Stop a run, and wait until nothing of it goes on."""
    from runner.command_status import stop_command

    raise typer.Exit(stop_command(pipeline, env, run_id=run_id, as_json=as_json, profile=profile))


@app.command(epilog=EXAMPLES["logs"])
def logs(
    pipeline: Pipeline = None,
    env: Env = DEFAULT_ENVIRONMENT,
    run_id: RunId = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the run ends.")] = False,
    verbose: Verbose = False,
    profile: Profile = None,
) -> None:
    """Print the log of a run's job."""
    from runner.command_status import logs_command

    raise typer.Exit(logs_command(pipeline, env, run_id=run_id, follow=follow, verbose=verbose, profile=profile))


@app.command("list", epilog=EXAMPLES["list"])
def list_pipelines(env: Env = DEFAULT_ENVIRONMENT, as_json: Json = False, profile: Profile = None) -> None:
    """Show every pipeline with its last run."""
    from runner.command_list import list_command

    raise typer.Exit(list_command(env, as_json=as_json, profile=profile))


@app.command(epilog=EXAMPLES["history"])
def history(
    pipeline: Pipeline = None,
    env: Env = DEFAULT_ENVIRONMENT,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many runs, the latest first.")] = 20,
    plot: Annotated[bool, typer.Option("--plot", help="Draw rows and duration of each run.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a run on stdout.")] = False,
    profile: Profile = None,
) -> None:
    """Show the last runs of a pipeline."""
    from runner.command_list import history_command

    raise typer.Exit(history_command(pipeline, env, limit=limit, plot=plot, as_json=as_json, profile=profile))


@app.command(epilog=EXAMPLES["backfill"])
def backfill(
    pipeline: Pipeline = None,
    env: Env = DEFAULT_ENVIRONMENT,
    prefix: Annotated[
        str | None, typer.Option(metavar="PREFIX", help="Consume again what lies under it in the raw bucket.")
    ] = None,
    begin: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Consume again what arrived from then on (UTC).")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="TIME", help="... and before then.")] = None,
    release: Annotated[
        str | None, typer.Option(metavar="PREFIX", help="Publish new objects under it though the rules refuse them.")
    ] = None,
    exclude: Annotated[
        str | None, typer.Option(metavar="PREFIX", help="Set new objects under it aside into quarantine, unread.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    run_id: NewRunId = None,
    no_wait: NoWait = False,
    timeout: Timeout = None,
    as_json: Json = False,
    profile: Profile = None,
    verbose: Verbose = False,
    on_interrupt: Interrupt = None,
) -> None:
    """Consume objects again, release refused ones, or set them aside: shows what it would do, and asks."""
    from runner.command_backfill import BackfillOptions, backfill_command
    from runner.command_start import StartOptions

    started = StartOptions(
        pipelines=[pipeline] if pipeline else [],
        env=env,
        run_id=run_id,
        no_wait=no_wait,
        timeout=timeout,
        json=as_json,
        profile=profile,
        verbose=verbose,
        on_interrupt=on_interrupt,
    )
    asked = BackfillOptions(started, prefix=prefix, begin=begin, end=end, release=release, exclude=exclude, yes=yes)
    raise typer.Exit(backfill_command(asked))


@app.command(epilog=EXAMPLES["quarantine"])
def quarantine(
    pipeline: Pipeline = None,
    env: Env = DEFAULT_ENVIRONMENT,
    run_id: RunId = None,
    every_run: Annotated[bool, typer.Option("--all", help="The rows of every run.")] = False,
    export: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write all rows to a new .csv, .jsonl or .parquet file.")
    ] = None,
    profile: Profile = None,
) -> None:
    """Show which rows of a run were not curated, and why."""
    from runner.command_quarantine import quarantine_command

    raise typer.Exit(
        quarantine_command(pipeline, env, run_id=run_id, every_run=every_run, export=export, profile=profile)
    )


@app.command(epilog=EXAMPLES["doctor"])
def doctor(env: Env = DEFAULT_ENVIRONMENT, as_json: Json = False, profile: Profile = None) -> None:
    """Look whether an environment can be used from here, and say what to do where it cannot."""
    from runner.command_doctor import doctor_command

    raise typer.Exit(doctor_command(env, as_json=as_json, profile=profile))


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with the outcome's code."""
    # Whoever ends it politely (a CI job that is cancelled) gets what Ctrl-C gets.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    app(args=None if args is None else list(args), prog_name=PROGRAM)
    raise SystemExit(0)
