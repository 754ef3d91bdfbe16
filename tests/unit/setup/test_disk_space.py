"""A disk that is nearly full: said before the set-up, and after a step that it made fail."""

import errno
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from local.setup import __main__ as setup
from local.setup import disk
from local.setup.disk import MB, require_space
from local.setup.errors import SetupError
from local.setup.paths import Paths
from local.setup.process import run


def free(megabytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda folder: megabytes * MB)


@pytest.fixture
def installed(tmp_path: Path) -> Paths:
    """A project with everything in it."""
    paths = Paths(tmp_path)
    paths.venv.mkdir()
    (paths.venv / ".lake-stamp").touch()
    paths.spark_home.mkdir(parents=True)
    return paths


def test_before_anything_is_installed_it_asks_for_the_room_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free(2000, monkeypatch)
    with pytest.raises(SetupError) as refused:
        require_space(Paths(tmp_path))
    assert str(refused.value) == (
        f"2.0 GB are free on the disk of {tmp_path}; about 2.5 GB are needed. "
        "Free some space, or put the project's folder on another disk; then run it again."
    )
    free(2600, monkeypatch)
    require_space(Paths(tmp_path))


def test_what_is_installed_needs_no_room(installed: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    free(400, monkeypatch)
    require_space(installed)
    free(300, monkeypatch)
    with pytest.raises(SetupError, match=r"0\.3 GB are free .* about 0\.3 GB are needed"):
        require_space(installed)


def test_the_real_disk_is_asked_also_for_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert disk.free_bytes(tmp_path / "no" / "such") == pytest.approx(disk.free_bytes(tmp_path), rel=0.1)


def test_a_step_that_failed_on_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(1, monkeypatch)
    with pytest.raises(SetupError, match=rf"exit code 1\. The disk of {tmp_path} is full: free some space"):
        run([sys.executable, "-c", "exit(1)"], cwd=tmp_path, hint="Is there a network?")


def test_a_write_of_the_set_ups_own_that_found_no_room_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: Paths) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device", "/disk/file")

    monkeypatch.setattr(setup, "end_with_parent", lambda: None)
    monkeypatch.setattr(setup, "install_rest", full)
    assert setup.main(["install"]) == 1
    assert capsys.readouterr().err == (
        "error: [Errno 28] No space left on device: '/disk/file'. Free some space on that disk, then run it again.\n"
    )
