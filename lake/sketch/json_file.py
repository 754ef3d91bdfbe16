"""What a JSON file says: one object a line, or one array of objects; its types by DuckDB, from all of its objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import duckdb

from lake.sketch.csv_file import TABLE
from lake.sketch.found import Found, FoundColumn, SampleFileError, column_names, rows_text
from lake.sketch.sample_file import UTF8_MARK, SampleFile
from lake.sketch.text_types import quoted, text_column

LINES: Final = "newline_delimited"
ARRAY: Final = "array"
MAX_OBJECT_BYTES: Final = 1 << 28
_HEAD: Final = 1 << 16

SPARK_TYPES: Final = {
    "boolean": "boolean",
    "bigint": "bigint",
    "ubigint": "decimal(20,0)",
    "hugeint": "decimal(38,0)",
    "double": "double",
}
# What DuckDB reads out of text: whether Spark reads the same is looked at here.
_TEXT: Final = frozenset({"varchar", "date", "timestamp", "timestamp with time zone", "time", "uuid"})


def json_found(con: duckdb.DuckDBPyConnection, file: SampleFile) -> Found:
    """Return what the file says, its rows in the table `sample` of `con`.

    Raises SampleFileError for a file that is no JSON of objects, or has names that no column can have.
    """
    layout = _layout(file)
    types = _types(con, file, layout)
    names = column_names(file.path, [*types, *_keys_beside(con, file, layout, types)])
    text = {name for name, kind in types.items() if kind.id in _TEXT and str(kind) != "JSON"}
    columns = ", ".join(f"{quoted(name)}: '{'VARCHAR' if name in text else kind}'" for name, kind in types.items())
    values = ", ".join(f"{quoted(original)} AS {quoted(name)}" for name, original in zip(names, types, strict=True))
    con.execute(
        f"CREATE TABLE lines AS SELECT {values} FROM read_json(?, format = '{layout}', columns = {{{columns}}}, "
        f"maximum_object_size = {MAX_OBJECT_BYTES})",
        [str(file.path)],
    )
    row = con.execute(f"SELECT count(*), {', '.join(f'count({quoted(name)})' for name in names)} FROM lines").fetchone()
    assert row is not None
    rows, *filled = row
    found = [
        _column(con, name, original, types[original], rows - there, is_text=original in text)
        for name, original, there in zip(names, types, filled, strict=True)
    ]
    casts = {"date": "DATE", "timestamp": "TIMESTAMPTZ"}
    values = ", ".join(
        f"CAST({quoted(each.name)} AS {casts[each.type]}) AS {quoted(each.name)}"
        if each.type in casts
        else quoted(each.name)
        for each in found
    )
    con.execute(f"CREATE TABLE {TABLE} AS SELECT {values} FROM lines")
    options: Mapping[str, bool | str] = {"multiLine": True} if layout == ARRAY else {}
    notes = ["the file is one array: each file is read by one task"] if layout == ARRAY else []
    return Found("json", rows, found, options, notes)


def spark_type(kind: Any) -> str:
    """Return Spark's type for one of DuckDB's: what differs from object to object is text."""
    if kind.id == "struct":
        return f"struct<{','.join(f'{name}:{spark_type(child)}' for name, child in kind.children)}>"
    if kind.id == "list":
        return f"array<{spark_type(kind.children[0][1])}>"
    return SPARK_TYPES.get(kind.id, "string")


def _layout(file: SampleFile) -> str:
    with file.open() as content:
        head = content.read(_HEAD).removeprefix(UTF8_MARK).lstrip()
        if head.startswith(b"["):
            return ARRAY
        if head.startswith(b"{"):
            line = head.partition(b"\n")[0]
            if b"\n" not in head and len(head) > 1:
                return LINES
            try:
                json.loads(line)
            except ValueError as error:
                message = "is neither one JSON object a line nor one array of objects"
                raise SampleFileError(f"{file.path}: {message}: its first line is no object by itself") from error
            return LINES
    raise SampleFileError(f"{file.path}: is not JSON of objects: it begins with neither {{ nor [")


def _types(con: duckdb.DuckDBPyConnection, file: SampleFile, layout: str) -> dict[str, Any]:
    try:
        found = con.execute(
            f"SELECT * FROM read_json(?, format = '{layout}', records = true, sample_size = -1, "
            f"field_appearance_threshold = 0, map_inference_threshold = -1, maximum_object_size = {MAX_OBJECT_BYTES}) "
            "LIMIT 0",
            [str(file.path)],
        )
    except duckdb.Error as error:
        why = (_bad_line(file) if layout == LINES else None) or str(error).splitlines()[0].strip()
        raise SampleFileError(f"{file.path}: is not JSON of objects: {why}") from error
    assert found.description is not None
    return {str(column[0]): column[1] for column in found.description}


def _bad_line(file: SampleFile) -> str | None:
    """Return which line is the first that is no JSON by itself, and why."""
    with file.open() as content:
        for number, line in enumerate(content, start=1):
            try:
                if line.strip():
                    json.loads(line)
            except json.JSONDecodeError as error:
                return f"line {number} is none by itself: {error.msg}, at character {error.pos + 1}"
    return None


def _keys_beside(con: duckdb.DuckDBPyConnection, file: SampleFile, layout: str, types: Mapping[str, Any]) -> list[str]:
    """Return keys that DuckDB has under another name, because they differ from another key by their case alone."""
    keys = con.execute(
        "SELECT DISTINCT unnest(json_keys(json)) AS key FROM "
        f"read_json_objects(?, format = '{layout}', maximum_object_size = {MAX_OBJECT_BYTES}) ORDER BY key",
        [str(file.path)],
    ).fetchall()
    return [str(key) for (key,) in keys if key not in types]


def _column(
    con: duckdb.DuckDBPyConnection, name: str, original: str, kind: Any, missing: int, *, is_text: bool
) -> FoundColumn:
    notes: list[str] = []
    found = spark_type(kind)
    if is_text:
        values = text_column(con, "lines", name)
        found = values.type if values.type in ("date", "timestamp") and not values.spellings else "string"
        if values.spellings:
            shown = ", ".join(f"'{each}' in {rows_text(count)}" for each, count in values.spellings.items())
            notes.append(f"{shown}: taken as text")
        elif found == "string" and values.typed:
            notes.append("text, for its values stand in quotes")
        elif values.why is not None:
            notes.append(values.why)
    elif str(kind) == "JSON":
        notes.append("of several kinds: kept as text")
    elif any(word in str(kind) for word in ("JSON", "DATE", "TIME", "UUID")):
        notes.append("what is of no certain type in it is text")
    return FoundColumn(name, original, found, missing, tuple(notes))
