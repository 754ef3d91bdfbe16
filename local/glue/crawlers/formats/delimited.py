"""CSV as AWS Glue's built-in classifier sees it: five delimiters, a header only where the rows below differ from it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from local.glue.crawlers.formats.base import Finding, ObjectRef, Rejection, Sample, Storage
from local.glue.crawlers.formats.cells import Cells, cell_type
from local.glue.crawlers.formats.header import column_names, is_header
from local.glue.crawlers.formats.records import MAX_RECORDS, first_records, sniff, split_first_record
from local.glue.crawlers.schema import Column, Columns, common_type

MIN_COLUMNS = 2
MIN_ROWS = 2
MAX_RAGGED_SHARE = 0.5
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class CsvEvidence:
    """What one sample says: its first record, the types and the number of the rows below that in the sample.

    `records` is the estimate of the rows below the first in the whole object; `header` is Glue's rule on it alone.
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
        """Whether the sample alone has the rows that Glue asks for."""
        return self.rows + (not self.header) >= MIN_ROWS


class DelimitedText:
    """The format `csv`."""

    classification = "csv"

    def examine(self, sample: Sample) -> CsvEvidence | Rejection:
        """Give what `sample` says about itself alone."""
        data = sample.data.removeprefix(BYTE_ORDER_MARK).lstrip(b"\r\n")
        if b"\0" in data:
            return Rejection("it holds NUL bytes, so it is not text")
        if not sample.complete:
            data = data[: data.rfind(b"\n") + 1]  # the last line of such a sample may be cut
        taken = first_records(data, MAX_RECORDS)
        start, below = split_first_record(taken)
        delimiter, first = sniff(start, taken)
        if len(first) < MIN_COLUMNS:
            return Rejection(f"it has fewer than {MIN_COLUMNS} columns by any delimiter that is tried")
        try:
            cells = Cells(below, delimiter=delimiter, width=len(first))
            number_below = cells.has_number()
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
            header=is_header(first, number_below=number_below),
        )

    def conclude(self, evidence: Sequence[tuple[ObjectRef, CsvEvidence]]) -> list[Finding | Rejection]:
        """Judge all objects of a target: one whose first record has only names of its siblings' headers has a header.

        As far as AWS's documents go each object is judged alone. This choice keeps a day of few rows, or of text only,
        in its table: an object that has too few rows by itself is taken where a sibling has its header or its width.
        """
        sufficient = [item for _, item in evidence if item.suffices]
        names = {(item.delimiter, name) for item in sufficient if item.header for name in item.first}
        widths = {(item.delimiter, len(item.first)) for item in sufficient if not item.header}
        return [_finding(ref, item, names, widths) for ref, item in evidence]

    def storage(self, findings: Sequence[Finding]) -> Storage:
        """Give the formats and the SerDe that AWS's crawler writes for CSV."""
        traits = dict(findings[0].traits)
        parameters = {"delimiter": traits["delimiter"], "columnsOrdered": "true", "areColumnsQuoted": "false"}
        if traits["header"] == "true":
            parameters["skip.header.line.count"] = "1"
        return Storage(
            input_format="org.apache.hadoop.mapred.TextInputFormat",
            output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            serde="org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
            serde_parameters={"field.delim": traits["delimiter"]},
            parameters=parameters,
        )


def _estimate(rows: int, sample: Sample, *, lines: int, all_lines: int) -> int:
    """Give the rows of the whole object: those of `lines`, scaled to all lines read, and to all bytes stored."""
    return round(rows * all_lines / lines * sample.ref.size / sample.stored) if lines else 0


def _lines(data: bytes, start: int = 0) -> int:
    return data.count(b"\n", start) + (start < len(data) and not data.endswith(b"\n"))


def _finding(
    ref: ObjectRef, item: CsvEvidence, names: set[tuple[str, str]], widths: set[tuple[str, int]]
) -> Finding | Rejection:
    named = all((item.delimiter, name) in names for name in item.first)
    if not item.suffices and not named and (item.header or (item.delimiter, len(item.first)) not in widths):
        return Rejection(f"it has fewer than {MIN_ROWS} rows of data")
    header = item.header or named
    return Finding(
        ref,
        classification=DelimitedText.classification,
        compression=item.compression,
        traits=(("delimiter", item.delimiter), ("header", str(header).lower())),
        columns=_columns(item, header=header),
        records=item.records if header else item.records + 1,
    )


def _columns(item: CsvEvidence, *, header: bool) -> Columns:
    if header:
        return tuple(map(Column, column_names(item.first), item.types))
    types = (common_type(cell_type(cell), below) for cell, below in zip(item.first, item.types, strict=True))
    # The guide counts from col1, tables seen in the wild from col0.
    return tuple(Column(sys.intern(f"col{index}"), kind) for index, kind in enumerate(types))
