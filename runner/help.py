"""What `--help` says beside the options: examples of every command, and the exit codes."""

from __future__ import annotations

PROGRAM = "python run.py"

HELP = """Start a pipeline of the lake, wait for its end, and report it."""

EPILOG = """\b
Examples:
  python run.py                            the environment's default pipeline, on this machine
  python run.py flights                    one pipeline; the same as: python run.py start flights
  python run.py flights --env prod         in an AWS account
  python run.py flights --timeout 45m      wait no longer than that; the run goes on
  python run.py flights --no-wait          start it and leave
  python run.py flights --json             one JSON object a pipeline on stdout
  python run.py flights --only crawl       the crawl by itself; or the job

\b
Exit codes:
  0 succeeded (or started)   1 failed   2 wrong use or configuration   3 timed out   4 stopped
  5 refused by its data rules   6 AWS could not be asked   130 interrupted
"""


def _examples(*lines: tuple[str, str]) -> str:
    """Return a command's examples as they stand under its help: the command line, and what it does."""
    width = max(len(line) for line, _ in lines) + 2
    return "\b\nExamples:\n" + "".join(f"  {PROGRAM} {line:<{width}}{does}\n" for line, does in lines)


EXAMPLES = {
    "status": _examples(
        ("status", "the default pipeline's latest run, as it is now"),
        ("status flights weather", "those of two pipelines"),
        ("status flights --run-id ID --json", "one run, for a program"),
    ),
    "attach": _examples(
        ("attach flights", "watch its latest run to the end"),
        ("attach flights --run-id ID --timeout 45m", "another run, and no longer than that"),
    ),
    "stop": _examples(
        ("stop flights", "its latest run"),
        ("stop flights --run-id ID --env prod", "another run, in an AWS account"),
    ),
    "logs": _examples(
        ("logs flights", "what the job of its latest run said"),
        ("logs flights --follow", "and what it says, until it ends"),
        ("logs flights --run-id ID --verbose", "with the lines of Spark and Glue"),
    ),
    "list": _examples(
        ("list", "on this machine"),
        ("list --env prod --json", "in an AWS account, for a program"),
    ),
    "history": _examples(
        ("history flights", "its last 20 runs"),
        ("history flights -n 100 --plot", "100 of them, drawn as bars"),
    ),
    "backfill": _examples(
        ("backfill flights --prefix raw/flights/month=06/", "June anew"),
        ("backfill flights --from 2013-06-01 --to 2013-07-01", "what arrived in June, anew"),
        ("backfill flights --release raw/flights/month=06/", "publish what the rules refused"),
        ("backfill flights --exclude raw/flights/bad.csv", "set an object aside"),
    ),
    "quarantine": _examples(
        ("quarantine flights", "the rows of its latest run that were not curated"),
        ("quarantine flights --all --export bad.jsonl", "those of all runs, into a file"),
    ),
    "doctor": _examples(
        ("doctor", "AWS on this machine"),
        ("doctor --env prod --profile ops", "an AWS account, with a profile's credentials"),
    ),
}
