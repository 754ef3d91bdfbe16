"""The types of delimited cells: bigint and double for numbers, string for all else, None where every cell is empty.

A number is what Arrow's CSV reader takes for a 64-bit integer or a double, hexadecimal excepted, which no SerDe reads.
Booleans, dates and times stay strings. AWS documents only string against the rest; the finer line is a choice.
"""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from local.glue.crawlers.types import BIGINT, DOUBLE, STRING

INTEGER = r"^[ \t]*-?[0-9]{1,18}[ \t]*$"
NUMBER = r"^[ \t]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*$|^(?i:[+-]?(?:nan|inf|infinity))$"
PADDED = r"^[ \t]|[ \t]$"
_INTEGER = re.compile(INTEGER)
_NUMBER = re.compile(NUMBER)


class Cells:
    """The cells of delimited records without a header, all of `width`; records of another width are left out.

    `trims`: blanks around a number leave it one, else they make it a string.

    Raises pyarrow.ArrowInvalid where `data` cannot be split into records.
    """

    def __init__(self, data: bytes, *, delimiter: str, width: int, quote: str, trims: bool) -> None:
        self._data = _as_utf_8(data)
        self._quote = quote
        self._strict = not trims and _has_padding(data, delimiter, quote)
        self._names = [str(index) for index in range(width)]
        self._delimiter = delimiter
        self.ragged = 0
        self.records = 0
        self.types: list[str | None] = [None] * width
        if data.strip():
            self._judge()

    def has_number(self) -> bool:
        """Whether any cell is a number, be its column one of strings."""
        if BIGINT in self.types or DOUBLE in self.types:
            return True
        if not self.records:
            return False
        return any(pc.any(pc.match_substring_regex(column, NUMBER)).as_py() for column in self._read(as_text=True))

    def _judge(self) -> None:
        table = self._read(as_text=False)
        self.records = table.num_rows
        if self._strict or _has_hexadecimal(self._data, self._delimiter, self._quote):
            self.types = self._by_text()
        else:
            self.types = [_glue_type(kind) for kind in table.schema.types]

    def _by_text(self) -> list[str | None]:
        return [_text_type(column, strict=self._strict) for column in self._read(as_text=True)]

    def _read(self, *, as_text: bool) -> pa.Table:
        self.ragged = 0
        return pa_csv.read_csv(
            pa.py_buffer(self._data),
            # One block: Arrow takes the types from the first one.
            read_options=pa_csv.ReadOptions(
                use_threads=False, block_size=len(self._data) + 1, column_names=self._names
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=self._delimiter,
                quote_char=self._quote,
                newlines_in_values=True,
                invalid_row_handler=self._skip,
            ),
            convert_options=pa_csv.ConvertOptions(
                null_values=[""],
                strings_can_be_null=True,
                check_utf8=False,
                column_types=dict.fromkeys(self._names, pa.binary()) if as_text else None,
            ),
        )

    def _skip(self, _: object) -> str:
        self.ragged += 1
        return "skip"


def cell_type(text: str) -> str | None:
    """Give the type of one cell."""
    if not text:
        return None
    if _INTEGER.match(text):
        return BIGINT
    return DOUBLE if _NUMBER.match(text) else STRING


def cell_types(cells: Sequence[str]) -> list[str | None]:
    """Give the type of each of `cells`."""
    return [cell_type(cell) for cell in cells]


def _as_utf_8(data: bytes) -> bytes:
    """Give `data` itself, or where it is no UTF-8 with a character for each byte: Arrow hands out rows as text."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1").encode()
    return data


def _has_padding(data: bytes, delimiter: str, quote: str) -> bool:
    """Whether a blank stands at the start or the end of some cell."""
    for blank in {b" ", b"\t"} - {delimiter.encode()}:
        if blank in data:  # in most data there is none: searched for once, it costs nothing
            bounds = (delimiter.encode(), quote.encode(), b"\n", b"\r")
            if data.startswith(blank) or data.endswith(blank):
                return True
            if any(bound + blank in data or blank + bound in data for bound in bounds):
                return True
    return False


def _has_hexadecimal(data: bytes, delimiter: str, quote: str) -> bool:
    """Whether some cell may begin like a hexadecimal number; that `0x` stands inside a longer text is common."""
    before = {*b"\r\n\t +-", ord(delimiter), ord(quote)}
    for mark in (b"0x", b"0X"):
        at = data.find(mark)
        while at >= 0:
            if not at or data[at - 1] in before:
                return True
            at = data.find(mark, at + 1)
    return False


def _glue_type(arrow: pa.DataType) -> str | None:
    if pa.types.is_null(arrow):
        return None
    if pa.types.is_integer(arrow):
        return BIGINT
    return DOUBLE if pa.types.is_floating(arrow) else STRING


def _text_type(column: pa.ChunkedArray, *, strict: bool) -> str | None:
    if column.null_count == len(column):
        return None
    if strict and pc.any(pc.match_substring_regex(column, PADDED)).as_py():
        return STRING
    for kind, expression in ((BIGINT, INTEGER), (DOUBLE, NUMBER)):
        if pc.all(pc.match_substring_regex(column, expression)).as_py():
            return kind
    return STRING
