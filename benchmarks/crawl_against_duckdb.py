"""A crawl of the flights' 365 objects against fetching them with boto3 and reading them with DuckDB.

Both find the columns and the partitions of the same objects in the emulator; checked is that they find the same ones.
Before each crawl the raw table is removed, so that it is made anew.
"""

import sys

from benchmarks.emulated import NAMES, EmulatedLake
from benchmarks.harness import Comparison, Side, compare, load
from benchmarks.report import Report, versions
from lake.config_file import ROOT
from lake.dataset import load_dataset

NAME = "crawl_against_duckdb"
LIMIT = 3.0
DATASET = "flights"


def benchmark(rounds: int) -> Report:
    """Run it. Raises SystemExit where no lake runs on this machine."""
    lake = EmulatedLake()
    table = NAMES.raw_table(DATASET)
    crawl = Side(
        name="crawl",
        command=[sys.executable, "-m", "benchmarks.crawl", NAMES.pipeline(DATASET), NAMES.raw_database, table],
        environment=lake.environment,
        settings="StartCrawler, GetCrawler every 0.2 s; the crawler as deployed",
        prepare=lambda: lake.drop(NAMES.raw_database, table),
    )
    prefix = load_dataset(DATASET).source.prefix
    fetch = Side(
        name="boto3 and DuckDB",
        command=[sys.executable, "-m", "benchmarks.fetch_with_duckdb", lake.raw_bucket, prefix],
        environment=lake.environment,
        settings="8 objects fetched at once into a folder, then read_csv of all of them into a table",
    )
    comparison = Comparison(
        name=NAME,
        sides=(crawl, fetch),
        check=same_columns,
        versions=versions("ministack", "boto3", "duckdb"),
        limit=LIMIT,
        served_by=lake.pid,
    )
    return compare(comparison, rounds=rounds, folder=ROOT)


def same_columns(crawled: str, read: str) -> str:
    """What both found. Raises RuntimeError where they differ."""
    ours, theirs = load(crawled), load(read)
    if ours != theirs:
        raise RuntimeError(f"the sides differ: {ours} against {theirs}")
    return ", ".join(f"{len(values)} {name}" for name, values in ours.items())
