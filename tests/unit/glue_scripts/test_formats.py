import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lib.arguments import Job
from lib.clean import clean
from lib.dataset import Column
from lib.errors import SourceError
from lib.formats import format_of
from lib.read import read
from pyspark.sql import DataFrame

from tests.unit.glue_scripts.bad_data import RUBBISH
from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import ORDERS, SmallLake

ID, DAY = ORDERS.columns[:2]
RATIO, SEEN = Column("ratio", "double"), Column("seen", "timestamp")
PLACE = Column("place", "struct<lat:double,names:array<string>>")
COLUMNS = (ID, DAY, RATIO, SEEN, PLACE)
IN_FILES = tuple((column.name, column.type) for column in COLUMNS)
RECORD = {"Id": 1, "day": "2013-01-01", "ratio": 0.5, "seen": "2013-01-01T05:00:00Z"}
RECORD |= {"place": {"lat": 1.5, "names": ["a", "b"]}}
SHOWN = (1, 0.5, "2013-01-01 05:00:00", (1.5, ["a", "b"]))


def lake_of(make_lake: MakeLake, kind: str, **options: Any) -> SmallLake:
    lake = make_lake(format=kind, options=options, columns=COLUMNS)
    lake.in_files = IN_FILES
    lake.parameters = {"paths": "Id,day,place,ratio,seen"} if kind == "json" else {}
    return lake


def shown(lake: SmallLake) -> list[tuple[Any, ...]]:
    # Times as text: Python gets them in the zone of its process.
    rows = lake.spark.table(lake.tables.curated).orderBy("id")
    return [tuple(row) for row in rows.selectExpr("id", "ratio", "string(seen)", "place").collect()]


def parquet(**columns: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def optimized(rows: DataFrame) -> str:
    return str(rows._jdf.queryExecution().optimizedPlan().toString())


def test_json_lines_are_read_with_nested_values_and_by_the_names_that_the_records_write(make_lake: MakeLake) -> None:
    lake = lake_of(make_lake, "json", multiLine=False)
    lake.put_bytes("part=1/a.jsonl", json.dumps(RECORD).encode() + b"\n")
    lake.run("r1")
    assert shown(lake) == [SHOWN]


def test_a_json_array_over_many_lines_is_one_record_an_element(make_lake: MakeLake) -> None:
    lake = lake_of(make_lake, "json", multiLine=True)
    lake.put_bytes("part=1/a.json", json.dumps([RECORD, RECORD | {"Id": 2}], indent=2).encode())
    assert lake.run("r1")["rows"]["inserted"] == 2
    assert shown(lake) == [SHOWN, (2, *SHOWN[1:])]


def test_parquet_objects_of_different_schemas_become_rows_of_one_table(make_lake: MakeLake) -> None:
    lake = lake_of(make_lake, "parquet")
    seen = pa.array([datetime(2013, 1, 1, 5, tzinfo=UTC)], pa.timestamp("ns", "UTC"))
    place = pa.array([RECORD["place"]], pa.struct({"lat": pa.float64(), "names": pa.list_(pa.string())}))
    first = {"id": pa.array([1], pa.int16()), "day": [date(2013, 1, 1)], "ratio": [0.5], "seen": seen, "place": place}
    lake.put_bytes("part=1/a.parquet", parquet(**first))
    lake.put_bytes("part=1/b.parquet", parquet(ID=pa.array([2.0]), day=["2013-01-01"], ratio=pa.array([3])))
    lake.run("r1")
    assert shown(lake) == [SHOWN, (2, 3.0, None, None)]


@pytest.mark.parametrize("kind", ["csv", "json", "parquet"])
def test_nan_is_a_missing_value_in_every_format(make_lake: MakeLake, kind: str) -> None:
    content = {
        "csv": b"id,day,ratio,seen,place\n1,2013-01-01,NaN,,\n",
        "json": b'{"Id": 1, "day": "2013-01-01", "ratio": NaN}\n',
        "parquet": parquet(id=[1], day=["2013-01-01"], ratio=[float("nan")]),
    }
    lake = lake_of(make_lake, kind)
    if kind == "csv":
        lake.dataset = replace(lake.dataset, options=ORDERS.options, columns=(*COLUMNS[:4], Column("place", "string")))
        lake.in_files = (*IN_FILES[:4], ("place", "string"))
    lake.put_bytes("part=1/a", content[kind])
    lake.run("r1")
    assert shown(lake) == [(1, None, None, None)]


def test_a_parquet_row_in_a_folder_whose_value_does_not_fit_is_quarantined(make_lake: MakeLake) -> None:
    lake = make_lake(format="parquet", options={})
    lake.put_bytes("part=x/a.parquet", parquet(id=[1], day=["2013-01-01"]))
    lake.run("r1")
    fields = '{"id":1,"day":"2013-01-01","part":"x"}'
    assert lake.ops("quarantine", "fields", "reasons") == [(fields, ["part: not of type int"])]


def test_a_run_of_nothing_but_unreadable_objects_publishes_no_row_and_consumes_them(lake: SmallLake) -> None:
    lake.put_bytes("part=1/a.csv", RUBBISH)
    record = lake.run("r1")
    assert (record["outcome"], record["rows"]["read"], record["files"]["consumed"]) == ("published", 0, 1)
    assert record["quarantine"] == [
        {
            "reason": "object: its first line is no UTF-8",
            "rows": 0,
            "example": str(lake.folder / "raw/part=1/a.csv")[1:],
            "objects": 1,
        }
    ]
    assert lake.run("r2")["outcome"] == "empty"


def test_reasons_are_not_computed_where_rows_are_only_curated(lake: SmallLake) -> None:
    lake.put("part=1/a.csv", "1,2013-01-01,10,a\n")
    job: Job = lake.job("r1")
    rows = read(lake.spark, job.dataset, lake.plan("r1"))
    assert "from_csv" in optimized(rows)
    assert "from_csv" not in optimized(clean(rows, job.dataset).rows)


def test_a_format_that_is_not_known_is_refused_by_name() -> None:
    with pytest.raises(SourceError, match="avro objects cannot be read; known are csv, json, parquet"):
        format_of("avro")
