"""Where the records of delimited text end, and which delimiter parts their cells."""

import csv

DELIMITERS = (",", "|", "\t", ";", "\x01")
MAX_RECORDS = 1_000
SNIFFED_LINES = 10


def first_records(data: bytes, limit: int, quote: str) -> bytes:
    """Give the lines of at most the first `limit` records of `data`; a quoted line break ends no record."""
    if data.count(b"\n") < limit:
        return data
    end = 0
    for _ in range(limit):
        end = data.index(b"\n", end) + 1
    return data[: _outside_quotes(data, end, quote.encode())]


def split_first_record(data: bytes, quote: str) -> tuple[bytes, bytes]:
    """Give the first record of `data`, without its line break, and all that follows."""
    newline = data.find(b"\n") + 1
    end = _outside_quotes(data, newline, quote.encode()) if newline else len(data)
    return data[:end].rstrip(b"\r\n"), data[end:]


def split(first: bytes, delimiter: str, quote: str) -> tuple[str, ...]:
    """Give the cells of a record."""
    return _cells(first.decode(errors="replace"), delimiter, quote)


def sniff(first: bytes, data: bytes, quote: str) -> tuple[str, tuple[str, ...]]:
    """Give the delimiter and, split by it, the first record; a single cell where no delimiter splits it.

    Glue says which delimiters it tries, not how it chooses: here the one by which most lines have as many cells as the
    first, then the one that gives the more cells, then the one Glue names first.
    """
    start = first.decode(errors="replace")
    lines = [line.decode(errors="replace") for line in data.split(b"\n", SNIFFED_LINES)[:SNIFFED_LINES]]
    best = DELIMITERS[0]
    best_cells: tuple[str, ...] = (start,)
    best_score = (0.0, 1)
    for delimiter in DELIMITERS:
        if delimiter not in start:
            continue
        cells = _cells(start, delimiter, quote)
        # Lines inside quotes split oddly; they do so by every delimiter alike.
        same = sum(len(_cells(line, delimiter, quote)) == len(cells) for line in lines) / len(lines)
        if len(cells) > 1 and (same, len(cells)) > best_score:
            best, best_cells, best_score = delimiter, cells, (same, len(cells))
    return best, best_cells


def _cells(line: str, delimiter: str, quote: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter, quotechar=quote), ()))
    except csv.Error:
        return ()


def _outside_quotes(data: bytes, end: int, quote: bytes) -> int:
    """Give the first line end at or after `end` before which every quote is closed; where there is none, `end`."""
    quotes = data.count(quote, 0, end)
    at = end
    while quotes % 2:
        following = data.find(b"\n", at) + 1
        if not following:
            return end
        quotes += data.count(quote, at, following)
        at = following
    return at
