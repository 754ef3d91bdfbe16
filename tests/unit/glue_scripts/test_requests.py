"""What a run can be asked for: to consume objects again, to release them, to set them aside."""

from datetime import UTC, datetime
from typing import Any

import pytest
from lib.errors import RefusedError
from lib.request import read_request

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import SmallLake
from tests.unit.glue_scripts.test_run_after_run import later

BAD = "x,2013-01-01,10,bad\n"


@pytest.fixture
def two(make_lake: MakeLake) -> SmallLake:
    """A table without a key, with two objects of different folders and times."""
    lake = make_lake(key=())
    lake.put("part=1/a.csv", "1,2013-01-01,10,a\n")
    lake.put("part=2/b.csv", "2,2013-02-01,20,b\n", modified=later(60))
    lake.run("first")
    return lake


@pytest.mark.parametrize(
    ("asked", "again"),
    [
        ({"reprocess_prefix": "part=1/"}, [1]),
        ({"reprocess_prefix": "part=1/a.csv"}, [1]),
        ({"reprocess_prefix": "part=3/"}, []),
        ({"reprocess_prefix": ""}, [1, 2]),
        ({"reprocess_from": later(60)}, [2]),
        ({"reprocess_to": later(60)}, [1]),
        ({"reprocess_from": later(-1), "reprocess_to": later(61)}, [1, 2]),
        ({"reprocess_prefix": "part=2/", "reprocess_to": later(60)}, []),
    ],
    ids=str,
)
def test_the_objects_asked_for_and_no_others_are_consumed_again(
    two: SmallLake, asked: dict[str, Any], again: list[int]
) -> None:
    if "reprocess_prefix" in asked:
        asked = {**asked, "reprocess_prefix": two.key(asked["reprocess_prefix"])}
    record = two.run("second", **asked)
    assert (record["rows"]["read"], record["rows"]["replaced"]) == (len(again), len(again))
    assert two.rows("id", "_run_id") == [(each, "second" if each in again else "first") for each in (1, 2)]
    assert record["request"].keys() == asked.keys()


def test_what_reprocessed_objects_brought_is_replaced_in_a_table_with_a_key(lake: SmallLake) -> None:
    lake.put("part=1/a.csv", "1,2013-01-01,10,a\n2,2013-02-01,20,b\n")
    lake.put("part=1/b.csv", "2,2013-02-01,21,later\n3,2013-02-01,30,c\n", modified=later())
    lake.run("first")
    lake.put("part=1/b.csv", "3,2013-02-01,31,anew\n", modified=later(2))
    record = lake.run("second", reprocess_prefix=lake.key("part=1/b"))
    # The older row of key 2 lies in an object that was not asked for.
    assert lake.rows() == [(1, 10, "a"), (3, 31, "anew")]
    assert (record["rows"]["inserted"], record["rows"]["replaced"]) == (1, 2)
    lake.run("third", reprocess_prefix=lake.key(""))
    assert lake.rows() == [(1, 10, "a"), (2, 20, "b"), (3, 31, "anew")]


def test_a_reprocessed_row_does_not_win_over_a_later_one(lake: SmallLake) -> None:
    lake.put("part=1/a.csv", "1,2013-01-01,10,a\n")
    lake.put("part=1/b.csv", "1,2013-01-01,11,later\n", modified=later())
    lake.run("first")
    assert lake.run("second", reprocess_prefix=lake.key("part=1/a"))["rows"]["superseded"] == 1
    assert lake.rows() == [(1, 11, "later")]


def test_new_objects_that_were_not_asked_for_wait_for_the_next_run(two: SmallLake) -> None:
    two.put("part=2/c.csv", "3,2013-02-01,30,c\n")
    two.run("second", reprocess_prefix=two.key("part=1/"))
    assert [row[0] for row in two.rows()] == [1, 2]
    two.run("third")
    assert [row[0] for row in two.rows()] == [1, 2, 3]


def test_a_killed_reprocessing_changes_nothing(two: SmallLake) -> None:
    before = two.rows("id", "_run_id")
    two.write("killed", two.plan("killed", reprocess_prefix=two.key("")))
    assert two.rows("id", "_run_id") == before
    assert two.run("next")["outcome"] == "empty"
    assert two.rows("id", "_run_id") == before


@pytest.fixture
def refused(make_lake: MakeLake) -> SmallLake:
    lake = make_lake(max_quarantined=0.2)
    lake.put("part=1/bad.csv", BAD + "1,2013-01-01,10,a\n")
    lake.put("part=2/good.csv", "2,2013-01-01,20,b\n")
    with pytest.raises(RefusedError):
        lake.run("refused")
    return lake


def test_released_objects_are_published_and_the_record_says_why_they_would_not_have_been(refused: SmallLake) -> None:
    record = refused.run("release", release_prefix=refused.key("part=1/"))
    assert (record["outcome"], record["rows"]["quarantined"]) == ("published", 1)
    assert record["released"] == "1 of 2 rows are quarantined, 50.00%; max_quarantined allows 20.00%"
    assert refused.rows() == [(1, 10, "a")]
    assert refused.run("next")["outcome"] == "published"
    assert refused.rows() == [(1, 10, "a"), (2, 20, "b")]


def test_excluded_objects_are_set_aside_whole_and_the_others_published(refused: SmallLake) -> None:
    record = refused.run("exclude", exclude_prefix=refused.key("part=1/"))
    assert (record["outcome"], record["files"]["unreadable"], record["released"]) == ("published", 1, None)
    assert refused.rows() == [(2, 20, "b")]
    reason = f"object: set aside by run exclude, which was asked to exclude {refused.key('part=1/')}"
    aside = [row for row in refused.ops("quarantine", "run_id", "key", "reasons") if row[0] == "exclude"]
    assert aside == [("exclude", refused.key("part=1/bad.csv"), [reason])]
    assert refused.run("next")["outcome"] == "empty"


def test_excluded_objects_can_be_consumed_later(refused: SmallLake) -> None:
    refused.run("exclude", exclude_prefix=refused.key("part=1/"))
    refused.put("part=1/good.csv", "5,2013-01-01,50,e\n6,2013-01-01,60,f\n7,2013-01-01,70,g\n")
    refused.run("later", reprocess_prefix=refused.key("part=1/"))
    assert [row[0] for row in refused.rows()] == [1, 2, 5, 6, 7]


def test_times_are_utc_unless_they_say_otherwise() -> None:
    given = {"reprocess_from": "2013-01-31", "reprocess_to": "2013-01-31T06:00+02:00"}
    request = read_request(given.get)
    assert (request.reprocess_from, request.reprocess_to) == (
        datetime(2013, 1, 31, tzinfo=UTC),
        datetime(2013, 1, 31, 4, tzinfo=UTC),
    )


def test_an_empty_property_asks_for_nothing() -> None:
    assert read_request(lambda name: "").given() == {}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"reprocess_from": "soon"}, "reprocess_from: 'soon' is no time; allowed is one such as 2013-01-31 or"),
        ({"reprocess_prefix": "a", "release_prefix": "a"}, "a run does one thing at a time: give one of reprocess_"),
        ({"exclude_prefix": "a", "release_prefix": "a"}, "a run does one thing at a time"),
    ],
)
def test_what_cannot_be_done_is_refused(given: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_request(given.get)
