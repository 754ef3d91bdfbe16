"""`python -m local up|down|status|logs|reset|env`: AWS on this machine."""

import os
import sys
from collections.abc import Iterator
from typing import Annotated, NoReturn

import typer

from local import process
from local.command.endpoint import VARIABLE, port_of_endpoint
from local.command.report import notes_on_start, status_json, status_lines
from local.settings import ACCESS_KEY, DEFAULT_PORT, HOST, REGION, SECRET_KEY, Settings, client_environment

EPILOG = """\b
Examples:
  python -m local up                       start it; one that runs is left as it is
  python -m local up --no-iam              the same, and every call is allowed
  python -m local status --json            what it serves, for a program
  eval "$(python -m local env)"            lead the AWS SDKs and command line of this shell to it
  python -m local logs --follow            its own log, as it comes
  python -m local logs /aws-glue/jobs/output --stream jr_0a1b    what a job's script prints
  python -m local reset                    take all buckets, tables, stacks and runs away
  python -m local down                     end it, and all that runs in it

\b
Exit codes:
  0 done   1 it does not run, or it could not be done   2 wrong use   130 interrupted
"""

app = typer.Typer(
    help="AWS on this machine, on 127.0.0.1 only. Its state is in memory.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
NOT_RUNNING = "AWS does not run on this machine at {}; start it: make up, or python -m local up"

NOTHING_LOGGED = (
    "it has logged nothing of its own. What jobs print: python -m local logs /aws-glue/jobs/output; "
    "what crawls say: python -m local logs /aws-glue/crawlers"
)


def _default_port() -> int:
    try:
        return port_of_endpoint(os.environ.get(VARIABLE, ""))
    except ValueError as error:
        _fail(str(error), code=2)


Port = Annotated[
    int,
    typer.Option(
        default_factory=_default_port,
        min=1,
        max=65535,
        help=f"The port on {HOST}. Default: that of {VARIABLE}, else {DEFAULT_PORT}.",
        show_default=False,
    ),
]


@app.command()
def up(
    port: Port,
    no_iam: Annotated[bool, typer.Option("--no-iam", help="Do not enforce IAM: every call is allowed.")] = False,
) -> None:
    """Start it; one that runs already is left as it is."""
    settings = Settings(port=port)
    ran = process.status(settings).healthy
    found = _start(settings, iam=not no_iam)
    typer.echo(f"AWS {'runs already' if ran else 'runs'} on this machine at {found.endpoint} (process {found.pid}).")
    for note in notes_on_start(found, ran=ran, iam=not no_iam):
        typer.echo(note)


@app.command()
def down(port: Port) -> None:
    """End it, and all that is and runs in it."""
    ended = process.stop(Settings(port=port))
    typer.echo("AWS on this machine has ended." if ended else "AWS did not run on this machine.")


@app.command()
def status(
    port: Port, as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False
) -> None:
    """Say whether it runs, and what it serves.

    Exits 1 where it does not run or does not answer.
    """
    settings = Settings(port=port)
    found = process.status(settings)
    if as_json:
        typer.echo(status_json(found, settings))
    else:
        first, *others = status_lines(found, settings)
        typer.secho(first, fg="green" if found.healthy else "red")
        for line in others:
            typer.echo(line)
    raise typer.Exit(0 if found.healthy else 1)


@app.command()
def logs(
    port: Port,
    group: Annotated[
        str | None,
        typer.Argument(
            metavar="GROUP",
            help="A group of CloudWatch Logs, such as /aws-glue/jobs/output. Default: the emulator's own log.",
            show_default=False,
        ),
    ] = None,
    stream: Annotated[
        str, typer.Option(metavar="PREFIX", help="Of GROUP only streams that begin so: of a job its run's id.")
    ] = "",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until it ends, or Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="Lines of its own log to begin with.")] = 200,
) -> None:
    """Print its own log, or a group of CloudWatch Logs.

    Jobs log into /aws-glue/jobs/output and /aws-glue/jobs/error, crawls into /aws-glue/crawlers.
    """
    if stream and group is None:
        _fail("--stream is for a group of CloudWatch Logs; name one: logs /aws-glue/jobs/output --stream …", code=2)
    settings = Settings(port=port)
    found = _own_log(settings, lines, follow) if group is None else _group_log(settings, group, stream, follow)
    try:
        printed = False
        for line in found:
            typer.echo(line)
            printed = True
        if not printed:
            typer.echo(NOTHING_LOGGED if group is None else f"nothing has come into {group}", err=True)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@app.command()
def reset(
    port: Port, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, on a terminal either.")] = False
) -> None:
    """Take all that is in it away, and start it fresh.

    Its buckets, tables, stacks and runs are gone then. IAM is enforced, or not, as before.
    """
    settings = Settings(port=port)
    before = process.status(settings)
    if before.pid is not None and not yes and _on_a_terminal():
        typer.confirm(f"Take away all buckets, tables, stacks and runs at {before.endpoint}?", abort=True)
    iam = before.health is None or before.health.iam_enforced
    process.stop(settings)
    found = _start(settings, iam=iam)
    typer.echo(f"AWS runs on this machine at {found.endpoint} (process {found.pid}), with nothing in it.")
    for note in notes_on_start(found, ran=False, iam=iam):
        typer.echo(note)


@app.command()
def env(port: Port) -> None:
    """Print the variables that lead any AWS SDK to it.

    For a shell: `eval "$(python -m local env)"`.
    """
    variables = {
        **client_environment(Settings(port=port).endpoint),
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
    }
    for name, value in variables.items():
        typer.echo(f"export {name}={value}")


def _on_a_terminal() -> bool:
    return sys.stdin.isatty()


def _start(settings: Settings, *, iam: bool) -> process.Status:
    try:
        return process.start(settings, iam=iam)
    except (process.EmulatorError, OSError) as error:
        _fail(str(error))


def _own_log(settings: Settings, lines: int, follow: bool) -> Iterator[str]:
    from local.command import log_file

    if not settings.log_file.exists():
        _fail(NOT_RUNNING.format(settings.endpoint))
    if follow:
        yield from log_file.follow(settings.log_file, lines, lambda: process.status(settings).pid is not None)
    else:
        yield from log_file.last_lines(settings.log_file, lines)


def _group_log(settings: Settings, group: str, stream: str, follow: bool) -> Iterator[str]:
    import boto3
    from botocore.exceptions import BotoCoreError

    from local.command.log_group import LogGroup, UnknownLogGroup

    def running() -> bool:
        return process.status(settings).healthy

    if not running():
        _fail(NOT_RUNNING.format(settings.endpoint))
    client = boto3.client(
        "logs",
        endpoint_url=settings.endpoint,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )
    shown = LogGroup(client, group, stream)
    try:
        yield from shown.follow(running) if follow else shown.lines()
    except UnknownLogGroup as error:
        _fail(str(error))
    except BotoCoreError as error:
        if running():
            raise
        if not follow:
            _fail(f"it has ended meanwhile: {error}")


def _fail(message: str, *, code: int = 1) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
