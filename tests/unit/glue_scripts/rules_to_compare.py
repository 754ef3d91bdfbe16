"""Rows and row rules of every form, over columns of every type that the job's casts give; also drawn at random."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

TYPES: Final = {
    "i": "int", "b": "bigint", "f": "float", "g": "double", "m": "decimal(10,2)", "n": "decimal(38,18)",
    "s": "string", "t": "string", "o": "boolean", "d": "date", "z": "timestamp",
}  # fmt: skip

_NUMBERS: Final = ("0", "-1", "5", "0.1", "-0.5", "10000000", "99.99", "0.0001", "9007199254740993")
_DAYS: Final = ("2024-01-01", "2023-12-31", "2024-02-29", "1970-01-01")
_TEXTS: Final = ("a", "abc", "", " ", "5", "Zürich", 'a\\"b', "2024-1-1")
_PATTERNS: Final = ("a", "[a-z]+", "a|abc", "", ".*", "\\\\d+", "(?s).+", "\\\\s*", "[^a]")
_LENGTHS: Final = ("1", "2", "3", "0", "2.5")
_DATA_TYPES: Final = ("Integer", "Boolean", "Date", "Timestamp", "Double", "Float", "Long", "Decimal(5,2)")
_WHERES: Final = ("", ' where "i > 0"', " where \"s = 'a' or o\"", ' where "d is not null"', ' where "o"')

POOLS: Final[dict[str, tuple[Any, ...]]] = {
    "i": (None, 0, -1, 5, 6, 10_000_000, -2_147_483_648),
    "b": (None, 0, 5, -1, 9_007_199_254_740_992, 9_007_199_254_740_993, 10_000_000),
    "f": (None, 0.0, -0.5, 5.0, 0.1, float("inf"), 99.99),
    "g": (None, 0.0, -0.5, 5.0, 0.1, float("-inf"), 99.99, 1e-4),
    "m": (None, *map(Decimal, ("0.00", "-0.50", "5.00", "0.10", "99.99", "10000000.00"))),
    "n": (None, *map(Decimal, ("0", "5", "0.1", "0.100000000000000001", "-0.5", "9007199254740993"))),
    "s": (None, "", "a", "abc", "ab", " ", "  ", "\t", "a\nb", "\n", "5", "a b", "Zürich", 'a"b', "abcX", "b a"),
    "t": (None, "", "5", " 5 ", "5.5", "true", "2024-01-01", "31/12/2024", "01-2024", "3000000000", "NaN", "1e3", "-0"),
    "o": (None, True, False),
    "d": (None, *(date.fromisoformat(day) for day in _DAYS), date(9999, 12, 31)),
    "z": (
        None, datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, 23, 59, 59, tzinfo=UTC),
        datetime(2023, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), datetime(1970, 1, 1, 12, tzinfo=UTC),
    ),
}  # fmt: skip

_KINDS: Final = {"i": _NUMBERS, "b": _NUMBERS, "f": _NUMBERS, "g": _NUMBERS, "m": _NUMBERS, "n": _NUMBERS,
                 "d": _DAYS, "z": _DAYS}  # fmt: skip


def every_form() -> Iterator[str]:
    """Yield each operator on each kind of column, with and without NULL and its like."""
    for column in TYPES:
        yield f'IsComplete "{column}"'
        yield from (f'ColumnValues "{column}" {end}' for end in ("= NULL", "!= NULL", "in [NULL]", "not in [NULL]"))
    for column, values in _KINDS.items():
        first, second, third = (f'"{each}"' if values is _DAYS else each for each in values[:3])
        for end in (
            f"= {first}", f"!= {first}", f"> {first}", f">= {first}", f"< {third}", f"<= {third}",
            f"between {second} and {third}", f"not between {second} and {third}", f"in [{first}, {third}]",
            f"in [{first}, NULL]", f"not in [{first}, {third}]", f"not in [{first}, NULL]",
        ):  # fmt: skip
            yield f'ColumnValues "{column}" {end}'
    for value in ("EMPTY", "WHITESPACES_ONLY", '"a"'):
        yield from (f'ColumnValues "s" {operator} {value}' for operator in ("=", "!="))
    for listed in ('"a", "abc"', '"a", NULL', '"a", EMPTY', "WHITESPACES_ONLY, EMPTY", "NULL, EMPTY, WHITESPACES_ONLY"):
        yield from (f'ColumnValues "s" {operator} [{listed}]' for operator in ("in", "not in"))
    for pattern in _PATTERNS:
        yield from (f'ColumnValues "s" {operator} "{pattern}"' for operator in ("matches", "not matches"))
    for end in ("= 1", "!= 1", "> 1", ">= 2", "< 2", "<= 1", "= 0", "between 0 and 3", "not between 1 and 3",
                "in [1, 3]", "in [0, 2]", "not in [1, 2]", "= 2.5"):  # fmt: skip
        yield f'ColumnLength "s" {end}'


def with_conditions() -> Iterator[str]:
    """Yield a rule of each kind with each condition under which it is meant."""
    for rule in ('IsComplete "m"', 'ColumnValues "i" != 5', 'ColumnValues "s" matches "[a-z]+"',
                 'ColumnValues "s" not matches "a"', 'ColumnLength "s" > 1', 'ColumnValues "d" in ["2024-01-01"]',
                 'ColumnValues "s" = EMPTY', 'ColumnValues "g" not between 0 and 5'):  # fmt: skip
        yield from (f"{rule}{where}" for where in _WHERES[1:])


def data_types() -> Iterator[str]:
    """Yield ColumnDataType in its forms."""
    yield from (f'ColumnDataType "t" {operator} "{each}"' for each in _DATA_TYPES for operator in ("=", "!="))
    for form in ("dd/MM/yyyy", "yyyy-MM-dd", "MM-yyyy", "dd/MM"):
        yield f'ColumnDataType "t" = "Date" with format = "{form}"'
    yield 'ColumnDataType "t" = "Integer" where "t is not null"'


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("({}) {} ({})".format, parts, st.sampled_from(("and", "or")), parts)


def _column_values() -> st.SearchStrategy[str]:
    def of(column: str) -> st.SearchStrategy[str]:
        values = _KINDS[column]
        value = st.sampled_from([f'"{each}"' if values is _DAYS else each for each in values])
        single = st.builds("{} {}".format, st.sampled_from(("=", "!=", ">", ">=", "<", "<=")), value)
        ranges = st.builds("{}between {} and {}".format, st.sampled_from(("", "not ")), value, value)
        return _with_lists(column, value, single | ranges)

    texts = st.sampled_from([f'"{each}"' for each in _TEXTS] + ["EMPTY", "WHITESPACES_ONLY"])
    single = st.builds("{} {}".format, st.sampled_from(("=", "!=")), texts)
    patterns = st.builds('{} "{}"'.format, st.sampled_from(("matches", "not matches")), st.sampled_from(_PATTERNS))
    return st.sampled_from(sorted(_KINDS)).flatmap(of) | _with_lists("s", texts, single | patterns)


def _with_lists(column: str, value: st.SearchStrategy[str], others: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    many = st.lists(value | st.just("NULL"), min_size=1, max_size=4).map(", ".join)
    lists = st.builds("{} [{}]".format, st.sampled_from(("in", "not in")), many)
    return st.builds(f'ColumnValues "{column}" {{}}'.format, others | lists)


def _column_length() -> st.SearchStrategy[str]:
    lengths = st.sampled_from(_LENGTHS)
    single = st.builds("{} {}".format, st.sampled_from(("=", "!=", ">", ">=", "<", "<=")), lengths)
    ranges = st.builds("between {} and {}".format, lengths, lengths)
    lists = st.builds("in [{}, {}]".format, lengths, lengths)
    return st.builds('ColumnLength "s" {}'.format, single | ranges | lists)


_SINGLE: Final = st.builds(
    "{}{}".format,
    st.builds('IsComplete "{}"'.format, st.sampled_from(sorted(TYPES))) | _column_values() | _column_length(),
    st.sampled_from(_WHERES),
)
RULES: Final = st.lists(st.recursive(_SINGLE, _joined, max_leaves=3), min_size=6, max_size=10, unique=True)
ROWS: Final = st.lists(
    st.tuples(*(st.sampled_from(POOLS[column]) for column in TYPES)),
    min_size=10, max_size=30,
)  # fmt: skip


def fixed_rows() -> list[tuple[Any, ...]]:
    """Return rows that have every value of every pool, in several company."""
    most = max(map(len, POOLS.values()))
    return [tuple(pool[(at * step) % len(pool)] for pool in POOLS.values()) for step in (1, 5) for at in range(most)]
