"""The page on local Glue's conformance says what the tests show, and a mark on a test says only what is so."""

import subprocess
import sys
from pathlib import Path

import pytest

from lake.config_file import ROOT
from tests.conformance.behaviour import Behaviour
from tests.conformance.page import Evidence, page
from tests.conformance.table import BEHAVIOURS, SECTIONS

SHOWN = {one.id: [Evidence("tests/unit/x.py", "test_it_is_so")] for one in BEHAVIOURS.values() if not one.lacking}

SERVED = {"actions": ["GetTable"], "glue_versions": ["5.0", "5.1"]}


@pytest.mark.check
def test_the_page_is_as_the_tests_say() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "tests.conformance", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    told = f"{checked.stdout}{checked.stderr}\nIf that is meant: .venv/bin/python -m tests.conformance"
    assert checked.returncode == 0, told


def test_a_behaviour_that_tests_show_holds_and_names_them_once() -> None:
    tests = [Evidence("tests/unit/x.py", "test_it_is_so"), Evidence("tests/unit/x.py", "test_it_is_so")]
    text = page({**SHOWN, "job-failed": tests}, SERVED)
    [row] = [line for line in text.splitlines() if line.startswith(f"| {BEHAVIOURS['job-failed'].statement} |")]
    assert row.endswith("| holds: [it is so](../tests/unit/x.py) |")


def test_a_behaviour_that_no_test_shows_must_say_why() -> None:
    without = {id: tests for id, tests in SHOWN.items() if id != "job-failed"}
    with pytest.raises(ValueError, match="'job-failed' has no test and no word on why"):
        page(without, SERVED)


def test_a_behaviour_that_a_test_shows_cannot_be_called_not_shown() -> None:
    [lacking, *_] = [one.id for one in BEHAVIOURS.values() if one.lacking]
    with pytest.raises(ValueError, match=f"'{lacking}' has 1 tests and a word on why"):
        page({**SHOWN, lacking: [Evidence("tests/unit/x.py", "test_it_is_so")]}, SERVED)


def test_what_does_not_hold_is_told_from_what_is_not_shown() -> None:
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in page(SHOWN, SERVED).splitlines()}
    for behaviour in BEHAVIOURS.values():
        if behaviour.lacking:
            here = "**does not hold**" if behaviour.differs else "not shown"
            assert rows[behaviour.statement].endswith(f"| {here}: {behaviour.lacking} |")


def test_what_is_served_is_listed_as_health_tells_it() -> None:
    rows = page(SHOWN, SERVED).split("## What is served")[1].splitlines()
    assert rows[-2:] == ["| actions | `GetTable` |", "| glue versions | `5.0` `5.1` |"]


def test_ids_and_statements_are_unique_and_fit_a_cell() -> None:
    every: list[Behaviour] = [one for section in SECTIONS.values() for one in section]
    assert len({one.id for one in every}) == len({one.statement for one in every}) == len(every)
    assert [one.id for one in every if "|" in one.statement + one.source + one.lacking] == []


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ('@pytest.mark.shows("job-flies")', "shows 'job-flies', which is no behaviour"),
        ('@pytest.mark.shows("job-failed")\n@pytest.mark.skip', "cannot be marked skip"),
        ('@pytest.mark.shows("job-failed")\n@pytest.mark.skipif(False, reason="")', "cannot be marked skipif"),
        ('@pytest.mark.shows("job-failed")\n@pytest.mark.xfail', "cannot be marked xfail"),
    ],
)
def test_a_mark_that_shows_nothing_ends_the_collection(marks: str, said: str, tmp_path: Path) -> None:
    ended, output = run_pytest(tmp_path, f"import pytest\n{marks}\ndef test_it():\n    pass\n")
    assert ended == pytest.ExitCode.USAGE_ERROR
    assert said in output


def test_a_test_that_shows_a_behaviour_and_skips_itself_has_failed(tmp_path: Path) -> None:
    body = 'import pytest\n@pytest.mark.shows("job-failed")\ndef test_it():\n    pytest.skip("not today")\n'
    ended, output = run_pytest(tmp_path, body)
    assert ended == pytest.ExitCode.TESTS_FAILED
    assert "shows 'job-failed', so it must not be skipped" in output


def test_a_test_with_a_right_mark_runs(tmp_path: Path) -> None:
    ended, output = run_pytest(tmp_path, 'import pytest\n@pytest.mark.shows("job-failed")\ndef test_it():\n    pass\n')
    assert (ended, "1 passed" in output) == (pytest.ExitCode.OK, True)


def run_pytest(folder: Path, test: str) -> tuple[int, str]:
    """The exit code and output of pytest with the plugin over one test file."""
    (folder / "test_one.py").write_text(test)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = shows: x\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conformance.marks", "-p", "no:cacheprovider", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
