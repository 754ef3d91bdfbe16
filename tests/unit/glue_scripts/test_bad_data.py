"""Every kind of bad data in the table goes where the table says, and a good object beside it is curated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from tests.unit.glue_scripts.bad_data import LAKES, Bad, Kind
from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.small_lake import SmallLake

KINDS = [(lake, kind) for lake, (kinds, _, _) in LAKES.items() for kind in kinds]


@dataclass
class Loaded:
    """A lake after one run, with what came of each object."""

    kinds: dict[str, Kind]
    lake: SmallLake
    record: dict[str, Any]
    curated: dict[str, list[tuple[Any, ...]]]
    quarantined: dict[str, list[Bad]]


def load(lake: SmallLake, kinds: dict[str, Kind]) -> Loaded:
    names = {}
    for position, (name, kind) in enumerate(kinds.items()):
        names[f"part=1/{position}.{lake.dataset.format}{kind.suffix}"] = name
    for file, name in names.items():
        lake.put_bytes(file, kinds[name].content)
    record = lake.run("r1")
    curated: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    quarantined: dict[str, list[Bad]] = defaultdict(list)
    for *values, key in lake.rows("id", "amount", "note", "_source_file"):
        curated[names[key.rpartition("/raw/")[2]]].append(tuple(values))
    for row in lake.spark.table(lake.tables.ops("quarantine")).orderBy("key", "row").collect():
        quarantined[names[row["key"].rpartition("/raw/")[2]]].append((row["line"] or row["fields"], row["reasons"]))
    return Loaded(kinds, lake, record, curated, quarantined)


@pytest.fixture(scope="module")
def loads(make_lake: MakeLake) -> Callable[[str], Loaded]:
    """Each lake is loaded once, when the first test asks for it."""

    @cache
    def loads(name: str) -> Loaded:
        kinds, dataset, in_files = LAKES[name]
        lake = make_lake(**{field: getattr(dataset, field) for field in ("key", "format", "options", "columns")})
        lake.in_files = in_files or lake.in_files
        return load(lake, kinds)

    return loads


@pytest.mark.parametrize(("lake", "kind"), KINDS)
def test_rows_of_a_kind_of_bad_data_go_where_the_table_says(
    loads: Callable[[str], Loaded], lake: str, kind: str
) -> None:
    loaded = loads(lake)
    expected = loaded.kinds[kind]
    assert loaded.curated[kind] == list(expected.curated)
    assert loaded.quarantined[kind] == list(expected.quarantined)


@pytest.mark.parametrize("lake", LAKES)
def test_every_row_of_good_and_bad_objects_is_counted_once(loads: Callable[[str], Loaded], lake: str) -> None:
    loaded = loads(lake)
    kinds, rows = loaded.kinds.values(), loaded.record["rows"]
    curated = sum(len(kind.curated) for kind in kinds)
    quarantined = sum(text is not None for kind in kinds for text, _ in kind.quarantined)
    assert (rows["read"], rows["curated"], rows["quarantined"]) == (curated + quarantined, curated, quarantined)


@pytest.mark.parametrize("lake", LAKES)
def test_unreadable_objects_are_counted_named_and_consumed(loads: Callable[[str], Loaded], lake: str) -> None:
    loaded = loads(lake)
    unreadable = [kind for kind in loaded.kinds.values() if kind.quarantined and kind.quarantined[0][0] is None]
    assert loaded.record["files"]["unreadable"] == len(unreadable)
    named = [name for each in loaded.record["quarantine"] if each["objects"] for name in each["example"].split(", ")]
    assert len(named) == len(unreadable)
    assert loaded.lake.run("r2")["outcome"] == "empty"
