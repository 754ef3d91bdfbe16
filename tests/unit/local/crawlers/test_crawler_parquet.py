from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError

from local.glue.crawlers.formats.base import Sample
from local.glue.crawlers.formats.parquet import Parquet
from tests.unit.local.crawlers.samples import found, refusal, sample, types

PARQUET = Parquet()


def written(table: pa.Table, **options: object) -> bytes:
    stream = io.BytesIO()
    pq.write_table(table, stream, **options)
    return stream.getvalue()


def typed(values: list[object], kind: pa.DataType) -> str:
    table = pa.table({"v": pa.array(values, kind)})
    return types(found(PARQUET, sample(written(table, store_schema=False))))["v"]


@pytest.mark.rule("parquet types")
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (pa.int32(), "int"),
        (pa.int64(), "bigint"),
        (pa.float64(), "double"),
        (pa.bool_(), "boolean"),
        (pa.string(), "string"),
        (pa.timestamp("us"), "timestamp"),
        (pa.timestamp("ms", tz="UTC"), "timestamp"),
    ],
)
def test_a_column_has_the_type_of_the_file(kind: pa.DataType, expected: str) -> None:
    assert typed([None], kind) == expected


@pytest.mark.rule("parquet other types")
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (pa.int8(), "tinyint"),
        (pa.int16(), "smallint"),
        (pa.uint8(), "smallint"),
        (pa.uint16(), "int"),
        (pa.uint32(), "bigint"),
        (pa.uint64(), "decimal(20,0)"),
        (pa.float32(), "float"),
        (pa.date32(), "date"),
        (pa.decimal128(10, 2), "decimal(10,2)"),
        (pa.binary(), "binary"),
        (pa.binary(4), "binary"),
        (pa.list_(pa.int32()), "array<int>"),
        (pa.map_(pa.string(), pa.int64()), "map<string,bigint>"),
        (
            pa.struct([("firstName", pa.string()), ("n", pa.list_(pa.float64()))]),
            "struct<firstName:string,n:array<double>>",
        ),
        (pa.null(), "string"),
    ],
)
def test_other_types_are_those_of_hive(kind: pa.DataType, expected: str) -> None:
    assert typed([None], kind) == expected


@pytest.mark.rule("parquet other types")
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (pa.dictionary(pa.int32(), pa.string()), "string"),
        (pa.large_string(), "string"),
        (pa.large_list(pa.int64()), "array<bigint>"),
        (pa.duration("s"), "bigint"),
    ],
)
def test_types_that_only_arrow_has_are_what_they_are_stored_as(kind: pa.DataType, expected: str) -> None:
    table = pa.table({"v": pa.array([None], kind)})
    assert types(found(PARQUET, sample(written(table))))["v"] == expected


@pytest.mark.rule("parquet other types", "false starts")
@pytest.mark.parametrize(("value", "kind"), [(datetime.time(1), pa.time64("us")), (Decimal(1), pa.decimal256(50, 2))])
def test_a_type_that_the_catalog_has_not_is_named(value: object, kind: pa.DataType) -> None:
    rejection = refusal(PARQUET, sample(written(pa.table({"v": pa.array([value], kind)}))))
    assert rejection.reason == f"its footer cannot be used: the Data Catalog has no type for {kind}"
    assert rejection.final


@pytest.mark.rule("parquet footer")
def test_columns_are_lower_case_in_their_order_and_rows_are_counted_exactly() -> None:
    table = pa.table({"Year": [2013] * 70_000, "tailNum": ["N1"] * 70_000})
    finding = found(PARQUET, sample(written(table, row_group_size=10_000)))
    assert types(finding) == {"year": "bigint", "tailnum": "string"}
    assert finding.records == 70_000


@pytest.mark.rule("parquet footer")
@pytest.mark.parametrize("columns", [3, 3_000])
def test_of_a_large_object_no_more_than_its_footer_is_read(columns: int) -> None:
    rows = 1_000_000 // columns
    table = pa.table({f"c{index}": pa.array(range(rows)) for index in range(columns)})
    data = written(table, compression="none", use_dictionary=False, write_statistics=False)
    read: list[tuple[int, int]] = []
    whole = sample(data, read=1_000)

    def read_at(start: int, size: int) -> bytes:
        read.append((start, size))
        return data[start : start + size]

    one = Sample(whole.ref, whole.data, whole.stored, whole.compression, read_at)
    finding = found(PARQUET, one)
    assert len(finding.columns) == columns
    assert finding.records == rows
    footer = int.from_bytes(data[-8:-4], "little") + 8
    assert sum(size for _, size in read) <= max(footer, 65_536) + 65_536 < len(data)
    assert len(read) <= 2


@pytest.mark.rule("parquet compression")
@pytest.mark.parametrize("codec", ["snappy", "gzip", "zstd"])
def test_compressed_pages_are_no_compression_of_the_object(codec: str) -> None:
    data = written(pa.table({"v": [1, 2]}), compression=codec)
    assert found(PARQUET, sample(data)).compression == "none"


@pytest.mark.rule("parquet compression", "false starts")
def test_parquet_inside_gzip_is_not_recognised() -> None:
    rejection = refusal(PARQUET, sample(written(pa.table({"v": [1, 2]})), compression="gzip"))
    assert rejection.reason == "it lies in gzip, which no reader of Parquet opens"
    assert rejection.final


@pytest.mark.rule("false starts")
@pytest.mark.parametrize("cut", [1, 20])
def test_parquet_that_is_cut_is_of_no_format(cut: int) -> None:
    rejection = refusal(PARQUET, sample(written(pa.table({"v": [1, 2]}))[:-cut]))
    assert rejection.reason.startswith("its footer cannot be used: ")
    assert rejection.final


@pytest.mark.rule("false starts")
def test_parquet_with_a_broken_footer_is_of_no_format() -> None:
    data = bytearray(written(pa.table({"v": [1, 2]})))
    footer = int.from_bytes(data[-8:-4], "little") + 8
    data[-footer : -footer + 20] = b"\xff" * 20
    rejection = refusal(PARQUET, sample(bytes(data)))
    assert rejection.reason.startswith("its footer cannot be used: Couldn't deserialize thrift")
    assert rejection.final


@pytest.mark.rule("parquet footer")
def test_a_refused_read_of_the_footer_is_no_broken_footer() -> None:
    def refused(start: int, size: int) -> bytes:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": f"{size} from {start}"}}, "GetObject")

    whole = sample(written(pa.table({"v": [1, 2]})), read=10)
    with pytest.raises(ClientError, match="AccessDenied"):
        PARQUET.examine(Sample(whole.ref, whole.data, whole.stored, whole.compression, refused))


@pytest.mark.rule("parquet footer")
def test_names_that_differ_in_case_alone_are_refused() -> None:
    rejection = refusal(PARQUET, sample(written(pa.table({"Id": [1], "id": [2]}))))
    assert rejection.reason == "two of its columns are called id in lower case"


def test_what_does_not_begin_like_parquet_may_be_of_another_format() -> None:
    assert not refusal(PARQUET, sample("id,name\n1,x\n")).final


@pytest.mark.rule("storage")
def test_parquet_is_read_with_hives_serde() -> None:
    storage = PARQUET.storage([found(PARQUET, sample(written(pa.table({"v": [1]}))))])
    assert storage.input_format == "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    assert storage.output_format == "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
    assert storage.serde == "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    assert storage.serde_parameters == {"serialization.format": "1"}
    assert storage.parameters == {}
