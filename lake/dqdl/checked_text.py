"""What stands between quotes in a row rule: dates, texts, patterns, types and SQL, as far as Python can tell."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from lake.errors import nearest

# Messages of Python's `re` for what is wrong in Java's regular expressions too; in others the two differ.
_WRONG_PATTERN: Final = (
    "missing ), unterminated subpattern", "unbalanced parenthesis", "unterminated character set", "nothing to repeat",
    "bad escape (end of pattern)",
)  # fmt: skip

# The data types of DQDL by what Spark calls them.
_SPARK_TYPES: Final = {
    "boolean": "boolean", "date": "date", "timestamp": "timestamp", "integer": "int",
    "double": "double", "float": "float", "long": "bigint",
}  # fmt: skip
_DATA_TYPES: Final = "Boolean, Date, Timestamp, Integer, Double, Float, Long, Decimal(p,s)"
_DECIMAL: Final = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)", re.ASCII)

# A date's formats: what stands before the value and after it makes it a whole date, as deequ completes it.
_FORMATS: Final[Mapping[str, tuple[str, str, str]]] = {
    **{each: ("", "", each) for each in
       ("dd-MM-yyyy", "MM-dd-yyyy", "yyyy-MM-dd", "dd/MM/yyyy", "MM/dd/yyyy", "yyyy/MM/dd")},
    "MM-yyyy": ("01-", "", "dd-MM-yyyy"), "MM/yyyy": ("01/", "", "dd/MM/yyyy"),
    "yyyy-MM": ("", "-01", "yyyy-MM-dd"), "yyyy/MM": ("", "/01", "yyyy/MM/dd"),
    "dd-MM": ("", "-2000", "dd-MM-yyyy"), "dd/MM": ("", "/2000", "dd/MM/yyyy"),
    "MM-dd": ("", "-2000", "MM-dd-yyyy"), "MM/dd": ("", "/2000", "MM/dd/yyyy"),
}  # fmt: skip

# Functions of Spark that give something else another time, or on another cluster.
_CLOCK_CALLS: Final = re.compile(
    r"\b(now|current_date|current_timestamp|curdate|localtimestamp|current_timezone|rand|random|randn|uuid|shuffle"
    r"|monotonically_increasing_id|spark_partition_id|input_file_\w+)\s*\(|\b(unix_timestamp)\s*\(\s*\)",
    re.IGNORECASE,
)
_CLOCK_WORDS: Final = re.compile(r"\b(current_date|current_timestamp|localtimestamp)\b", re.IGNORECASE)
_SQL_QUOTED: Final = re.compile(r"'(?:\\.|[^'\\])*'", re.DOTALL)
_SPECIAL: Final = re.compile(r"[.^$|?*+()\[\]{}]")
_BACKQUOTED: Final = re.compile(r"`([^`]*)`")


def date_problem(text: str) -> str | None:
    """Return what is wrong with a date of the form 2024-01-31."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return f'"{text}" is no date; allowed: a day of the calendar such as "2024-01-31"'
    return None


def text_problem(text: str) -> str | None:
    """Return what is wrong with a text that values are compared with: deequ reads some as others."""
    if "\\" in text:
        return f'deequ reads the \\ of "{text}" in several ways; allowed: matches "…", where \\\\ is one \\'
    if "'" in text:
        pattern = _SPECIAL.sub(r"\\\g<0>", text)
        return f'deequ loses the \' of "{text}"; allowed: matches "{pattern}"'
    return None


def pattern_problem(pattern: str) -> str | None:
    """Return what is wrong with a regular expression of Java."""
    try:
        with warnings.catch_warnings():
            # Python warns of sets in sets, which Java has.
            warnings.simplefilter("ignore", FutureWarning)
            re.compile(pattern)
    except re.error as error:
        if error.msg in _WRONG_PATTERN:
            return f'"{pattern}" is no regular expression: {error.msg} at {error.pos}; allowed: one of Java'
    return None


@dataclass(frozen=True, slots=True)
class DataType:
    """A type as Spark calls it, and of a date how its text is completed before it is read by `format`."""

    data_type: str
    before: str = ""
    after: str = ""
    format: str | None = None


def data_type(name: str, date_format: str | None) -> DataType:
    """Return a data type of DQDL, of a date perhaps with its format. Raises ValueError, listing the allowed."""
    decimal = _DECIMAL.fullmatch(name.upper())
    if decimal and 1 <= int(decimal[1]) <= 38 and int(decimal[2]) <= int(decimal[1]):
        spark_type: str | None = f"decimal({int(decimal[1])},{int(decimal[2])})"
    else:
        spark_type = _SPARK_TYPES.get(name.lower())
    if spark_type is None:
        raise ValueError(f"'{name}' is no data type; allowed: {_DATA_TYPES}{nearest(name, _DATA_TYPES.split(', '))}")
    if date_format is None:
        return DataType(spark_type)
    if spark_type != "date":
        raise ValueError(f"{name} has no format; allowed: with format, of Date")
    if date_format not in _FORMATS:
        allowed = f"{', '.join(_FORMATS)}{nearest(date_format, _FORMATS)}"
        raise ValueError(f"'{date_format}' is no format; allowed: {allowed}")
    before, after, whole = _FORMATS[date_format]
    return DataType(spark_type, before, after, whole)


def where_problem(clause: str, columns: Collection[str]) -> str | None:
    """Return what is wrong with a condition in Spark's SQL; the job finds what is wrong beyond that before it reads."""
    if '"' in clause:
        return 'a " stands in it; allowed around a text: single quotes'
    bare = _SQL_QUOTED.sub("''", clause)
    if bare.count("'") % 2:
        return "a single quote is not closed; allowed: a condition in Spark's SQL"
    for name in _BACKQUOTED.findall(bare):
        if columns and name not in columns:
            return f"no column '{name}'; declared: {', '.join(columns)}{nearest(name, columns)}"
    bare = _BACKQUOTED.sub("``", bare)
    depth = 0
    for character in bare:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
    if depth:
        return "a bracket is not closed, or closes nothing; allowed: a condition in Spark's SQL"
    found = _CLOCK_CALLS.search(bare)
    word = _CLOCK_WORDS.search(bare)
    clock = (found[1] or found[2]) if found else word[1] if word and word[1].lower() not in columns else None
    if clock:
        return f"{clock} gives other rows another time, of the same bytes; allowed: what follows from the row alone"
    if ";" in bare or re.search(r"\bselect\b|\bover\b|--|/\*|\$\{", bare, re.IGNORECASE):
        return "it is more than a condition; allowed: one on the row's columns, in Spark's SQL"
    return None
