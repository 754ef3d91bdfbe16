"""The real app, synthesized once for all tests of the stacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from lake.config import load_config
from tests.unit.stacks.synthesis import Json, config_of, synthesize, templates_in


@pytest.fixture(scope="session")
def local_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cloud assembly of environment local."""
    outdir = tmp_path_factory.mktemp("local") / "cdk.out"
    synthesize(load_config("local"), outdir)
    return outdir


@pytest.fixture(scope="session")
def prod_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cloud assembly of environment prod."""
    outdir = tmp_path_factory.mktemp("prod") / "cdk.out"
    synthesize(load_config("prod"), outdir)
    return outdir


@pytest.fixture(scope="session")
def whole_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cloud assembly of an environment and a dataset that use every field."""
    outdir = tmp_path_factory.mktemp("whole") / "cdk.out"
    synthesize(config_of("whole"), outdir)
    return outdir


@pytest.fixture(scope="session")
def whole_templates(whole_assembly: Path) -> dict[str, Json]:
    """Templates of an environment and a dataset that use every field."""
    return templates_in(whole_assembly)


@pytest.fixture(scope="session")
def whole(whole_templates: dict[str, Json]) -> Json:
    """Template of the dataset that uses every field."""
    return whole_templates["lake-whole-every"]


@pytest.fixture(scope="session")
def local_templates(local_assembly: Path) -> dict[str, Json]:
    """Templates of environment local, by stack."""
    return templates_in(local_assembly)


@pytest.fixture(scope="session")
def prod_templates(prod_assembly: Path) -> dict[str, Json]:
    """Templates of environment prod, by stack."""
    return templates_in(prod_assembly)


@pytest.fixture(scope="session")
def lake(local_templates: dict[str, Json]) -> Json:
    """Template of stack lake-local."""
    return local_templates["lake-local"]


@pytest.fixture(scope="session")
def flights(local_templates: dict[str, Json]) -> Json:
    """Template of stack lake-local-flights."""
    return local_templates["lake-local-flights"]
