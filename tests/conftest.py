"""What all tests share: which of them must run in one process when several run side by side."""

from pathlib import Path

import pytest

from tests.conformance import marks

TESTS = Path(__file__).parent

# Tests below these paths share something that is dear to start: an emulator, a Spark, a synthesized app. pytest-xdist
# keeps each group in one process, so that each is started once.
GROUPS = {
    "integration/test_emulator_command": "emulator",
    "integration/test_local_glue": "emulator",
    "integration/test_plain_boto3_program": "emulator",
    "integration/": "lake",
    "unit/glue_scripts/": "spark",
    "unit/stacks/": "templates",
    "unit/local/crawlers/": "catalog",
}


def pytest_configure(config: pytest.Config) -> None:
    """Have the marks that say what a test shows of AWS Glue checked."""
    config.pluginmanager.register(marks)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put each test into the first group whose path it lies below."""
    for item in items:
        place = item.path.relative_to(TESTS).as_posix()
        group = next((name for path, name in GROUPS.items() if place.startswith(path)), None)
        if group is not None:
            item.add_marker(pytest.mark.xdist_group(group))
