import pytest

from tests.unit.local.workflows.world import World


@pytest.fixture
def world() -> World:
    """A Glue with nothing in it, at noon."""
    return World()
