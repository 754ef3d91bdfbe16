"""The stacks of prod, as the real app declares them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lake.config import load_config
from lake.review.change import Stack
from lake.review.stacks import declared
from tests.unit.stacks.synthesis import synthesize


@pytest.fixture(scope="session")
def prod_outdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cloud assembly of environment prod."""
    outdir = tmp_path_factory.mktemp("review") / "cdk.out"
    synthesize(load_config("prod"), outdir)
    return outdir


@pytest.fixture(scope="session")
def stacks(prod_outdir: Path) -> dict[str, Stack]:
    """The stacks of that assembly."""
    return declared(prod_outdir)
