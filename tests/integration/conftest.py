"""Emulators for the tests: on free ports, ended with the session."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import process
from local.settings import HOST, Settings
from tests.integration.aws import Aws
from tests.integration.lake import Lake


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listened on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """An emulator with nothing in it, shared by the session: use names of your own."""
    settings = Settings(port=free_port(), state_dir=tmp_path_factory.mktemp("emulator"))
    process.start(settings)
    yield settings
    process.stop(settings)


@pytest.fixture(scope="session")
def aws(emulator: Settings) -> Aws:
    """The emulator's AWS."""
    return Aws(emulator.endpoint)


@pytest.fixture
def own_emulator(tmp_path: Path) -> Iterator[Settings]:
    """An emulator of one test's own, that it may kill."""
    settings = Settings(port=free_port(), state_dir=tmp_path)
    process.start(settings)
    yield settings
    process.stop(settings)


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake deployed by the CDK's command line, with nothing in its raw bucket."""
    folder = tmp_path_factory.mktemp("lake")
    settings = Settings(port=free_port(), state_dir=folder / "emulator")
    process.start(settings)
    deployed = Lake(settings, folder / "cdk.out")
    deployed.cdk("bootstrap")
    deployed.cdk("deploy")
    yield deployed
    process.stop(settings)
