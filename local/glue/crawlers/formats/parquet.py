"""Parquet as its footer describes it: read by ranged GETs, so that a large object costs no more than a small one."""

import io
import sys
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from local.glue.crawlers.formats.arrow_types import glue_type
from local.glue.crawlers.formats.base import Finding, ObjectRef, Rejection, Sample, Storage
from local.glue.crawlers.schema import Column

MAGIC = b"PAR1"


class Parquet:
    """The format `parquet`. Row counts are exact; whole-object compression, which nothing reads, is none of it."""

    classification = "parquet"

    def examine(self, sample: Sample) -> Finding | Rejection:
        """Give what the footer says."""
        if not sample.data.startswith(MAGIC):
            return Rejection(f"it does not begin with {MAGIC.decode()}")
        if sample.compression != "none":
            return Rejection(f"it lies in {sample.compression}, which no reader of Parquet opens", final=True)
        source = io.BytesIO(sample.data) if sample.complete else ObjectFile(sample)
        try:
            footer = pq.read_metadata(source)
            schema = footer.schema.to_arrow_schema()
            columns = tuple(Column(sys.intern(field.name.lower()), glue_type(field.type)) for field in schema)
        except (pa.ArrowException, OSError, ValueError) as error:  # Arrow raises them all for a broken footer
            return Rejection(f"its footer cannot be used: {str(error).strip()}", final=True)
        if repeated := _repeated([column.name for column in columns]):
            return Rejection(f"two of its columns are called {repeated} in lower case", final=True)
        return Finding(
            sample.ref,
            classification=self.classification,
            compression=sample.compression,
            traits=(),
            columns=columns,
            records=footer.num_rows,
        )

    def conclude(self, evidence: Sequence[tuple[ObjectRef, Finding]]) -> list[Finding | Rejection]:
        """Give each object's finding: it stands for itself."""
        return [finding for _, finding in evidence]

    def storage(self, findings: Sequence[Finding]) -> Storage:
        """Give the formats and the SerDe that AWS's crawler writes for Parquet."""
        return Storage(
            input_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
            output_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            serde="org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
            serde_parameters={"serialization.format": "1"},
        )


class ObjectFile(io.RawIOBase):
    """A stored object as a file that Arrow reads: each read is a ranged GET."""

    def __init__(self, sample: Sample) -> None:
        super().__init__()
        self._sample = sample
        self._size = sample.ref.size
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Give the position, in bytes from the start."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Give the next `size` bytes, all that follow where it is negative."""
        left = self._size - self._at
        size = left if size < 0 else min(size, left)
        data = self._sample.read_at(self._at, size) if size else b""
        self._at += len(data)
        return data


def _repeated(names: Sequence[str]) -> str | None:
    return next((name for index, name in enumerate(names) if name in names[:index]), None)
