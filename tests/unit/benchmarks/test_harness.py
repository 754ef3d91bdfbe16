"""The harness of the benchmarks, on sides that burn a known amount of CPU."""

import json
import os
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.harness import Comparison, Side, compare
from benchmarks.report import Report, Sample
from lake.config_file import ROOT

# Burns CPU in a process that it starts, and in one that this one starts.
BURN = """
import subprocess, sys, time
seconds, deeper = float(sys.argv[1]), int(sys.argv[2])
if deeper:
    subprocess.run([sys.executable, "-c", sys.argv[3], *sys.argv[1:2], str(deeper - 1), sys.argv[3]], check=True)
else:
    while time.process_time() < seconds:
        pass
    print("42")
"""


def side(name: str, seconds: float, notes: Path, *, deeper: int = 0) -> Side:
    def prepare() -> None:
        with notes.open("a") as file:
            file.write(name)

    command = [sys.executable, "-c", BURN, str(seconds), str(deeper), BURN]
    return Side(name, command, os.environ, f"{seconds} s", prepare)


def same(a: str, b: str) -> str:
    if a != b:
        raise RuntimeError(f"{a!r} is not {b!r}")
    return a.strip()


def report(a: list[float], b: list[float], limit: float | None = None) -> Report:
    return Report(
        name="thing",
        names=("ours", "theirs"),
        settings=("as it is", "plain"),
        samples=([Sample(value, value) for value in a], [Sample(value, 2 * value) for value in b]),
        agreed="42 rows",
        versions={"duckdb": "2.0.0"},
        machine="2 cores",
        limit=limit,
    )


def test_sides_run_once_for_their_results_and_then_a_b_b_a(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    comparison = Comparison("thing", (side("a", 0, notes), side("b", 0, notes)), same, {})
    found = compare(comparison, rounds=2, folder=tmp_path)
    assert notes.read_text() == "ab" + "abba" + "abba"
    assert [len(samples) for samples in found.samples] == [4, 4]
    assert found.agreed == "42"


def test_cpu_seconds_are_those_of_the_whole_process_tree(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    sides = side("a", 0.6, notes, deeper=2), side("b", 0, notes)
    found = compare(Comparison("thing", sides, same, {}), rounds=1, folder=tmp_path)
    assert min(found.values(0, "cpu")) > 0.6
    assert max(found.values(1, "cpu")) < 0.6


def test_a_side_may_be_called_and_a_command_may_say_when_it_had_its_result(tmp_path: Path) -> None:
    called = Side("a", [], {}, "", call=lambda: ("42\n", 7.0))
    saying = "import time; print(42); print(time.time() - 100)"
    command = [sys.executable, "-c", saying]
    said = Side("b", command, os.environ, "", ended_at=lambda output: float(output.splitlines()[1]))
    found = compare(Comparison("thing", (called, said), lambda a, b: a, {}), rounds=1, folder=tmp_path)
    assert found.values(0, "wall") == [7.0, 7.0]
    assert all(-100 < wall < -90 for wall in found.values(1, "wall"))


def test_sides_that_differ_are_not_timed(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    other = Side("b", [sys.executable, "-c", "print(41)"], os.environ, "")
    with pytest.raises(RuntimeError, match=r"'42\\n' is not '41\\n'"):
        compare(Comparison("thing", (side("a", 0, notes), other), same, {}), rounds=1, folder=tmp_path)
    assert notes.read_text() == "a"


def test_a_side_that_fails_is_named_with_what_it_printed(tmp_path: Path) -> None:
    failing = Side("b", [sys.executable, "-c", "exit('why')"], os.environ, "")
    with pytest.raises(RuntimeError, match="b failed:\nwhy"):
        compare(Comparison("thing", (failing, failing), same, {}), rounds=1, folder=tmp_path)


def test_ratios_are_those_of_the_medians() -> None:
    found = report([4, 2, 3], [2, 1, 9])
    assert found.ratio("wall") == 1.5
    assert found.ratio("cpu") == 0.75


@pytest.mark.parametrize(("limit", "kept"), [(None, True), (1.5, True), (1.4, False)])
def test_a_limit_holds_for_every_ratio(limit: float | None, kept: bool) -> None:
    found = report([3], [2], limit)
    assert found.kept is kept
    assert ("EXCEEDED" in found.as_table()) is not kept


def test_the_table_shows_what_was_compared_and_how_far_the_runs_lie_apart() -> None:
    assert report([4, 2, 3], [2, 1, 9], 2).as_table().splitlines() == [
        "thing: 42 rows",
        "2 cores; duckdb 2.0.0",
        "ours: as it is",
        "theirs: plain",
        "",
        "        wall median  spread   CPU median  spread",
        "ours         3.00 s     67%       3.00 s     67%",
        "theirs       2.00 s    400%       4.00 s    400%",
        "ratio          1.50                 0.75",
        "limit 2: kept",
    ]


def test_the_json_holds_every_run(tmp_path: Path) -> None:
    file = report([4, 2, 3], [2, 1, 9], 2).write(tmp_path / "new")
    assert file.name == "thing.json"
    written = json.loads(file.read_text())
    assert [one["wall_seconds"]["runs"] for one in written["sides"]] == [[4, 2, 3], [2, 1, 9]]
    assert written["ratio"] == {"wall": 1.5, "cpu": 0.75}
    assert written["kept"] is True


def test_every_benchmark_of_the_folder_is_run_by_make_bench() -> None:
    files = (ROOT / "benchmarks").glob("*.py")
    assert set(BENCHMARKS) == {file.stem for file in files if "\ndef benchmark(" in file.read_text()}


def test_an_unknown_benchmark_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["nosuch"])
    assert refused.value.code == 2
    assert f"unknown: nosuch; known: {', '.join(BENCHMARKS)}" in capsys.readouterr().err
