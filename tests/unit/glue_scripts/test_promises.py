"""Whatever happens to a lake, its tables and records are what a few lines of Python say: see `promises`."""

import os

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.lake_machine import hold_the_promises


def test_tables_and_records_are_as_promised_after_every_step(make_lake: MakeLake) -> None:
    given = os.environ.get("PROMISES_SEED")
    hold_the_promises(make_lake, sequences=10, steps=7, seed_number=int(given) if given else None)
