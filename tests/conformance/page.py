"""The page docs/glue-conformance.md: each behaviour with its source, and the tests that show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.conformance.behaviour import Behaviour
from tests.conformance.table import SECTIONS

HEAD = """# Is local Glue like AWS Glue?

<!-- Written by `.venv/bin/python -m tests.conformance`: change tests/conformance/, then write it anew. -->

What AWS documents of crawls, job runs, triggers, workflows and their permissions, in our own words, and whether the
Glue on this machine does the same. It **holds** where a test shows it; `make test` runs all of them, and one that is
skipped or expected to fail does not count. It is **not shown** where no test tells, and it **does not hold** where this
Glue is known to lack it. Nothing here was compared with an AWS account. Where AWS documents nothing, the source says
what was observed by others, or what was chosen here.

"""
TABLE = "| behaviour | source | here |\n|---|---|---|\n"


@dataclass(frozen=True, order=True)
class Evidence:
    """A test function: its file, seen from the repository's root, and its name."""

    file: str
    name: str

    def __str__(self) -> str:
        words = self.name.removeprefix("test_").replace("_", " ")
        return f"[{words}](../{self.file})"


def page(shown: Mapping[str, Sequence[Evidence]], served: Mapping[str, Sequence[str]]) -> str:
    """The text of the page; `shown` has the tests of each behaviour's id, `served` what health tells of Glue.

    Raises ValueError for a behaviour that has both tests and a word on why it has none, or neither.
    """
    text = HEAD + _summary(shown) + "\n"
    for section, behaviours in SECTIONS.items():
        rows = "".join(_row(behaviour, shown.get(behaviour.id, ())) for behaviour in behaviours)
        text += f"\n## {section}\n\n{TABLE}{rows}"
    return text + _served(served)


def _summary(shown: Mapping[str, Sequence[Evidence]]) -> str:
    lines = "".join(
        f"| {section} | {sum(one.id in shown for one in behaviours)} "
        f"| {sum(one.id not in shown and not one.differs for one in behaviours)} "
        f"| {sum(one.differs for one in behaviours)} |\n"
        for section, behaviours in SECTIONS.items()
    )
    return "| | holds | not shown | does not hold |\n|---|---|---|---|\n" + lines.rstrip("\n")


def _served(served: Mapping[str, Sequence[str]]) -> str:
    rows = "".join(
        f"| {kind.replace('_', ' ')} | {' '.join(f'`{one}`' for one in served[kind])} |\n" for kind in served
    )
    return f"\n## What is served\n\nAll else is refused by its name.\n\n| of Glue | here |\n|---|---|\n{rows}"


def _row(behaviour: Behaviour, tests: Sequence[Evidence]) -> str:
    if bool(tests) == bool(behaviour.lacking):
        found = f"{len(tests)} tests" if tests else "no test"
        raise ValueError(
            f"'{behaviour.id}' has {found} and {'a' if behaviour.lacking else 'no'} word on why it has none: "
            "correct its row in tests/conformance/"
        )
    if tests:
        here = "holds: " + "; ".join(str(test) for test in sorted(set(tests)))
    else:
        here = f"{'**does not hold**' if behaviour.differs else 'not shown'}: {behaviour.lacking}"
    return f"| {behaviour.statement} | {behaviour.source} | {here} |\n"
