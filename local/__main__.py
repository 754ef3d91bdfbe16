"""`python -m local up|down|status|env`: AWS on this machine."""

import os
from typing import Annotated, NoReturn
from urllib.parse import urlsplit

import typer

from local import process
from local.settings import ACCESS_KEY, DEFAULT_PORT, HOST, SECRET_KEY, Settings, client_environment

app = typer.Typer(help="AWS on this machine, on 127.0.0.1 only.", no_args_is_help=True, add_completion=False)

VARIABLE = "AWS_ENDPOINT_URL"
OUTDATED = (
    "note: it was started by other code than is here now, so what is new is not in it. "
    "To have that: make down, then this again; its buckets and tables go with it."
)


def port_of_endpoint(url: str) -> int:
    """Return the port of an endpoint on loopback, the default one where `url` is empty.

    Raises ValueError, with what to do, for an endpoint that is elsewhere or names no port.
    """
    if not url:
        return DEFAULT_PORT
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host not in (HOST, "localhost"):
        raise ValueError(
            f"{VARIABLE} is '{url}', which is not on this machine; unset it, or set it to http://{HOST}:PORT"
        )
    if port is None:
        raise ValueError(f"{VARIABLE} is '{url}', which names no port; set it to http://{HOST}:PORT, or unset it")
    return port


def _default_port() -> int:
    try:
        return port_of_endpoint(os.environ.get(VARIABLE, ""))
    except ValueError as error:
        _fail(str(error), code=2)


Port = Annotated[int, typer.Option(default_factory=_default_port, help=f"The port on {HOST}.")]


@app.command()
def up(port: Port) -> None:
    """Start it; one that runs already is left as it is."""
    settings = Settings(port=port)
    try:
        running = process.status(settings).healthy
        found = process.start(settings)
    except (process.EmulatorError, OSError) as error:
        _fail(str(error))
    typer.echo(
        f"AWS {'runs already' if running else 'runs'} on this machine at {found.endpoint} (process {found.pid})."
    )
    if found.outdated:
        typer.echo(OUTDATED)


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
    if found.outdated:
        typer.echo(OUTDATED)
    raise typer.Exit(0 if found.healthy else 1)


@app.command()
def env(port: Port) -> None:
    """Print the variables that lead any AWS SDK to it, for `eval "$(python -m local env)"`."""
    variables = {
        **client_environment(Settings(port=port).endpoint),
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
    }
    for name, value in variables.items():
        typer.echo(f"export {name}={value}")


def _fail(message: str, *, code: int = 1) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
