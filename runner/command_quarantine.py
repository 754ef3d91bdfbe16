"""The command `quarantine`: which rows a run did not curate, and why."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lake.names import Names
from runner.aws import Aws
from runner.command import chosen, in_environment
from runner.errors import WrongUse, asking
from runner.find import find_run, run_id_of
from runner.text import on_one_line, say

if TYPE_CHECKING:
    import pyarrow as pa

EXPORTS: Final = (".csv", ".jsonl", ".parquet")
EXAMPLES: Final = 3


def quarantine_command(
    pipeline: str | None, env: str, *, run_id: str | None, every_run: bool, export: str | None, profile: str | None
) -> int:
    """Show the reasons with their rows and examples, or write every row to a file; 0 also where there are none."""

    def command(aws: Aws) -> int:
        (name,) = chosen(aws, [pipeline] if pipeline else [])
        target = _target(export)
        run = None if every_run else run_id_of(find_run(aws, name, run_id))
        rows = _rows(aws, name, run)
        of = "all runs" if run is None else f"run {run}"
        if target is not None:
            _write(rows, target)
            print(f"{name}: {rows.num_rows:,} quarantined rows of {of} written to {target}")
            return 0
        _show(name, of, rows.to_pylist())
        return 0

    return in_environment(env, profile, command)


def _rows(aws: Aws, pipeline: str, run_id: str | None) -> pa.Table:
    from pyiceberg.exceptions import NoSuchTableError
    from pyiceberg.expressions import AlwaysTrue, EqualTo

    from runner.lake_tables import load

    names = Names(aws.environment.name)
    with asking(f"read the quarantined rows of {pipeline}"):
        try:
            table = load(aws, names.ops_database, names.quarantine_table(pipeline))
        except NoSuchTableError:
            import pyarrow

            # The first quarantined row makes the table.
            return pyarrow.table({"key": [], "line": [], "fields": [], "reasons": []})
        chosen_rows = AlwaysTrue() if run_id is None else EqualTo(term="run_id", value=run_id)
        return table.scan(row_filter=chosen_rows).to_arrow()


def _show(pipeline: str, of: str, rows: list[dict[str, Any]]) -> None:
    from rich.console import Console

    console = Console()
    if not rows:
        say(console, f"{pipeline}: no row of {of} is quarantined")
        return
    counts = Counter(reason for row in rows for reason in row["reasons"])
    say(console, f"{pipeline}: {len(rows):,} quarantined rows of {of}", style="bold")
    for reason, count in counts.most_common():
        say(console, f"{count:>9,}  {on_one_line(reason)}")
        for row in [row for row in rows if reason in row["reasons"]][:EXAMPLES]:
            text = row["line"] if row["line"] is not None else row["fields"]
            say(console, f"           {row['key']}: {on_one_line(text if text is not None else 'the whole object')}")


def _target(export: str | None) -> Path | None:
    if export is None:
        return None
    target = Path(export)
    if target.suffix not in EXPORTS:
        raise WrongUse(f"--export '{export}': allowed are files that end in {', '.join(EXPORTS)}")
    if target.exists():
        raise WrongUse(f"--export '{export}': that file is there already; name another")
    return target


def _write(rows: pa.Table, target: Path) -> None:
    match target.suffix:
        case ".parquet":
            import pyarrow.parquet

            pyarrow.parquet.write_table(rows, target)
        case ".csv":
            import pyarrow.csv

            # CSV has no lists.
            position = rows.schema.get_field_index("reasons")
            joined = pyarrow.array("; ".join(reasons) for reasons in rows["reasons"].to_pylist())
            pyarrow.csv.write_csv(rows.set_column(position, "reasons", joined.cast("string")), target)
        case _:
            with target.open("w", encoding="utf-8") as file:
                for row in rows.to_pylist():
                    file.write(json.dumps(row, default=str, ensure_ascii=False) + "\n")
