"""What is done for the tables after a run: small files, old snapshots, orphans; and never what somebody still needs."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lib.limits import Limits
from lib.publish import publish
from lib.upkeep import Done, keep_up

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import SmallLake
from tests.unit.glue_scripts.test_run_after_run import later

# Everything is due soon, and nothing is kept longer than it must be.

pytestmark = pytest.mark.soak

EAGER = Limits(
    snapshots_older_than_days=0,
    min_snapshots_to_keep=3,
    min_small_files=4,
    orphans_older_than_days=0,
)
RUNS = 7
MIN_EXPIRED = 3
METADATA_FILES = 21  # the 20 that the table's properties keep, and the newest


def folder_of(lake: SmallLake, kind: str | None = None) -> Path:
    tables = lake.tables
    return Path(urlsplit(tables.ops_location(kind) if kind else tables.curated_location).path)


def files(folder: Path, pattern: str) -> set[Path]:
    return set(folder.rglob(pattern))


def age(paths: set[Path], days: float) -> None:
    then = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    for path in paths:
        os.utime(path, (then, then))


def put_and_run(lake: SmallLake, number: int) -> None:
    rows = f"{number},2013-01-{number % 28 + 1:02},{number},n{number}\nbad{number},2013-01-01,1,x\n"
    lake.put(f"part=1/{number}.csv", rows, modified=later(number))
    lake.run(f"r{number}")


def needed(lake: SmallLake, name: str) -> set[str]:
    """The data files that some snapshot of a table names."""
    rows = lake.spark.sql(f"SELECT DISTINCT file_path FROM {name}.all_files").collect()
    return {urlsplit(row[0]).path for row in rows}


@pytest.fixture(scope="module")
def kept(make_lake: MakeLake) -> SmallLake:
    """A lake after many small runs, with orphans of all ages made along the way."""
    lake = make_lake(upkeep=EAGER)
    for number in range(RUNS):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("lib.upkeep._MIN_EXPIRED", MIN_EXPIRED)
            put_and_run(lake, number)
        if number == 1:
            for name in ("old", "young"):
                (folder_of(lake) / "data" / f"{name}.parquet").write_bytes(b"left by a run that was killed")
            age({folder_of(lake) / "data" / "old.parquet"}, days=2)
    assert orphans(lake)
    return lake


def orphans(lake: SmallLake) -> list[Done]:
    """Have the orphans removed now; what was done."""
    job = lake.job("orphans")
    now = replace(job, dataset=replace(job.dataset, upkeep=replace(EAGER, orphans_every_days=0)))
    return [
        each
        for each in keep_up(lake.spark, now, started_at=datetime.now(UTC), published=True)
        if each.name == "remove orphans"
    ]


def test_every_row_is_there_after_all_of_it(kept: SmallLake) -> None:
    assert kept.rows("id", "note") == [(number, f"n{number}") for number in range(RUNS)]
    assert len(kept.ops("files", "key")) == len(kept.ops("quarantine", "key")) == RUNS
    assert kept.ops("runs", "outcome") == [("published",)] * RUNS


@pytest.mark.parametrize("kind", [None, "files", "runs", "quarantine"])
def test_files_and_metadata_are_bounded(kept: SmallLake, kind: str | None) -> None:
    name = kept.tables.ops(kind) if kind else kept.tables.curated
    data_files = kept.spark.table(f"{name}.files").count()
    snapshots = kept.spark.table(f"{name}.snapshots").count()
    assert data_files < RUNS
    assert snapshots <= EAGER.min_snapshots_to_keep + 2 * MIN_EXPIRED
    assert len(files(folder_of(kept, kind), "*.metadata.json")) <= METADATA_FILES


@pytest.mark.parametrize("kind", [None, "files", "runs", "quarantine"])
def test_every_file_that_a_snapshot_names_is_there(kept: SmallLake, kind: str | None) -> None:
    name = kept.tables.ops(kind) if kind else kept.tables.curated
    assert needed(kept, name) <= {str(path) for path in files(folder_of(kept, kind), "*.parquet")}


def test_old_orphans_go_and_young_ones_stay(kept: SmallLake) -> None:
    names = {path.name for path in files(folder_of(kept), "*.parquet")}
    assert "young.parquet" in names
    assert "old.parquet" not in names


def test_snapshots_that_are_kept_can_be_read(kept: SmallLake) -> None:
    history = kept.spark.table(f"{kept.tables.curated}.history").orderBy("made_current_at").collect()
    counts = [
        kept.spark.read.option("snapshot-id", row["snapshot_id"]).table(kept.tables.curated).count() for row in history
    ]
    assert counts == sorted(counts)
    assert counts[-1] == RUNS


def test_a_run_whose_snapshot_expired_is_still_known_as_published(kept: SmallLake) -> None:
    snapshot_of_r0 = kept.record("r0")["snapshot_id"]
    assert snapshot_of_r0 not in [
        row[0] for row in kept.spark.sql(f"SELECT snapshot_id FROM {kept.tables.curated}.snapshots").collect()
    ]
    again = kept.plan("r0")
    assert (again.objects, again.published_as) == ((), kept.snapshot()[0])
    assert kept.plan("another").objects == ()


def test_a_run_without_news_leaves_the_tables_as_they_are(kept: SmallLake) -> None:
    before = (kept.snapshot(), needed(kept, kept.tables.ops("files")))
    kept.run("empty")
    assert (kept.snapshot(), needed(kept, kept.tables.ops("files"))) == before


def test_what_an_unfinished_run_needs_stays(make_lake: MakeLake) -> None:
    lake = make_lake(upkeep=EAGER, key=())
    put_and_run(lake, 0)
    lake.put("part=1/slow.csv", "100,2013-01-01,1,slow\n")
    written = lake.write("slow")
    age(files(folder_of(lake), "*"), days=30)
    assert [each.result for each in orphans(lake)] == ["0 files"]
    written.table.refresh()
    publish(written, "slow")
    assert [row[0] for row in lake.rows()] == [0, 100]


def test_what_fails_of_it_is_recorded_and_the_run_stays_published(
    lake: SmallLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise OSError("disk full\nand more")

    monkeypatch.setattr("lib.upkeep._expire", broken)
    lake.put("part=1/a.csv", "1,2013-01-01,10,a\n")
    record = lake.run("r1")
    assert record["outcome"] == "published"
    assert {"name": f"expire curated.{lake.name}", "result": "failed: OSError: disk full"} in record["upkeep"]
    assert [Done(**each.asDict()) for each in lake.ops("runs", "upkeep")[0][0]] == [
        Done(**each) for each in record["upkeep"]
    ]
