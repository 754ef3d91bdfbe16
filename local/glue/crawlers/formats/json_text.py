"""JSON as AWS's crawler writes it: a column for each member of the records, or the one column `array`.

To the built-in classifier a text that is one array is a single value: tables of AWS's crawlers have the one column
`array` for it. The guide's way to a column for each member of its elements is a JSON classifier with the path `$[*]`.
"""

import codecs
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from local.glue.crawlers.errors import Unsupported
from local.glue.crawlers.formats.base import Finding, ObjectRef, Rejection, Sample, Storage
from local.glue.crawlers.formats.json_records import NotJson, Records, first_records
from local.glue.crawlers.formats.json_types import common, member_types
from local.glue.crawlers.schema import Column, union
from local.glue.crawlers.types import Array

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
ARRAY_COLUMN = "array"
ELEMENTS = "$[*]"
# By so much a plain object's sample grows while no record ends in it, and no further than that.
STEP_BYTES = 1 << 20
MAX_BYTES = 10 << 20


class JsonText:
    """The format `json`; with `elements` only what is one array, whose elements are the records."""

    classification = "json"

    def __init__(self, *, elements: bool = False) -> None:
        self._elements = elements

    @classmethod
    def from_request(cls, request: Mapping[str, Any]) -> Self:
        """Read the JsonClassifier member of a CreateClassifier request. Raises Unsupported for another path."""
        if request["JsonPath"] != ELEMENTS:
            path = request["JsonPath"]
            raise Unsupported(f"JsonClassifier.JsonPath {path!r} is not supported here: only {ELEMENTS!r} is")
        return cls(elements=True)

    def examine(self, sample: Sample) -> Finding | Rejection:
        """Give what the first records say. What begins like JSON and is none is of no other format either."""
        data = sample.data.removeprefix(BYTE_ORDER_MARK)
        if not data.lstrip().startswith((b"{", b"[")):
            return Rejection("it begins neither with { nor with [")
        try:
            # A character that the sample's end cuts is left out, as is the record that it stands in.
            text = codecs.getincrementaldecoder("utf-8")().decode(data, sample.complete)
            records = first_records(text, complete=sample.complete)
        except UnicodeDecodeError as error:
            return Rejection(f"it is not UTF-8: {error.reason} at byte {error.start}", final=True)
        except NotJson as error:
            if sample.compression == "none" and sample.stored < min(sample.ref.size, MAX_BYTES):
                more = sample.read_at(sample.stored, STEP_BYTES)
                return self.examine(replace(sample, data=sample.data + more, stored=sample.stored + len(more)))
            where = "" if sample.complete else f"the first {len(data)} bytes: "
            return Rejection(f"it is no JSON: {where}{error}", final=True)
        if self._elements and not records.array:
            return Rejection("it is no JSON array")
        return _finding(sample, text, records, elements=self._elements)

    def conclude(self, evidence: Sequence[tuple[ObjectRef, Finding]]) -> list[Finding | Rejection]:
        """Give each object's finding: it stands for itself."""
        return [finding for _, finding in evidence]

    def storage(self, findings: Sequence[Finding]) -> Storage:
        """Give the formats and the SerDe that AWS's crawler writes for JSON; `paths` spells the columns' names."""
        paths = sorted({name for finding in findings for name in finding.spelling})
        return Storage(
            input_format="org.apache.hadoop.mapred.TextInputFormat",
            output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            serde="org.openx.data.jsonserde.JsonSerDe",
            serde_parameters={"paths": ",".join(paths)},
        )


def _finding(sample: Sample, text: str, records: Records, *, elements: bool) -> Finding | Rejection:
    one_value = records.array and not elements
    objects = [value for value in records.values if isinstance(value, dict)]
    types = {ARRAY_COLUMN: Array(common(records.values))} if one_value else member_types(objects)
    if not types or not records.values:
        return Rejection("it is JSON without a record", final=True)
    return Finding(
        sample.ref,
        classification=JsonText.classification,
        compression=sample.compression,
        traits=(),
        # Names that differ in case alone are one column.
        columns=union((Column(name, kind),) for name, kind in zip(_column_names(types), types.values(), strict=True)),
        records=1 if one_value else _estimate(sample, text, records),
        spelling=tuple(map(sys.intern, types)),
    )


def _column_names(spelling: Iterable[str]) -> list[str]:
    """Give the catalog's names for members: lower case, an empty one by its place."""
    return [sys.intern(name.lower() or f"col{index}") for index, name in enumerate(spelling)]


def _estimate(sample: Sample, text: str, records: Records) -> int:
    """Give the records of the whole object: those that were read, by the share of the object that they take."""
    count, read = len(records.values) + records.broken, records.characters
    if (
        not records.array and text.count("\n", 0, read) == count
    ):  # a line each: the whole lines that follow are records too
        whole = len(text) if sample.complete else text.rfind("\n") + 1
        count += len(text[read:whole].splitlines())
        read = whole
    return round(count * len(text) / read * sample.ref.size / sample.stored)
