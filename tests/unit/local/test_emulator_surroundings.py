"""Starting AWS on this machine where something is in its way: nothing here starts an emulator."""

import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from local import health, process
from local.__main__ import app
from local.command.endpoint import port_of_endpoint
from local.command.report import OUTDATED
from local.settings import DEFAULT_PORT, HOST, Settings


@pytest.fixture
def taken(tmp_path: Path) -> Iterator[Settings]:
    """Settings whose port this process listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        yield Settings(port=listener.getsockname()[1], state_dir=tmp_path)


def test_a_port_of_another_program_is_named_with_that_program_and_the_way_to_another_port(
    taken: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_healthy", lambda settings: False)
    with pytest.raises(process.EmulatorError) as refused:
        process.start(taken)
    said = str(refused.value)
    assert said.startswith(f"Port {taken.port} of 127.0.0.1 is taken by another program")
    assert f"(process {os.getpid()}: " in said
    assert said.endswith("End that program, or choose another port: AWS_ENDPOINT_URL=http://127.0.0.1:PORT")
    assert not taken.pid_file.exists()


def test_an_emulator_of_another_folder_is_told_from_another_program(
    taken: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_healthy", lambda settings: True)
    with pytest.raises(process.EmulatorError, match=r"that another folder has started .*End it there \('make down'\)"):
        process.start(taken)


@pytest.mark.parametrize("content", ["999999999", "OUR OWN", "1", "", "nonsense"])
def test_a_stale_pid_file_is_no_emulator_and_is_cleared_away(content: str, tmp_path: Path) -> None:
    settings = Settings(port=9, state_dir=tmp_path)
    settings.pid_file.write_text(str(os.getpid()) if content == "OUR OWN" else content)
    assert process.status(settings).pid is None
    assert not process.stop(settings)
    assert not settings.pid_file.exists()


@pytest.mark.parametrize(
    ("said", "outdated"),
    [
        (health.Health(iam_enforced=True, code=health.code_digest()), False),
        (health.Health(iam_enforced=True, code="the digest of an older checkout"), True),
        (None, True),  # code of before it could say
    ],
)
def test_an_emulator_started_by_other_code_is_called_outdated(
    said: health.Health | None, outdated: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_pid", lambda settings: 123)
    monkeypatch.setattr(process, "_healthy", lambda settings: True)
    monkeypatch.setattr(process, "ask", lambda endpoint: said)
    assert process.status(Settings(port=9, state_dir=tmp_path)).outdated is outdated


def test_while_it_is_being_started_no_other_start_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(port=9, state_dir=tmp_path)
    found = process.Status(pid=123, endpoint=settings.endpoint, healthy=True)

    def start(settings: Settings, *, iam: bool) -> process.Status:
        with settings.lock_file.open() as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return found

    monkeypatch.setattr(process, "_start", start)
    assert process.start(settings) == found
    with settings.lock_file.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_up_leaves_an_outdated_one_as_it_is_and_says_how_to_get_the_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = process.Status(pid=123, endpoint="http://127.0.0.1:9", healthy=True)
    monkeypatch.setattr(process, "status", lambda settings: found)
    monkeypatch.setattr(process, "start", lambda settings, iam: found)
    up = CliRunner().invoke(app, ["up", "--port", "9"])
    assert up.exit_code == 0
    assert up.stdout == (f"AWS runs already on this machine at http://127.0.0.1:9 (process 123).\n{OUTDATED}\n")


@pytest.mark.parametrize(
    ("url", "port"), [("", DEFAULT_PORT), ("http://127.0.0.1:4999", 4999), ("http://localhost:4999/", 4999)]
)
def test_the_port_is_that_of_the_endpoint(url: str, port: int) -> None:
    assert port_of_endpoint(url) == port


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://glue.us-east-1.example.com:443", "which is not on this machine; unset it"),
        ("http://10.0.0.1:4566", "which is not on this machine; unset it"),
        ("http://127.0.0.1", "which names no port; set it to http://127.0.0.1:PORT"),
        ("http://127.0.0.1:notaport", "which is not on this machine; unset it"),
    ],
)
def test_an_endpoint_elsewhere_starts_nothing_and_exits_2(url: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    refused = CliRunner().invoke(app, ["up"])
    assert refused.exit_code == 2
    assert f"error: AWS_ENDPOINT_URL is '{url}', {told}" in refused.stderr
