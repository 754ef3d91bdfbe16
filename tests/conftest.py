"""What all tests share: which of them must run in one process when several run side by side."""

from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.conformance import marks

# Tests below these paths share something that is dear to start: an emulator, a Spark, a synthesized app. pytest-xdist
# keeps each group in one process, so that each is started once.
GROUPS = {
    "tests/integration/test_emulator_command": "emulator",
    "tests/integration/test_local_glue": "emulator",
    "tests/integration/test_plain_boto3_program": "emulator",
    "tests/integration/test_foreign_cdk_app": "foreign app",
    "tests/integration/": "lake",
    "tests/unit/glue_scripts/test_bad_": "spark of bad data",
    "tests/unit/glue_scripts/test_row": "spark of bad data",
    "tests/unit/glue_scripts/": "spark",
    "tests/unit/stacks/": "templates",
    "tests/unit/local/crawlers/": "catalog",
}


class Groups(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist brings no types
    """Gives each group to one worker, and every other test to whichever is free.

    By the tests' paths: the groups of `--dist loadgroup` stand in the ids of tests, which pytest 9.2 does not let
    pytest-xdist 3.8 change any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((name for path, name in GROUPS.items() if nodeid.startswith(path)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Any:
    """Have pytest-xdist schedule by these groups."""
    return Groups(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Have the marks that say what a test shows of AWS Glue checked."""
    config.pluginmanager.register(marks)
