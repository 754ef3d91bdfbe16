"""A pytest plugin: `@pytest.mark.shows("ID", …)` on a test says which documented behaviours it shows.

An id that there is not, or a marked test that is not run or may fail, ends the collection.
"""

from collections.abc import Generator, Iterable, Iterator

import pytest

from tests.conformance.table import BEHAVIOURS

MARK = "shows"
# A test with one of these may prove nothing.
EXCUSES = ("skip", "skipif", "xfail")


def shown_by(item: pytest.Item) -> Iterator[str]:
    """The ids of the behaviours that a test says it shows."""
    for mark in item.iter_markers(MARK):
        yield from mark.args


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Raise UsageError for a mark that says nothing that is so."""
    problems = list(dict.fromkeys(problem for item in items for problem in problems_of(item)))
    if problems:
        raise pytest.UsageError(*problems)


def problems_of(item: pytest.Item) -> Iterable[str]:
    """What is wrong with the marks of a test, a line each."""
    ids = list(shown_by(item))
    for unknown in sorted(set(ids) - set(BEHAVIOURS)):
        yield f"{item.nodeid} shows '{unknown}', which is no behaviour; they stand in tests/conformance/"
    for excuse in EXCUSES:
        if ids and item.get_closest_marker(excuse):
            yield f"{item.nodeid} shows '{ids[0]}', so it must run and pass: it cannot be marked {excuse}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that shows a behaviour and is skipped while it runs has failed."""
    report = yield
    if report.skipped and any(shown_by(item)):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} shows '{next(shown_by(item))}', so it must not be skipped"
    return report
