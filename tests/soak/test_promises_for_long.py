"""What `make test` shows of a few sequences, of many: whatever happens to a lake, the promises hold."""

import os

import pytest

from tests.unit.glue_scripts.conftest import MakeLake
from tests.unit.glue_scripts.lake_machine import hold_the_promises

pytestmark = pytest.mark.soak


def test_tables_and_records_are_as_promised_after_every_step(make_lake: MakeLake) -> None:
    given = os.environ.get("PROMISES_SEED")
    hold_the_promises(make_lake, sequences=200, steps=12, seed_number=int(given) if given else None)
