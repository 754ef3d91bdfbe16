"""Random sequences of what happens to a lake, each step of which is held against the promises.

Not among them: a column that is new in the data.
"""

from __future__ import annotations

import gzip
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, cast

import pytest
import raw_to_curated
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from lib.limits import Limits
from lib.record import Record
from lib.request import Request

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.promises import Promises, Values, Version
from tests.unit.glue_scripts.small_lake import HEADER, MODIFIED

FOLDER: Final = "part=1/"
NAMES: Final = ("a.csv", "b.csv", "it's 3%.csv", "z.csv.gz")
STAGES: Final = ("read", "write", "judge", "check", "publish", "keep_up")
LIMITS: Final = Limits(snapshots_older_than_days=0, min_snapshots_to_keep=3, min_small_files=3)

ROWS = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from(["2013-01-05", "2013-02-05"]),
        st.one_of(st.none(), st.integers(1, 3)),
        st.sampled_from("xyz"),
    ),
    max_size=5,
)


class Killed(BaseException):
    """The process is gone: nothing that it would do afterwards happens."""


class LakeMachine(RuleBasedStateMachine):
    """A small lake beside its promises; both see the same steps."""

    make_lake: MakeLake

    def __init__(self) -> None:
        super().__init__()
        self.versions = self.runs = self.minute = 0

    @initialize(kind=st.sampled_from(["keyed", "ordered", "without a key"]))
    def start(self, kind: str) -> None:
        keyed = kind != "without a key"
        self.promises = Promises(keyed=keyed, ordered=kind == "ordered")
        self.lake = self.make_lake(
            key=("id", "day") if keyed else (), order_by=("amount",) if kind == "ordered" else (), upkeep=LIMITS
        )

    @rule(name=st.sampled_from(NAMES), rows=ROWS, bad=st.integers(0, 1), late=st.booleans(), other=st.booleans())
    def put(self, name: str, rows: list[Values], bad: int, late: bool, other: bool) -> None:
        """A new object, or an old one rewritten; in time or late; in this column order or another."""
        self.minute += 1
        minute = -self.minute if late else self.minute
        header, shown = ("note,amount,day,id\n", (3, 2, 1, 0)) if other else (HEADER, (0, 1, 2, 3))
        lines = [",".join("NA" if row[at] is None else str(row[at]) for at in shown) + "\n" for row in rows]
        broken: Values = ("x", "2013-01-05", 1, "x")  # type: ignore[assignment]  # that is what is wrong with it
        lines += [",".join(str(broken[at]) for at in shown) + "\n"] * bad
        self._put(name, header + "".join(lines), Version(self.versions, minute, tuple(rows), bad))

    @rule(name=st.sampled_from([NAMES[-1]]))
    def put_broken(self, name: str) -> None:
        """An object that cannot be read."""
        self.minute += 1
        whole = gzip.compress((HEADER + "1,2013-01-05,1,x\n" * 9).encode())
        self._put_bytes(name, whole[:-10], Version(self.versions, self.minute, unreadable=True))

    @precondition(lambda self: self.promises.objects)
    @rule(data=st.data(), name=st.sampled_from(NAMES[:-1]))
    def put_the_same_bytes(self, data: st.DataObject, name: str) -> None:
        """The bytes of one object under another name."""
        source = data.draw(st.sampled_from(sorted(set(self.promises.objects) - {NAMES[-1]}) or [""]))
        if source and source != name:
            self.minute += 1
            version = replace(self.promises.objects[source], number=self.versions, minute=self.minute)
            content = (self.lake.folder / "raw" / FOLDER / source).read_bytes()
            self._put_bytes(name, content, version)

    @precondition(lambda self: self.promises.objects)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """An object goes; its rows stay."""
        name = data.draw(st.sampled_from(sorted(self.promises.objects)))
        self.lake.delete(FOLDER + name)
        del self.promises.objects[name]

    @precondition(lambda self: self.promises.objects)
    @rule()
    def run(self) -> None:
        run_id = self._run_id()
        self._holds(run_id, self.lake.run(run_id), self.promises.run(run_id))

    @precondition(lambda self: self.promises.objects)
    @rule(again=st.sampled_from(["", *NAMES]))
    def reprocess(self, again: str) -> None:
        run_id = self._run_id()
        record = self.lake.run(run_id, reprocess_prefix=self.lake.key(FOLDER + again))
        self._holds(run_id, record, self.promises.run(run_id, again))

    @precondition(lambda self: self.promises.objects)
    @rule(stage=st.sampled_from(["read", "write", "check", "publish"]))
    def run_two_at_once(self, stage: str) -> None:
        """One run stands before a stage while another one runs from its start to its end."""
        slow, fast = self._run_id(), self._run_id()
        with pytest.MonkeyPatch.context() as patch:
            self._before(stage, patch, lambda: self.lake.run(fast))
            record = self.lake.run(slow)
        if self.lake.tables.record_key(fast) in self.lake.s3.objects:
            self._holds(fast, self.lake.record(fast), self.promises.run(fast))
        self._holds(slow, record, self.promises.run(slow))

    @precondition(lambda self: self.promises.objects)
    @rule(stage=st.sampled_from(STAGES), same=st.booleans())
    def kill_and_run(self, stage: str, same: bool) -> None:
        """A run is killed before a stage; the next one follows, under its id or another."""
        killed = self._run_id()
        expected: dict[str, int] | None = None

        def kill() -> None:
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            self._before(stage, patch, kill)
            record = Record(self.lake.job(killed, Request()), self.lake.spark)
            try:
                raw_to_curated.run(self.lake.spark, record, glue=cast(Any, self.lake.glue), s3=cast(Any, self.lake.s3))
            except Killed:
                if stage == "keep_up":
                    expected = self.promises.run(killed)
        self.lake.spark.catalog.clearCache()
        following = killed if same else self._run_id()
        found = self.lake.run(following)
        if following != killed or expected is None:
            expected = self.promises.run(following)
        self._holds(following, found, expected)

    def _put(self, name: str, text: str, version: Version) -> None:
        content = text.encode()
        self._put_bytes(name, gzip.compress(content) if name.endswith(".gz") else content, version)

    def _put_bytes(self, name: str, content: bytes, version: Version) -> None:
        # Each version has a time of its own, by which the ETags of equal bytes differ.
        modified = MODIFIED + timedelta(minutes=version.minute)
        self.lake.put_bytes(FOLDER + name, content, modified=modified)
        self.promises.objects[name] = version
        self.versions += 1

    def _run_id(self) -> str:
        self.runs += 1
        return f"r{self.runs}"

    def _before(self, stage: str, patch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
        real = getattr(raw_to_curated, stage)

        def interrupted(*arguments: object, **options: object) -> object:
            patch.setattr(raw_to_curated, stage, real)
            happens()
            return real(*arguments, **options)

        patch.setattr(raw_to_curated, stage, interrupted)

    def _holds(self, run_id: str, record: dict[str, Any], counts: dict[str, int] | None) -> None:
        """The tables and the record are what was promised."""
        assert record["outcome"] == ("empty" if counts is None else "published")
        rows = dict(record["rows"])
        assert rows.pop("curated") == rows["inserted"] + rows["updated"] + rows["unchanged"]
        assert rows == (counts or dict.fromkeys(rows, 0))
        assert not [each for each in record["upkeep"] if each["result"].startswith("failed")]
        head, branches = self.lake.snapshot()
        assert branches == {}
        if head is not None:
            columns = ("id", "string(day)", "amount", "note", "_source_file", "_run_id")
            table = self.lake.spark.table(self.lake.tables.curated).selectExpr(*columns)
            expected = Counter(
                (*each.values, self.lake.key(FOLDER + each.source), each.run_id) for each in self.promises.table
            )
            assert Counter(map(tuple, table.collect())) == expected
        published = {run_id for run_id, name in self.promises.quarantine}
        if any(self.promises.quarantine.values()):
            found = Counter(row for row in self.lake.ops("quarantine", "run_id", "key") if row[0] in published)
            prefix = self.lake.key(FOLDER)
            assert {(run, key.removeprefix(prefix)): n for (run, key), n in found.items()} == +self.promises.quarantine


def hold_the_promises(make_lake: MakeLake, *, sequences: int, steps: int, seed_number: int | None = None) -> None:
    """Run so many sequences of so many steps; the seed that is printed repeats them."""
    number = random.randrange(2**32) if seed_number is None else seed_number
    print(f"seed: {number}", flush=True)
    machine = type("Machine", (LakeMachine,), {"make_lake": staticmethod(make_lake)})
    run_state_machine_as_test(
        seed(number)(machine),
        settings=settings(
            max_examples=sequences, stateful_step_count=steps, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
