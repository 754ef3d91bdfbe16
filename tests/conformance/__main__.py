"""`python -m tests.conformance [--check]`: write docs/glue-conformance.md, or say whether it is as the tests say."""

import argparse
import difflib
import io
import sys
from collections import defaultdict
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from local.glue.platform import Platform
from local.glue.scope import Scope
from local.glue.service import Glue
from local.glue.supported import supported
from local.settings import ACCOUNT, REGION
from tests.conformance import marks
from tests.conformance.page import Evidence, page

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "glue-conformance.md"
# Where tests of local Glue are; all of these are run by `make test`.
TESTS = ("tests/unit/local", "tests/integration")


class Collected:
    """A pytest plugin that keeps, for each behaviour, the tests that were collected with its mark."""

    def __init__(self) -> None:
        self.shown: defaultdict[str, list[Evidence]] = defaultdict(list)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Take the tests of a collection that had no error."""
        for item in session.items:
            file = item.path.relative_to(ROOT).as_posix()
            for shown in marks.shown_by(item):
                self.shown[shown].append(Evidence(file, getattr(item, "originalname", item.name)))


def served() -> dict[str, list[str]]:
    """What the emulator's health tells of Glue."""
    platform = Platform(Scope(ACCOUNT, REGION), "", None, None, None)  # type: ignore[arg-type] # nothing is run
    return supported(Glue(platform))


def main() -> int:
    """0 where the page is as the tests say, 1 where it is not or cannot be written."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance", description="The page on local Glue's conformance."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; say whether the page is up to date")
    check = parser.parse_args().check
    collected, said = Collected(), io.StringIO()
    with redirect_stdout(said):
        ended = pytest.main(["--collect-only", "-qqq", "--rootdir", str(ROOT), *TESTS], plugins=[collected])
    if ended != pytest.ExitCode.OK:
        print(f"{said.getvalue()}error: the tests could not be collected", file=sys.stderr)
        return 1
    try:
        text = page(collected.shown, served())
    except ValueError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    if not check:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), text.splitlines(True), "page", "tests"))
    return int(before != text)


if __name__ == "__main__":
    sys.exit(main())
