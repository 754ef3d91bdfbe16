"""The emulator's process: started twice, ended, disowned."""

import urllib.error
import urllib.request

import psutil
import pytest

from local import process
from local.settings import Settings
from tests.integration.aws import wait_for

pytestmark = pytest.mark.integration


def test_starting_it_while_it_runs_leaves_it_as_it_is(own_emulator: Settings) -> None:
    before = process.status(own_emulator).pid
    assert process.start(own_emulator).pid == before


def test_stopping_it_ends_it_and_stopping_it_again_is_no_error(own_emulator: Settings) -> None:
    assert process.stop(own_emulator) is True
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(own_emulator.endpoint, timeout=2)
    assert process.stop(own_emulator) is False


def test_a_port_that_another_program_has_is_told_with_the_way_out(own_emulator: Settings) -> None:
    other = Settings(port=own_emulator.port, state_dir=own_emulator.state_dir / "other")
    with pytest.raises(process.EmulatorError, match=f"Port {own_emulator.port} of 127.0.0.1 is taken"):
        process.start(other)


def test_it_ends_by_itself_when_its_folder_is_removed(own_emulator: Settings) -> None:
    pid = process.status(own_emulator).pid
    assert pid is not None
    own_emulator.pid_file.unlink()
    wait_for(lambda: has_ended(pid), seconds=15, what="the end of the emulator")


def has_ended(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
