"""CSV: by a classifier where it says how the text is written, else as AWS Glue's built-in classifier sees it.

The built-in one tries five delimiters, and finds a header only where the rows below differ from it.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from local.glue.crawlers.formats.base import Finding, ObjectRef, Rejection, Sample, Storage
from local.glue.crawlers.formats.cells import Cells, cell_type
from local.glue.crawlers.formats.dialect import BUILT_IN, OPEN_CSV_SERDE, Dialect
from local.glue.crawlers.formats.header import column_names, is_header
from local.glue.crawlers.formats.records import MAX_RECORDS, first_records, sniff, split, split_first_record
from local.glue.crawlers.schema import Column, Columns
from local.glue.crawlers.types import Type, common_type

MIN_COLUMNS = 2
MIN_ROWS = 2
MAX_RAGGED_SHARE = 0.5
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"


@dataclass(frozen=True, slots=True)
class CsvEvidence:
    """What one sample says: its first record, the types and the number of the rows below that in the sample.

    `records` is the estimate of the rows below the first in the whole object; `header` is the classifier's word on it,
    or Glue's rule on it alone.
    """

    compression: str
    delimiter: str
    first: tuple[str, ...]
    types: tuple[str | None, ...]
    rows: int
    records: int
    header: bool

    @property
    def suffices(self) -> bool:
        """Whether the sample alone has the rows that Glue's built-in classifier asks for."""
        return self.rows + (not self.header) >= MIN_ROWS


class DelimitedText:
    """The format `csv`, of one dialect."""

    classification = "csv"

    def __init__(self, dialect: Dialect = BUILT_IN) -> None:
        self._dialect = dialect

    def examine(self, sample: Sample) -> CsvEvidence | Rejection:
        """Give what `sample` says about itself alone."""
        data = sample.data.removeprefix(BYTE_ORDER_MARK).lstrip(b"\r\n")
        if b"\0" in data:
            return Rejection("it holds NUL bytes, so it is not text")
        if not sample.complete:
            data = data[: data.rfind(b"\n") + 1]  # the last line of such a sample may be cut
        taken = first_records(data, MAX_RECORDS, self._dialect.quote)
        start, below = split_first_record(taken, self._dialect.quote)
        delimiter, first = self._split(start, taken)
        if wrong := self._wrong_columns(first, delimiter):
            return Rejection(wrong)
        try:
            cells = Cells(
                below, delimiter=delimiter, width=len(first), quote=self._dialect.quote, trims=self._dialect.trims
            )
            header = self._has_header(first, cells)
        except pa.ArrowInvalid as error:
            return Rejection(f"it cannot be split into records: {error}")
        rows = cells.records + cells.ragged
        if cells.ragged > rows * MAX_RAGGED_SHARE:
            return Rejection(f"{cells.ragged} of {rows} rows have not the {len(first)} cells of the first")
        return CsvEvidence(
            compression=sample.compression,
            delimiter=delimiter,
            first=first,
            types=tuple(cells.types),
            rows=rows,
            records=_estimate(rows, sample, lines=_lines(below), all_lines=_lines(data, len(taken) - len(below))),
            header=header,
        )

    def conclude(self, evidence: Sequence[tuple[ObjectRef, CsvEvidence]]) -> list[Finding | Rejection]:
        """Judge all objects of a target: one whose first record has only names of its siblings' headers has a header.

        As far as AWS's documents go each object is judged alone. This choice keeps a day of few rows, or of text only,
        in its table: an object that has too few rows by itself is taken where a sibling has its header or its width.
        What a classifier says is not judged.
        """
        if self._dialect.header is not None:
            return [self._finding(ref, item, header=item.header) for ref, item in evidence]
        sufficient = [item for _, item in evidence if item.suffices]
        names = {(item.delimiter, name) for item in sufficient if item.header for name in item.first}
        widths = {(item.delimiter, len(item.first)) for item in sufficient if not item.header}
        return [self._judged(ref, item, names, widths) for ref, item in evidence]

    def storage(self, findings: Sequence[Finding]) -> Storage:
        """Give the formats and the SerDe that AWS's crawler writes for CSV, or the SerDe that the classifier names."""
        traits = dict(findings[0].traits)
        parameters = {"delimiter": traits["delimiter"], "columnsOrdered": "true", "areColumnsQuoted": "false"}
        if traits["header"] == "true":
            parameters["skip.header.line.count"] = "1"
        open_csv = traits["serde"] == OPEN_CSV_SERDE
        quoted = {"separatorChar": traits["delimiter"], "quoteChar": traits["quote"]}
        return Storage(
            input_format="org.apache.hadoop.mapred.TextInputFormat",
            output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            serde=OPEN_CSV if open_csv else LAZY_SIMPLE,
            serde_parameters=quoted if open_csv else {"field.delim": traits["delimiter"]},
            parameters=parameters,
        )

    def _split(self, start: bytes, taken: bytes) -> tuple[str, tuple[str, ...]]:
        if self._dialect.delimiter is None:
            return sniff(start, taken, self._dialect.quote)
        return self._dialect.delimiter, split(start, self._dialect.delimiter, self._dialect.quote)

    def _wrong_columns(self, first: tuple[str, ...], delimiter: str) -> str | None:
        least = 1 if self._dialect.single_column else MIN_COLUMNS
        if len(first) < least:
            tried = "any delimiter that is tried" if self._dialect.delimiter is None else f"the delimiter {delimiter!r}"
            return f"it has fewer than {least} columns by {tried}"
        if self._dialect.names and len(self._dialect.names) != len(first):
            return f"its first row has {len(first)} cells, the classifier's Header {len(self._dialect.names)}"
        return None

    def _has_header(self, first: tuple[str, ...], cells: Cells) -> bool:
        if self._dialect.header is not None:
            return self._dialect.header
        return first == self._dialect.names or is_header(first, number_below=cells.has_number())

    def _judged(
        self, ref: ObjectRef, item: CsvEvidence, names: set[tuple[str, str]], widths: set[tuple[str, int]]
    ) -> Finding | Rejection:
        named = all((item.delimiter, name) in names for name in item.first)
        known = named or (not item.header and (item.delimiter, len(item.first)) in widths)
        if not item.suffices and not known and not self._dialect.custom:
            return Rejection(f"it has fewer than {MIN_ROWS} rows of data")
        return self._finding(ref, item, header=item.header or named)

    def _finding(self, ref: ObjectRef, item: CsvEvidence, *, header: bool) -> Finding:
        return Finding(
            ref,
            classification=self.classification,
            compression=item.compression,
            traits=(
                ("delimiter", item.delimiter),
                ("header", str(header).lower()),
                ("quote", self._dialect.quote),
                ("serde", self._dialect.serde),
            ),
            columns=_columns(item, self._dialect.names, header=header),
            records=item.records if header else item.records + 1,
        )


def _estimate(rows: int, sample: Sample, *, lines: int, all_lines: int) -> int:
    """Give the rows of the whole object: those of `lines`, scaled to all lines read, and to all bytes stored."""
    return round(rows * all_lines / lines * sample.ref.size / sample.stored) if lines else 0


def _lines(data: bytes, start: int = 0) -> int:
    return data.count(b"\n", start) + (start < len(data) and not data.endswith(b"\n"))


def _columns(item: CsvEvidence, names: tuple[str, ...], *, header: bool) -> Columns:
    types: Sequence[Type | None] = item.types
    if not header:
        types = [common_type(cell_type(cell), below) for cell, below in zip(item.first, item.types, strict=True)]
    if names or header:
        return tuple(map(Column, column_names(names or item.first), types))
    # The guide counts from col1, tables seen in the wild from col0.
    return tuple(Column(sys.intern(f"col{index}"), kind) for index, kind in enumerate(types))
