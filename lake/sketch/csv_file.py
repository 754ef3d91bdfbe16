"""What a CSV file says: its dialect by DuckDB's sniffer, its types by all of its values."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from lake.sketch.found import Found, FoundColumn, SampleFileError, column_names, rows_text
from lake.sketch.sample_file import SampleFile
from lake.sketch.text_types import SAID, TextColumn, quoted, text_column

TABLE: Final = "sample"
MIN_COLUMNS: Final = 2
_NOTHING: Final = ("(empty)", "", None, "\x00")


@dataclass(frozen=True, slots=True)
class _Dialect:
    delimiter: str
    quote: str
    escape: str


def csv_found(con: duckdb.DuckDBPyConnection, file: SampleFile) -> Found:
    """Return what the file says, its rows in the table `sample` of `con`, by the columns' names and types.

    Raises SampleFileError for a file without a header, with lines above it, with one column, or with no row.
    """
    dialect = _sniffed(con, file)
    header = _header(file, dialect)
    names = column_names(file.path, header)
    con.execute(_reading(names, dialect), [str(file.path)])
    rows = _count(con, "SELECT count(*) FROM lines")
    if not rows:
        raise SampleFileError(f"{file.path}: has a header and no row that fits it; allowed is a file with rows")
    texts = {name: text_column(con, "lines", name) for name in names}
    null_value, null_note = _null_value(texts)
    columns = [
        _column(name, original, texts[name], null_value, rows) for name, original in zip(names, header, strict=True)
    ]
    _make_table(con, columns, null_value)
    notes = [*null_note, *_rejected(con)]
    if all(column.type == "string" for column in columns):
        notes.append("all columns are text, so nothing but its place says that the first line is a header: check it")
    options: dict[str, bool | str] = {"header": True}
    options |= {"delimiter": dialect.delimiter} if dialect.delimiter != "," else {}
    options |= {"quote": dialect.quote} if dialect.quote != '"' else {}
    if _holds(con, names, dialect.quote) or _holds(con, names, "\\"):
        options["escape"] = dialect.escape
        if dialect.escape == dialect.quote:
            notes.append("a quote inside a value is written twice: that is what escape says")
    options |= {"nullValue": null_value} if null_value else {}
    if _holds(con, names, "\n"):
        options["multiLine"] = True
        notes.append("values go over several lines: each file is read by one task")
    return Found("csv", rows, columns, options, notes)


def _sniffed(con: duckdb.DuckDBPyConnection, file: SampleFile) -> _Dialect:
    try:
        row = con.execute(
            "SELECT Delimiter, Quote, Escape, Comment, SkipRows, HasHeader, len(Columns) "
            "FROM sniff_csv(?, sample_size = -1, ignore_errors = true)",
            [str(file.path)],
        ).fetchone()
    except duckdb.Error as error:
        raise SampleFileError(f"{file.path}: is not CSV: {_first_line(error)}") from error
    assert row is not None
    delimiter, quote, escape, comment, skipped, has_header, columns = row
    if columns < MIN_COLUMNS:
        message = f"has one column by any delimiter tried; the crawler takes nothing below {MIN_COLUMNS} for CSV"
        raise SampleFileError(f"{file.path}: {message}")
    if comment not in _NOTHING:
        message = f"has lines that begin with '{comment}', comments it seems; remove them: Spark skips none"
        raise SampleFileError(f"{file.path}: {message}")
    if skipped:
        raise SampleFileError(f"{file.path}: its first lines ({skipped}) are no rows; remove them: Spark skips none")
    if not has_header:
        message = f"has no header; put a first line with {columns} names above the rows, in every file of the dataset"
        raise SampleFileError(f"{file.path}: {message}")
    quote = '"' if quote in _NOTHING else quote
    return _Dialect(delimiter, quote, quote if escape in _NOTHING else escape)


def _header(file: SampleFile, dialect: _Dialect) -> list[str]:
    with file.open() as content, io.TextIOWrapper(content, encoding="utf-8-sig", newline="") as text:
        lines = csv.reader(text, delimiter=dialect.delimiter, quotechar=dialect.quote)
        return next((line for line in lines if line), [])


def _reading(names: Sequence[str], dialect: _Dialect) -> str:
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
    sign = {"delim": dialect.delimiter, "quote": dialect.quote, "escape": dialect.escape}
    signs = ", ".join(f"{name} = {_literal(value)}" for name, value in sign.items())
    return (
        f"CREATE TABLE lines AS SELECT * FROM read_csv(?, auto_detect = false, header = true, {signs}, "
        f"columns = {{{columns}}}, nullstr = '', store_rejects = true)"
    )


def _null_value(texts: Mapping[str, TextColumn]) -> tuple[str, list[str]]:
    """Return the spelling of a missing value, which stands beside values that are no text, and what to say of it."""
    votes: Counter[str] = Counter()
    for text in texts.values():
        if text.typed:
            votes.update(text.spellings)
    if not votes:
        return "", []
    chosen = votes.most_common(1)[0][0]
    where = [f"{name} {text.spellings[chosen]}" for name, text in texts.items() if chosen in text.spellings]
    return chosen, [f"'{chosen}' is taken for a missing value; rows that have it: {', '.join(where)}"]


def _column(name: str, original: str, text: TextColumn, null_value: str, rows: int) -> FoundColumn:
    others = sorted(set(text.spellings) - {null_value})
    missing = rows - text.filled + (text.spellings.get(null_value, 0) if null_value else 0)
    kind = text.type
    notes = []
    if text.typed and others:
        kind = "string"
        shown = ", ".join(f"'{each}'" for each in others)
        notes.append(f"text, for {shown} stands beside {SAID.get(text.type, text.type)}")
    elif others:
        shown = ", ".join(f"'{each}' in {rows_text(text.spellings[each])}" for each in others)
        notes.append(f"{shown}: taken as text")
    if text.why is not None:
        notes.append(text.why)
    return FoundColumn(name, original, kind, missing, tuple(notes))


def _make_table(con: duckdb.DuckDBPyConnection, columns: Sequence[FoundColumn], null_value: str) -> None:
    types = {"string": "VARCHAR", "timestamp": "TIMESTAMPTZ"}
    values = ", ".join(
        f"CAST(nullif({quoted(column.name)}, {_literal(null_value)}) AS {types.get(column.type, column.type)}) "
        f"AS {quoted(column.name)}"
        for column in columns
    )
    con.execute(f"CREATE TABLE {TABLE} AS SELECT {values} FROM lines")


def _rejected(con: duckdb.DuckDBPyConnection) -> list[str]:
    lines = con.execute(
        "SELECT count(DISTINCT line), min(line), arg_min(error_message, line) FROM reject_errors"
    ).fetchone()
    if not lines or not lines[0]:
        return []
    count, first, why = lines
    what = "record does" if count == 1 else "records do"
    where = f"the first is record {first}, the header being 1"
    return [f"{count} {what} not fit the header and would be quarantined, {where}: {why}"]


def _holds(con: duckdb.DuckDBPyConnection, names: Sequence[str], text: str) -> bool:
    where = " OR ".join(f"contains({quoted(name)}, ?)" for name in names)
    return _count(con, f"SELECT count(*) FROM lines WHERE {where}", [text] * len(names)) > 0


def _count(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> int:
    row = con.execute(sql, list(values)).fetchone()
    assert row is not None
    return int(row[0])


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
