from datetime import datetime, timedelta

import pytest
from lib.errors import ConflictError
from lib.publish import publish

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import MODIFIED, SmallLake

NOTHING = dict.fromkeys(
    ("read", "inserted", "updated", "unchanged", "superseded", "quarantined", "replaced", "curated"), 0
)


def later(minutes: int = 1) -> datetime:
    return MODIFIED + timedelta(minutes=minutes)


@pytest.fixture
def loaded(lake: SmallLake) -> SmallLake:
    lake.put("part=1/a.csv", "1,2013-01-01,10,a\n2,2013-02-01,20,b\n")
    lake.run("first")
    return lake


def test_a_first_run_publishes_the_rows_with_their_lineage(loaded: SmallLake) -> None:
    key = str(loaded.folder / "raw/part=1/a.csv")[1:]
    modified = MODIFIED.replace(tzinfo=None)
    columns = ("id", "amount", "part", "_source_file", "_source_modified", "_run_id")
    table = loaded.spark.table(loaded.tables.curated)
    shown = table.withColumn("_source_modified", table["_source_modified"].cast("string"))
    assert [tuple(row) for row in shown.orderBy("id").select(*columns).collect()] == [
        (1, 10, 1, key, str(modified), "first"),
        (2, 20, 1, key, str(modified), "first"),
    ]


def test_a_second_run_over_the_same_objects_is_empty_and_commits_nothing(loaded: SmallLake) -> None:
    before = loaded.snapshot()
    files = loaded.ops("files", "run_id", "key")
    record = loaded.run("second")
    assert (record["outcome"], record["rows"], record["files"]["new"]) == ("empty", NOTHING, 0)
    assert loaded.snapshot() == before
    assert loaded.ops("files", "run_id", "key") == files


@pytest.fixture(scope="module")
def twice(make_lake: MakeLake) -> SmallLake:
    """A lake after a first run, and a second one that meets each kind of row."""
    lake = make_lake()
    lake.put("part=1/a.csv", "1,2013-01-01,10,a\n2,2013-02-01,20,b\n4,2013-02-01,40,d\n")
    lake.run("first")
    lake.put("part=1/a.csv", "2,2013-02-01,20,b\n", modified=later(1))
    lake.put("part=1/changed.csv", "1,2013-01-01,11,changed\n", modified=later(1))
    lake.put("part=1/new.csv", "3,2013-01-05,30,new\n", modified=later(1))
    lake.put("part=1/old.csv", "4,2013-02-01,9,older\n", modified=later(-5))
    lake.run("second")
    return lake


def test_an_equal_row_that_is_put_again_stays_as_it_was(twice: SmallLake) -> None:
    assert (2, 20, "b", "first") in twice.rows("id", "amount", "note", "_run_id")
    assert twice.record("second")["rows"]["unchanged"] == 1


def test_a_later_row_updates_its_key(twice: SmallLake) -> None:
    assert (1, 11, "changed", "second") in twice.rows("id", "amount", "note", "_run_id")
    assert twice.record("second")["rows"]["updated"] == 1


def test_a_row_with_a_new_key_is_inserted(twice: SmallLake) -> None:
    assert (3, 30, "new", "second") in twice.rows("id", "amount", "note", "_run_id")
    assert twice.record("second")["rows"]["inserted"] == 1


def test_a_row_from_an_older_object_does_not_replace_the_stored_one(twice: SmallLake) -> None:
    assert (4, 40, "d", "first") in twice.rows("id", "amount", "note", "_run_id")
    assert twice.record("second")["rows"]["superseded"] == 1


def test_the_numbers_of_a_second_run_add_up(twice: SmallLake) -> None:
    assert twice.record("second")["rows"] == {
        "read": 4, "inserted": 1, "updated": 1, "unchanged": 1, "curated": 3, "superseded": 1, "quarantined": 0,
        "replaced": 0,
    }  # fmt: skip
    assert len(twice.rows()) == 4


def test_a_run_of_equal_rows_alone_rewrites_no_file_of_the_table(twice: SmallLake) -> None:
    def files() -> list[str]:
        return [row[0] for row in twice.spark.table(f"{twice.tables.curated}.files").select("file_path").collect()]

    before = sorted(files())
    twice.put("part=1/changed.csv", "1,2013-01-01,11,changed\n", modified=later(9))
    record = twice.run("third")
    assert (record["outcome"], record["rows"]["unchanged"], record["rows"]["curated"]) == ("published", 1, 1)
    assert sorted(files()) == before


def test_repeated_keys_of_one_run_are_counted_as_superseded(lake: SmallLake) -> None:
    lake.put("part=1/a.csv", "1,2013-01-01,1,first\n1,2013-01-01,2,second\n1,2013-01-01,3,third\n")
    record = lake.run("r1")
    assert (record["rows"]["read"], record["rows"]["curated"], record["rows"]["superseded"]) == (3, 1, 2)
    assert lake.rows() == [(1, 3, "third")]


def test_an_object_that_arrives_after_the_plan_is_left_to_the_next_run(loaded: SmallLake) -> None:
    loaded.put("part=2/b.csv", "5,2013-01-01,50,planned\n")
    planned = loaded.plan("second")
    loaded.put("part=2/c.csv", "6,2013-01-01,60,not planned\n")
    publish(loaded.write("second", planned), "second")
    assert [row[0] for row in loaded.rows()] == [1, 2, 5]
    loaded.run("third")
    assert [row[0] for row in loaded.rows()] == [1, 2, 5, 6]


def test_an_object_that_is_rewritten_while_it_is_read_stops_the_run(loaded: SmallLake) -> None:
    loaded.put("part=2/b.csv", "5,2013-01-01,50,planned\n")
    planned = loaded.plan("second")
    loaded.put("part=2/b.csv", "5,2013-01-01,51,another\n", modified=later())
    with pytest.raises(ConflictError, match=r"1 objects changed while they were read, the first .*b\.csv"):
        loaded.write("second", planned)


def test_a_dataset_without_an_object_ends_empty(lake: SmallLake) -> None:
    assert lake.run("r1")["outcome"] == "empty"
    assert lake.ops("runs", "run_id", "outcome") == [("r1", "empty")]
    assert lake.snapshot() == (None, {})


def test_an_ops_table_of_an_earlier_version_gets_the_columns_that_it_lacks(loaded: SmallLake) -> None:
    runs = loaded.tables.ops("runs")
    loaded.spark.sql(f"ALTER TABLE {runs} DROP COLUMN schema_changes")
    loaded.spark.sql(f"ALTER TABLE {runs} DROP COLUMN attempts")
    loaded.put("part=1/b.csv", "3,2013-01-01,30,c\n")
    assert loaded.run("second")["outcome"] == "published"
    assert loaded.ops("runs", "run_id", "outcome", "attempts") == [
        ("first", "published", None),
        ("second", "published", 1),
    ]
