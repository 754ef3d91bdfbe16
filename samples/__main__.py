"""`python -m samples [DATASET…]`, `list`, `put DATASET FILE…`: brings objects into the raw bucket, or into a folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from lake.errors import ConfigError, unknown_name
from lake.names import DEFAULT_ENVIRONMENT
from samples.catalog import SAMPLES
from samples.own_files import own_files
from samples.sample import RawObject, SampleError

if TYPE_CHECKING:
    from samples.bucket import Outcome

FAILED, WRONG_USE = 1, 2
PROGRAM = "python -m samples"


class BringByDefault(TyperGroup):
    """The group of commands; where the first word is none of them, it is `bring`'s."""

    # typer vendors click's Context, which it does not export.
    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put `bring` before arguments that name no command."""
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["bring", *args])


app = typer.Typer(
    cls=BringByDefault,
    help="Bring data into the raw bucket: samples, or files of your own.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Env = Annotated[str, typer.Option(metavar="ENV", help="The environment whose raw bucket gets them.")]
Profile = Annotated[str | None, typer.Option(metavar="NAME", help="AWS profile, for an environment in an account.")]


@app.command()
def bring(
    datasets: Annotated[list[str] | None, typer.Argument(metavar="DATASET", help="Default: all of them.")] = None,
    env: Env = DEFAULT_ENVIRONMENT,
    profile: Profile = None,
    to: Annotated[Path | None, typer.Option(help="Write them below this folder instead.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Upload into an AWS account too.")] = False,
) -> None:
    """Bring real sample data into the raw bucket; what is there already with the same content is left alone."""
    with errors_shown():
        for name in datasets or []:
            if name not in SAMPLES:
                raise unknown_name("sample", name, SAMPLES)
        for name in datasets or SAMPLES:
            if to is not None:
                folder = to / name if len(datasets or SAMPLES) > 1 else to
                count = write(name, folder)
                print(f"{name}: {count} {'object' if count == 1 else 'objects'} below {folder}")
                continue
            _refuse_an_account(env, yes=yes)
            print(f"{name}: {upload(name, SAMPLES[name].make, env, profile=profile)}")


@app.command(name="list")
def list_samples() -> None:
    """Say which samples there are."""
    for name, samples in SAMPLES.items():
        print(f"{name:<10} {samples.what}")


@app.command()
def put(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="A file of datasets/.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="They keep their names.")],
    env: Env = DEFAULT_ENVIRONMENT,
    profile: Profile = None,
    folder: Annotated[str, typer.Option(help="A folder below the dataset's prefix, such as month=01.")] = "",
) -> None:
    """Put files of your own under the dataset's prefix; what is there already with the same content is left alone."""
    from lake.dataset import load_dataset

    with errors_shown():
        source = load_dataset(dataset).source
        objects = own_files(files, dataset=dataset, format=source.format, folder=folder)
        print(f"{dataset}: {upload(dataset, lambda: objects, env, profile=profile)}")
        print(f"next: python run.py {dataset}{'' if env == DEFAULT_ENVIRONMENT else f' --env {env}'}")


def write(dataset: str, folder: Path) -> int:
    """Write the dataset's samples as files below `folder`; return how many."""
    return len([sample.write(folder) for sample in SAMPLES[dataset].make()])


def upload(dataset: str, make: Callable[[], Iterable[RawObject]], env: str, *, profile: str | None) -> Outcome:
    """Bring a dataset's objects, made once AWS answers, into the raw bucket of `env`.

    Raises ConfigError for an unknown environment or dataset, SampleError where AWS refuses or is not reached.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from lake.aws import client
    from lake.dataset import load_dataset
    from lake.environment import load_environment
    from samples.bucket import SampleBucket
    from samples.raw_bucket import aws_errors_explained, raw_bucket_name

    environment = load_environment(env)
    prefix = load_dataset(dataset).source.prefix
    with aws_errors_explained(env, is_local=environment.is_local):
        s3 = client(environment, "s3", profile=profile)
        bucket = raw_bucket_name(client(environment, "cloudformation", profile=profile), env)
        objects = list(make())
        columns = (TextColumn(f"{dataset} → {bucket}/{prefix}"), BarColumn(), MofNCompleteColumn())
        console = Console(stderr=True)
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task(dataset, total=len(objects))
            target = SampleBucket(s3, bucket, dataset=dataset, prefix=prefix)
            return target.bring(objects, done=lambda: progress.advance(task))


def _refuse_an_account(env: str, *, yes: bool) -> None:
    from lake.environment import load_environment

    if not load_environment(env).is_local and not yes:
        raise ConfigError(f"environment '{env}' is an AWS account: sample data goes there only with --yes")


@contextmanager
def errors_shown() -> Iterator[None]:
    """End the command with its exit code and the error's text, no traceback."""
    try:
        yield
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(WRONG_USE) from None
    except SampleError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(FAILED) from None


if __name__ == "__main__":
    app(prog_name=PROGRAM)
