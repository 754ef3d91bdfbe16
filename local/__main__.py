"""`python -m local up|down|status`: AWS on this machine."""

import os
from typing import Annotated
from urllib.parse import urlsplit

import typer

from local import process
from local.settings import DEFAULT_PORT, HOST, Settings

app = typer.Typer(help="AWS on this machine, on 127.0.0.1 only.", no_args_is_help=True, add_completion=False)


def _default_port() -> int:
    """The port of AWS_ENDPOINT_URL where that is on loopback, as everything else that speaks to it has it."""
    parts = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
    return parts.port if parts.hostname in (HOST, "localhost") and parts.port else DEFAULT_PORT


Port = Annotated[int, typer.Option(default_factory=_default_port, help="The port on 127.0.0.1.")]


@app.command()
def up(port: Port) -> None:
    """Start it; one that runs already is left as it is."""
    settings = Settings(port=port)
    try:
        running = process.status(settings).healthy
        found = process.start(settings)
    except process.EmulatorError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(
        f"AWS {'runs already' if running else 'runs'} on this machine at {found.endpoint} (process {found.pid})."
    )


@app.command()
def down(port: Port) -> None:
    """End it, with every job that runs in it. Its buckets and tables are gone then."""
    ended = process.stop(Settings(port=port))
    typer.echo("AWS on this machine has ended." if ended else "AWS did not run on this machine.")


@app.command()
def status(port: Port) -> None:
    """Say whether it runs; exits 1 where it does not."""
    found = process.status(Settings(port=port))
    if found.pid is None:
        typer.echo(f"not running ({found.endpoint})")
        raise typer.Exit(1)
    typer.echo(f"{'running' if found.healthy else 'not answering'} at {found.endpoint} (process {found.pid})")
    raise typer.Exit(0 if found.healthy else 1)


if __name__ == "__main__":
    app()
