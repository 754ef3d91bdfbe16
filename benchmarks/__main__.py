"""`python -m benchmarks [--rounds N] [NAME…]`: runs benchmarks one after the other, all of them where none is named.

Each prints a table and writes .lake/benchmarks/NAME.json. Exits 1 where a limit was exceeded, or a benchmark failed.
`crawl_against_duckdb` and `run_against_bare_spark` run against the lake on this machine: `make run` first.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from benchmarks import (
    app_against_empty_app,
    crawl_against_duckdb,
    how_late_an_end_is_known,
    job_start_against_spark_submit,
    row_rules_against_none,
    run_against_bare_spark,
)
from benchmarks.report import Findings
from lake.config_file import ROOT

BENCHMARKS: dict[str, Callable[[int], Findings]] = {
    app_against_empty_app.NAME: app_against_empty_app.benchmark,
    crawl_against_duckdb.NAME: crawl_against_duckdb.benchmark,
    how_late_an_end_is_known.NAME: how_late_an_end_is_known.benchmark,
    job_start_against_spark_submit.NAME: job_start_against_spark_submit.benchmark,
    row_rules_against_none.NAME: row_rules_against_none.benchmark,
    run_against_bare_spark.NAME: run_against_bare_spark.benchmark,
}
RESULTS = ROOT / ".lake" / "benchmarks"
FAILED = 1


def main(arguments: Sequence[str]) -> int:
    """Run the named benchmarks; return the exit code. Wrong use exits 2."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run benchmarks; print their ratios.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--rounds", type=int, default=2, help="each is A B B A; default 2")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(BENCHMARKS)}")
    if given.rounds < 1:
        parser.error("--rounds: at least 1")
    return max(run(name, given.rounds) for name in given.names or BENCHMARKS)


def run(name: str, rounds: int) -> int:
    """Run one, print its table, write its JSON; return 1 where its limit was exceeded or it failed."""
    try:
        report = BENCHMARKS[name](rounds)
    except RuntimeError as error:
        print(f"error: {name}: {error}", file=sys.stderr)
        return FAILED
    print(f"\n{report.as_table()}\n\nas JSON: {report.write(RESULTS).relative_to(ROOT)}\n", flush=True)
    return 0 if report.kept else FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
