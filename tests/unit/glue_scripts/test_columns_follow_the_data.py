"""Columns that are new, and types that are wider: what the table gets, what is quarantined, what ends the run."""

import io
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lib.dataset import Column
from lib.errors import DriftError, SourceError

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import COLUMNS, SmallLake

OLD = b'{"id":1,"day":"2013-01-01","amount":1}\n'
NEW = b'{"id":2,"day":"2013-01-01","Colour":"red"}\n{"id":3,"day":"2013-01-01","colour":null}\n'
RED = '{"id":2,"day":"2013-01-01","Colour":"red"}'


def loaded(make_lake: MakeLake, drift: str = "add") -> SmallLake:
    """A lake of JSON lines whose table was made by a run."""
    lake = make_lake(format="json", options={"multiLine": False}, drift=drift)
    lake.put_bytes("part=1/a.json", OLD)
    lake.run("r1")
    return lake


def kinds(lake: SmallLake) -> dict[str, str]:
    return dict(lake.spark.table(lake.tables.curated).dtypes)


def change(column: str, what: str, before: str | None, after: str) -> dict[str, Any]:
    return {"column": column, "change": what, "from": before, "to": after}


def test_a_new_column_is_added_with_its_values_and_the_record_says_so(make_lake: MakeLake) -> None:
    lake = loaded(make_lake)
    lake.put_bytes("part=1/b.json", NEW)
    assert lake.run("r2")["schema_changes"] == [change("colour", "added", None, "string")]
    assert lake.rows("id", "colour") == [(1, None), (2, "red"), (3, None)]


def test_a_new_column_has_the_crawlers_type_where_the_crawler_has_seen_it(make_lake: MakeLake) -> None:
    lake = loaded(make_lake)
    lake.in_files = (*lake.in_files, ("weight", "bigint"))
    lake.put_bytes("part=1/b.json", b'{"id":2,"day":"2013-01-01","weight":7}\n')
    assert lake.run("r2")["schema_changes"] == [change("weight", "added", None, "bigint")]
    assert lake.rows("id", "weight") == [(1, None), (2, 7)]


def test_rows_with_a_value_in_a_new_column_are_quarantined_and_others_are_not(make_lake: MakeLake) -> None:
    lake = loaded(make_lake, "quarantine")
    lake.put_bytes("part=1/b.json", NEW)
    assert lake.run("r2")["schema_changes"] == []
    assert lake.rows("id") == [(1,), (3,)]
    assert lake.ops("quarantine", "fields", "reasons") == [(RED, ["Colour: no column of the table"])]


def test_a_run_over_a_new_column_fails_by_its_name_and_leaves_the_table(make_lake: MakeLake) -> None:
    lake = loaded(make_lake, "fail")
    lake.put_bytes("part=1/b.json", NEW)
    before = lake.snapshot()
    with pytest.raises(DriftError, match="columns that the table has not: colour; the dataset says drift: fail"):
        lake.run("r2")
    assert (lake.snapshot()[0], lake.record("r2")["outcome"]) == (before[0], "failed")
    assert "colour" not in kinds(lake)


def test_a_new_column_of_parquet_has_its_own_type(make_lake: MakeLake) -> None:
    lake = make_lake(format="parquet", options={})
    for name, columns in {"a": {}, "b": {"weight": pa.array([1.5])}}.items():
        file = io.BytesIO()
        pq.write_table(pa.table({"id": [1], "day": ["2013-01-01"], **columns}), file)
        lake.put_bytes(f"part={len(columns)}/{name}.parquet", file.getvalue())
        record = lake.run(name)
    assert record["schema_changes"] == [change("weight", "added", None, "double")]


def test_a_declared_type_that_is_wider_widens_the_column(make_lake: MakeLake) -> None:
    lake = loaded(make_lake)
    columns = [replace(each, type="bigint") if each.name == "amount" else each for each in COLUMNS]
    lake.dataset = replace(lake.dataset, columns=(*columns, Column("extra", "date")))
    lake.put_bytes("part=1/b.json", b'{"id":2,"day":"2013-01-01","amount":99999999999}\n')
    changes = [change("amount", "widened", "int", "bigint"), change("extra", "added", None, "date")]
    assert lake.run("r2")["schema_changes"] == changes
    assert lake.rows("id", "amount", "extra") == [(1, 1, None), (2, 99999999999, None)]


def test_a_declared_type_that_the_column_cannot_go_to_is_refused_with_the_way_to_rebuild(make_lake: MakeLake) -> None:
    lake = loaded(make_lake)
    columns = [replace(each, type="string") if each.name == "amount" else each for each in COLUMNS]
    lake.dataset = replace(lake.dataset, columns=tuple(columns))
    lake.put_bytes("part=1/b.json", NEW)
    with pytest.raises(SourceError, match=r"'amount' is declared as string and the table has it as int.*drop it"):
        lake.run("r2")
    assert kinds(lake)["amount"] == "int"


def test_a_cataloged_type_that_is_another_leaves_the_column_and_quarantines_what_does_not_fit(
    make_lake: MakeLake,
) -> None:
    lake = make_lake(format="json", options={"multiLine": False}, columns=COLUMNS[:2])
    lake.in_files = (("id", "int"), ("day", "string"), ("amount", "int"))
    lake.put_bytes("part=1/a.json", OLD)
    lake.run("r1")
    lake.in_files = (("id", "int"), ("day", "string"), ("amount", "string"))
    lake.put_bytes("part=1/b.json", b'{"id":2,"day":"2013-01-01","amount":"ten"}\n')
    assert lake.run("r2")["rows"]["quarantined"] == 1
    assert kinds(lake)["amount"] == "int"
