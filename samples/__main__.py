"""`python -m samples DATASET`: brings a dataset's sample objects into the raw bucket, or into a folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from lake.errors import ConfigError, unknown_name
from lake.names import DEFAULT_ENVIRONMENT
from samples.catalog import SAMPLES
from samples.sample import SampleError

if TYPE_CHECKING:
    from samples.bucket import Outcome

FAILED, WRONG_USE = 1, 2


def command(
    dataset: Annotated[str, typer.Argument(help=f"Which samples: {', '.join(SAMPLES)}.")],
    env: Annotated[str, typer.Option(help="The environment whose raw bucket gets them.")] = DEFAULT_ENVIRONMENT,
    profile: Annotated[str | None, typer.Option(help="AWS profile, for an environment in an account.")] = None,
    to: Annotated[Path | None, typer.Option(help="Write them below this folder instead.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Upload into an AWS account too.")] = False,
) -> None:
    """Bring real sample data into the raw bucket; what is there already with the same content is left alone."""
    try:
        if dataset not in SAMPLES:
            raise unknown_name("sample", dataset, SAMPLES)
        if to is not None:
            print(f"{write(dataset, to)} objects of {dataset} below {to}")
            return
        outcome = upload(dataset, env, profile=profile, yes=yes)
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(WRONG_USE) from None
    except SampleError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(FAILED) from None
    print(f"{dataset}: {outcome.uploaded} objects uploaded, {outcome.unchanged} already there")


def write(dataset: str, folder: Path) -> int:
    """Write the dataset's samples as files below `folder`; return how many."""
    return len([sample.write(folder) for sample in SAMPLES[dataset]()])


def upload(dataset: str, env: str, *, profile: str | None, yes: bool) -> Outcome:
    """Bring the dataset's samples into the raw bucket of `env`.

    Raises ConfigError for an environment in an AWS account without `yes`, SampleError where AWS refuses.
    """
    from lake.aws import client
    from lake.dataset import load_dataset
    from lake.environment import load_environment
    from samples.bucket import SampleBucket
    from samples.raw_bucket import aws_errors_explained, raw_bucket_name

    environment = load_environment(env)
    if not environment.is_local and not yes:
        raise ConfigError(f"environment '{env}' is an AWS account: sample data goes there only with --yes")
    prefix = load_dataset(dataset).source.prefix
    with aws_errors_explained(env):
        s3 = client(environment, "s3", profile=profile)
        bucket = raw_bucket_name(client(environment, "cloudformation", profile=profile), env)
        samples = list(SAMPLES[dataset]())
        columns = (TextColumn(f"{dataset} → {bucket}/{prefix}"), BarColumn(), MofNCompleteColumn())
        console = Console(stderr=True)
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task(dataset, total=len(samples))
            objects = SampleBucket(s3, bucket, dataset=dataset, prefix=prefix)
            return objects.bring(samples, done=lambda: progress.advance(task))


if __name__ == "__main__":
    typer.run(command)
