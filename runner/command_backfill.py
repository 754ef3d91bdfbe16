"""The command `backfill`: objects are consumed again, refused ones released or set aside; shown first, then asked."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from lake.dataset import load_dataset
from lake.names import (
    EXCLUDE_PREFIX_PROPERTY,
    RAW_BUCKET_OUTPUT,
    RELEASE_PREFIX_PROPERTY,
    REPROCESS_FROM_PROPERTY,
    REPROCESS_PREFIX_PROPERTY,
    REPROCESS_TO_PROPERTY,
    Names,
)
from runner.aws import Aws
from runner.command import chosen, in_environment
from runner.command_start import StartOptions, start_command
from runner.errors import WrongUse
from runner.objects import Found, raw_objects
from runner.operate import Time
from runner.record import stack_output

WHAT: Final = "what to do is missing: give --prefix, --from, --to (consume again), --release or --exclude"


@dataclass(frozen=True, slots=True)
class BackfillOptions:
    """The command's own options as they were given; `start` has those that it shares with that command."""

    start: StartOptions
    prefix: str | None = None
    begin: str | None = None
    end: str | None = None
    release: str | None = None
    exclude: str | None = None
    yes: bool = False


def backfill_command(options: BackfillOptions, time: Time | None = None) -> int:
    """Say what would be done, ask unless --yes, and start the run that does it. Without a yes nothing is started."""
    properties: dict[str, str] = {}

    def command(aws: Aws) -> int:
        (pipeline,) = chosen(aws, options.start.pipelines)
        asked = _properties(pipeline, options)
        bucket = stack_output(aws, Names(aws.environment.name).storage_stack, RAW_BUCKET_OUTPUT)
        prefix = next((value for name, value in asked.items() if name.endswith("prefix")), "")
        found = raw_objects(
            aws,
            bucket,
            prefix or load_dataset(pipeline).source.prefix,
            _time("--from", options.begin),
            _time("--to", options.end),
        )
        print(_explained(pipeline, asked, found), file=sys.stderr)
        if not found.objects:
            raise WrongUse("there is no such object in the raw bucket; nothing was started")
        if not options.yes and not _agreed():
            print("nothing was started", file=sys.stderr)
            return 0
        properties.update(asked)
        return 0

    code = in_environment(options.start.env, options.start.profile, command)
    return start_command(replace(options.start, properties=properties), time) if properties and not code else code


def _properties(pipeline: str, options: BackfillOptions) -> dict[str, str]:
    """The run properties that ask the job for it. Raises WrongUse for what does not go together, or goes nowhere."""
    given = {
        "--prefix": (REPROCESS_PREFIX_PROPERTY, options.prefix),
        "--from": (REPROCESS_FROM_PROPERTY, _iso("--from", options.begin)),
        "--to": (REPROCESS_TO_PROPERTY, _iso("--to", options.end)),
        "--release": (RELEASE_PREFIX_PROPERTY, options.release),
        "--exclude": (EXCLUDE_PREFIX_PROPERTY, options.exclude),
    }
    asked = {option: pair for option, pair in given.items() if pair[1] is not None}
    if not asked:
        raise WrongUse(WHAT)
    alone = [option for option in ("--release", "--exclude") if option in asked]
    if alone and len(asked) > 1:
        raise WrongUse(f"{alone[0]} goes with no other of {', '.join(given)}: a run does one thing at a time")
    source = load_dataset(pipeline).source.prefix
    for option in ("--prefix", "--release", "--exclude"):
        value = given[option][1]
        if value is not None and not value.startswith(source):
            raise WrongUse(f"{option} '{value}': allowed are prefixes that begin with {source}")
    return {name: value for name, value in asked.values() if value is not None}


def _explained(pipeline: str, asked: dict[str, str], found: Found) -> str:
    objects = f"{found.objects:,} {'object' if found.objects == 1 else 'objects'}, {found.bytes:,} bytes"
    between = f" ({found.first} … {found.last})" if found.objects > 1 else f" ({found.first})" if found.first else ""
    if RELEASE_PREFIX_PROPERTY in asked:
        what = f"{objects}{between}: what is new of it is published, whatever the dataset's rules say"
    elif EXCLUDE_PREFIX_PROPERTY in asked:
        what = f"{objects}{between}: what is new of it is set aside into quarantine, unread"
    else:
        what = f"{objects}{between}: consumed again, and what came of it before is replaced"
    return f"{pipeline}: {what}"


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise WrongUse("there is no terminal to ask on; --yes starts it without asking")
    print("Start it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _time(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(f"{option} '{text}': allowed are times like 2013-01-31 or 2013-01-31T06:00Z (UTC)") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _iso(option: str, text: str | None) -> str | None:
    time = _time(option, text)
    return time.isoformat() if time else None
