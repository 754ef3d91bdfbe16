"""`python -m lake.sketch NAME FILE`: writes datasets/NAME.yaml from a sample file, checks it, and says what is next."""

from __future__ import annotations

import shlex
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import duckdb

from lake.column import suggested_name
from lake.config_file import ROOT
from lake.dataset import ALLOWED_NAMES, DATASETS, load_dataset, load_datasets, overlaps
from lake.errors import ConfigError
from lake.names import DATASET_PATTERN
from lake.sketch.advice import keys, partitions
from lake.sketch.csv_file import csv_found
from lake.sketch.found import Found
from lake.sketch.json_file import json_found
from lake.sketch.parquet_file import parquet_found
from lake.sketch.sample_file import SampleFile, sample_file
from lake.sketch.yaml_text import yaml_text

WRONG_USE: Final = 2
USAGE: Final = "usage: make dataset NAME=my_data FILE=path/to/sample.csv"

FORMATS: Final[dict[str, Callable[[duckdb.DuckDBPyConnection, SampleFile], Found]]] = {
    "csv": csv_found,
    "json": json_found,
    "parquet": parquet_found,
}


def sketch(name: str, path: Path) -> tuple[str, Found]:
    """Return the text of `name`.yaml for objects like the sample file, and what was found. Raises ConfigError."""
    file = sample_file(path)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(Path(folder) / "sample.duckdb") as con:
        con.execute("SET TimeZone = 'UTC'")
        found = FORMATS[file.format](con, file)
        return yaml_text(name, path.name, found, keys(con, found), partitions(con, found)), found


def write(name: str, path: Path, folder: Path = DATASETS) -> tuple[Path, Found]:
    """Write the dataset's file and return it; it is valid, and no other dataset's objects are among its own.

    Raises ConfigError, and leaves no file, for a name or a sample that is refused, or where the file is there already.
    """
    if not DATASET_PATTERN.fullmatch(name):
        near = suggested_name(name)[:40]
        raise ConfigError(f"NAME: '{name}' is no name of a dataset; allowed: {ALLOWED_NAMES}; did you mean '{near}'?")
    target = folder / f"{name}.yaml"
    shown = _shown(target)
    already = f"{shown} is there already, and is not overwritten; allowed is another NAME, or remove the file first"
    if target.exists():
        raise ConfigError(already)
    others = load_datasets(folder)
    text, found = sketch(name, path)
    with tempfile.TemporaryDirectory() as checked:
        (Path(checked) / target.name).write_text(text, encoding="utf-8")
        dataset = load_dataset(name, Path(checked))
    problems = [message for _, message in overlaps([*others, dataset])]
    if problems:
        raise ConfigError("\n".join(f"{shown}: source.prefix: {message}" for message in problems))
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigError(already) from None
    return target, found


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def main(arguments: Sequence[str]) -> int:
    """Write the file and say what to run next; return 2, with the reason on stderr, for wrong use."""
    if len(arguments) != 2 or not all(arguments):
        print(USAGE, file=sys.stderr)
        return WRONG_USE
    name, path = arguments[0], Path(arguments[1])
    print(f"reading {path} …", file=sys.stderr)
    try:
        target, found = write(name, path)
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    print(f"{_shown(target)} written: {found.format}, {len(found.columns)} columns, from {found.rows} rows")
    for note in found.notes:
        print(f"  {note}")
    print("Look at it: key and partition_by are suggestions in comments. Then:")
    print("  make deploy")
    print(f"  .venv/bin/python -m samples put {name} {shlex.quote(str(path))} && python run.py {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
