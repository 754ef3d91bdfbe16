import gzip

import pytest

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import HEADER, SmallLake
from tests.unit.glue_scripts.test_run_after_run import later

OLD = "1,2013-01-01,10,a\n2,2013-02-01,20,b\n"


@pytest.fixture(scope="module")
def rewritten(make_lake: MakeLake) -> SmallLake:
    """A table without a key after one of its two objects was rewritten, with a row less, one as before and one new."""
    lake = make_lake(key=())
    lake.put("part=1/it's.csv", OLD)
    lake.put("part=1/other.csv", "3,2013-02-01,30,c\n1,2013-01-01,10,a\n")
    lake.put("part=1/march.csv", "4,2013-03-01,40,d\n")
    lake.run("first")
    lake.march = files_of(lake, 3)  # type: ignore[attr-defined]  # for one test below
    lake.put("part=1/it's.csv", "1,2013-01-01,10,a\n5,2013-01-01,50,e\n5,2013-01-01,50,e\n", modified=later())
    lake.run("second")
    return lake


def files_of(lake: SmallLake, month: int) -> list[str]:
    rows = lake.spark.sql(f"SELECT DISTINCT input_file_name() FROM {lake.tables.curated} WHERE month(day) = {month}")
    return sorted(row[0] for row in rows.collect())


def test_the_rows_of_its_older_version_are_replaced_and_those_of_others_stay(rewritten: SmallLake) -> None:
    assert sorted(rewritten.rows("id", "_run_id")) == [
        (1, "first"), (1, "second"), (3, "first"), (4, "first"), (5, "second"), (5, "second"),
    ]  # fmt: skip


def test_replaced_rows_are_counted_beside_the_rows_of_the_run(rewritten: SmallLake) -> None:
    rows = rewritten.record("second")["rows"]
    assert (rows["read"], rows["inserted"], rows["replaced"]) == (3, 3, 2)
    assert rewritten.record("second")["files"]["replaced"] == 1
    assert rewritten.ops("runs", "run_id", "rows_replaced") == [("first", 0), ("second", 2)]


def test_files_without_a_row_of_it_are_not_rewritten(rewritten: SmallLake) -> None:
    assert files_of(rewritten, 3) == rewritten.march  # type: ignore[attr-defined]  # see above


def test_readers_see_the_older_rows_until_the_new_ones_are_published(make_lake: MakeLake) -> None:
    lake = make_lake(key=())
    lake.put("part=1/a.csv", OLD)
    lake.run("first")
    lake.put("part=1/a.csv", "7,2013-01-01,70,g\n", modified=later())
    lake.write("killed")
    assert [row[0] for row in lake.rows()] == [1, 2]
    lake.run("next")
    assert [row[0] for row in lake.rows()] == [7]


def test_an_object_that_is_rewritten_as_it_was_leaves_its_rows_once(make_lake: MakeLake) -> None:
    lake = make_lake(key=())
    lake.put("part=1/a b%20c+é.csv", OLD)
    lake.run("first")
    lake.put("part=1/a b%20c+é.csv", OLD, modified=later())
    assert lake.run("second")["rows"]["replaced"] == 2
    assert [row[0] for row in lake.rows()] == [1, 2]


def test_many_objects_are_replaced_as_few_are(make_lake: MakeLake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.replace._MAX_NAMED", 1)
    lake = make_lake(key=())
    for name in "abc":
        lake.put(f"part=1/{name}.csv", f"1,2013-01-01,10,{name}\n")
    lake.run("first")
    for name in "ac":
        lake.put(f"part=1/{name}.csv", f"2,2013-01-01,20,{name}\n", modified=later())
    assert lake.run("second")["rows"]["replaced"] == 2
    assert sorted(lake.rows("id", "note")) == [(1, "b"), (2, "a"), (2, "c")]


def test_the_rows_of_a_deleted_object_stay(make_lake: MakeLake) -> None:
    lake = make_lake(key=())
    lake.put("part=1/a.csv", OLD)
    lake.run("first")
    lake.delete("part=1/a.csv")
    lake.put("part=1/b.csv", "3,2013-01-01,30,c\n")
    lake.run("second")
    assert [row[0] for row in lake.rows()] == [1, 2, 3]


def test_a_newer_version_that_cannot_be_read_replaces_nothing(make_lake: MakeLake) -> None:
    lake = make_lake(key=())
    lake.put_bytes("part=1/a.csv.gz", gzip.compress((HEADER + OLD).encode()))
    lake.run("first")
    lake.put_bytes("part=1/a.csv.gz", gzip.compress((HEADER + OLD).encode())[:-12], modified=later())
    record = lake.run("second")
    assert (record["files"]["unreadable"], record["rows"]["replaced"]) == (1, 0)
    assert [row[0] for row in lake.rows()] == [1, 2]


def test_in_a_table_with_a_key_rows_that_the_newer_version_lacks_stay(lake: SmallLake) -> None:
    lake.put("part=1/a.csv", OLD)
    lake.run("first")
    lake.put("part=1/a.csv", "2,2013-02-01,22,newer\n", modified=later())
    record = lake.run("second")
    assert lake.rows() == [(1, 10, "a"), (2, 22, "newer")]
    assert (record["rows"]["updated"], record["rows"]["replaced"]) == (1, 0)
