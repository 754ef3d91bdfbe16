from collections.abc import Callable

import pytest
import raw_to_curated
from lib.errors import ConflictError
from lib.publish import publish
from lib.write import Written

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import SmallLake

GOOD, BAD = "1,2013-01-01,10,a\n", "x,2013-01-01,10,a\n"
Meanwhile = Callable[[str, Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Let something happen right before a run's next stage of that name, once."""

    def arrange(stage: str, happens: Callable[[], object]) -> None:
        real = getattr(raw_to_curated, stage)

        def interrupted(*arguments: object, **options: object) -> object:
            monkeypatch.setattr(raw_to_curated, stage, real)
            happens()
            return real(*arguments, **options)

        monkeypatch.setattr(raw_to_curated, stage, interrupted)

    return arrange


@pytest.fixture(
    params=[pytest.param(False, id="first load", marks=pytest.mark.soak), pytest.param(True, id="later load")]
)
def some(request: pytest.FixtureRequest, make_lake: MakeLake) -> SmallLake:
    """A lake with one new object, whose table is there or not, and takes a row twice if it is given twice."""
    lake = make_lake(key=())
    if request.param:
        lake.put("part=1/before.csv", "9,2013-01-01,90,before\n")
        lake.run("before")
    lake.put("part=1/a.csv", GOOD + BAD)
    return lake


@pytest.mark.parametrize("stage", ["write", "publish"])
def test_objects_that_another_run_publishes_meanwhile_are_not_published_again(
    some: SmallLake, meanwhile: Meanwhile, stage: str
) -> None:
    meanwhile(stage, lambda: some.run("other"))
    record = some.run("slow")
    assert (record["outcome"], record["attempts"]) == ("empty", 2)
    assert [row for row in some.rows() if row[0] == 1] == [(1, 10, "a")]
    assert some.snapshot()[1] == {}


def test_nothing_of_an_attempt_that_came_to_nothing_is_left(some: SmallLake, meanwhile: Meanwhile) -> None:
    meanwhile("publish", lambda: some.run("other"))
    some.run("slow")
    key = some.key("part=1/a.csv")
    assert [run_id for run_id, found in some.ops("files", "run_id", "key") if found == key] == ["other"]
    assert some.ops("quarantine", "run_id", "line") == [("other", BAD.strip())]


def test_what_else_is_new_is_published_by_the_run_that_plans_again(some: SmallLake, meanwhile: Meanwhile) -> None:
    def other() -> None:
        some.run("other")
        some.put("part=1/b.csv", "2,2013-01-01,20,b\n")

    meanwhile("publish", other)
    record = some.run("slow")
    assert (record["outcome"], record["attempts"], record["rows"]["read"]) == ("published", 2, 1)
    assert [row for row in some.rows() if row[0] < 9] == [(1, 10, "a"), (2, 20, "b")]


@pytest.mark.parametrize("stage", ["read", "check"])
def test_an_object_that_changes_meanwhile_is_read_as_it_is_then(
    some: SmallLake, meanwhile: Meanwhile, stage: str
) -> None:
    meanwhile(stage, lambda: some.put("part=1/a.csv", "1,2013-01-01,11,anew\n"))
    record = some.run("slow")
    assert (record["outcome"], record["attempts"]) == ("published", 2)
    assert [row for row in some.rows() if row[0] == 1] == [(1, 11, "anew")]


def test_an_object_that_is_deleted_before_it_is_read_does_not_stop_the_run(
    some: SmallLake, meanwhile: Meanwhile
) -> None:
    some.put("part=1/b.csv", "2,2013-01-01,20,b\n")
    meanwhile("read", lambda: some.delete("part=1/a.csv"))
    assert some.run("slow")["rows"]["read"] == 1
    assert [row for row in some.rows() if row[0] < 9] == [(2, 20, "b")]


def test_a_run_plans_five_times_at_most(lake: SmallLake, monkeypatch: pytest.MonkeyPatch) -> None:
    def overtaken(written: Written, run_id: str) -> int:
        raise ConflictError("always")

    lake.put("part=1/a.csv", GOOD)
    monkeypatch.setattr(raw_to_curated, "publish", overtaken)
    with pytest.raises(ConflictError):
        lake.run("slow")
    record = lake.record("slow")
    assert (record["outcome"], record["attempts"]) == ("failed", 5)


def test_a_branch_that_was_dropped_and_made_anew_from_main_is_not_published(some: SmallLake) -> None:
    planned = some.plan("slow")
    written = some.write("slow", planned)
    some.run("other")
    # As a commit does that was on its way when the branch was dropped.
    written.table.refresh()
    some.spark.sql(f"ALTER TABLE {some.tables.curated} CREATE BRANCH {written.branch}")
    with pytest.raises(ConflictError, match="dropped the branch"):
        publish(written, "slow")
    assert [row for row in some.rows() if row[0] == 1] == [(1, 10, "a")]


def test_a_commit_to_a_branch_that_was_dropped_after_the_one_before_is_noticed(some: SmallLake) -> None:
    branch = some.write("slow").on
    branch.table.drop_branch(branch.name)
    with pytest.raises(ConflictError, match="dropped the branch"), branch.commit():
        branch.table.append_nothing(branch.name, {})


def test_a_run_that_plans_again_leaves_the_branches_of_others(some: SmallLake) -> None:
    some.write("other")
    assert list(some.snapshot()[1]) == ["run_other"]
    some.plan("slow", again=True)
    assert list(some.snapshot()[1]) == ["run_other"]
    some.plan("slow")
    assert some.snapshot()[1] == {}
