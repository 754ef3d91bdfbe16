import pytest
from lib import ops
from lib.errors import ConflictError, RefusedError, SourceError
from lib.publish import publish

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import HEADER, SmallLake

GOOD, BAD = "1,2013-01-01,10,a\n", "x,2013-01-01,10,a\n"


def test_readers_of_main_see_nothing_before_the_move_and_all_after_it(lake: SmallLake) -> None:
    lake.put("part=1/a.csv", GOOD)
    written = lake.write("r1")
    assert lake.rows() == []
    publish(written, "r1")
    assert lake.rows() == [(1, 10, "a")]
    assert lake.snapshot()[1] == {}


def test_a_run_killed_before_the_move_is_discarded_and_its_objects_are_consumed_once(lake: SmallLake) -> None:
    lake.put("part=1/a.csv", GOOD + BAD)
    lake.write("killed")
    assert list(lake.snapshot()[1]) == ["run_killed"]
    record = lake.run("next")
    size = len(HEADER + GOOD + BAD)
    assert record["files"] == {"new": 1, "consumed": 1, "replaced": 0, "unreadable": 0, "bytes": size}
    assert (lake.rows(), lake.snapshot()[1]) == ([(1, 10, "a")], {})


def test_a_killed_run_that_is_started_again_under_its_id_leaves_no_row_twice(lake: SmallLake) -> None:
    lake.put("part=1/a.csv", GOOD + BAD)
    lake.write("again")
    lake.run("again")
    assert lake.rows() == [(1, 10, "a")]
    assert len(lake.ops("files", "run_id")) == 1
    assert lake.ops("quarantine", "run_id", "line") == [("again", BAD.strip())]


def test_a_run_killed_right_after_the_move_is_recorded_by_the_next_one(lake: SmallLake) -> None:
    lake.put("part=1/a.csv", GOOD)
    publish(lake.write("killed"), "killed")
    assert lake.run("next")["outcome"] == "empty"
    rows = lake.ops("runs", "run_id", "outcome", "rows_read", "rows_inserted")
    assert rows == [("killed", "published", 1, 1), ("next", "empty", 0, 0)]


def test_a_published_run_that_is_started_again_is_not_run_again(lake: SmallLake) -> None:
    lake.put("part=1/a.csv", GOOD)
    snapshot_id = publish(lake.write("r1"), "r1")
    lake.put("part=1/b.csv", "2,2013-01-01,20,b\n")
    record = lake.run("r1")
    assert (record["outcome"], record["snapshot_id"], record["rows"]["curated"]) == ("published", snapshot_id, 1)
    assert lake.rows() == [(1, 10, "a")]


@pytest.mark.parametrize("loaded_before", [False, True], ids=["first load", "later load"])
def test_of_two_runs_with_one_plan_only_the_first_publishes(lake: SmallLake, loaded_before: bool) -> None:
    if loaded_before:
        lake.put("part=1/before.csv", "9,2013-01-01,90,before\n")
        lake.run("before")
    lake.put("part=1/a.csv", GOOD)
    planned = lake.plan("one")
    one, two = lake.write("one", planned), lake.write("two", planned)
    publish(one, "one")
    with pytest.raises(ConflictError):
        publish(two, "two")
    assert [row for row in lake.rows() if row[0] == 1] == [(1, 10, "a")]


def test_a_run_planned_before_the_first_publish_cannot_write_on_top_of_it(lake: SmallLake) -> None:
    lake.put("part=1/a.csv", GOOD)
    planned = lake.plan("late")
    lake.run("first")
    with pytest.raises(ConflictError, match="published to since"):
        lake.write("late", planned)


def test_a_run_that_fails_leaves_a_record_and_publishes_nothing(make_lake: MakeLake) -> None:
    lake = make_lake(format="avro")
    lake.put("part=1/a.csv", GOOD)
    with pytest.raises(SourceError):
        lake.run("r1")
    record = lake.record("r1")
    assert record["outcome"] == "failed"
    assert record["reason"] == "SourceError: avro objects cannot be read; known are csv, json, parquet"
    assert lake.snapshot()[0] is None
    assert lake.ops(ops.RUNS, "run_id", "outcome") == [("r1", "failed")]


@pytest.fixture(scope="module")
def refused(make_lake: MakeLake) -> SmallLake:
    lake = make_lake(max_quarantined=0.5)
    lake.put("part=1/a.csv", GOOD)
    lake.run("good")
    lake.put("part=1/b.csv", "2,2013-01-01,20,b\n" + BAD + BAD)
    with pytest.raises(RefusedError, match=r"^REFUSED: 2 of 3 rows are quarantined, 66\.67%; max_quarantined allows"):
        lake.run("refused")
    return lake


def test_a_run_with_too_many_bad_rows_is_refused_and_publishes_nothing(refused: SmallLake) -> None:
    assert refused.record("refused")["outcome"] == "refused"
    assert refused.rows() == [(1, 10, "a")]


def test_a_refused_run_consumes_nothing_and_its_branch_is_kept(refused: SmallLake) -> None:
    assert refused.record("refused")["files"]["consumed"] == 0
    assert len(refused.plan("again").objects) == 1
    assert list(refused.snapshot()[1]) == ["run_refused"]
