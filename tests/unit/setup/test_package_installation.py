"""Installing Python and Node packages: when, and with which commands. The commands only note that they were run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from local.setup import node, packages
from local.setup.errors import SetupError
from local.setup.node import install_node_modules
from local.setup.packages import install_packages, requirement_of
from local.setup.paths import Paths

PINS = "other==1.0 \\\n    --hash=sha256:00\nuv==0.13.9 \\\n    --hash=sha256:11 \\\n    --hash=sha256:22\nzip==1\n"


class Commands:
    """Notes each command's telling word; makes what the real one would make, unless told to fail at it."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.ran: list[str] = []
        self.fail_at = ""

    def run(self, command: Sequence[object], **_: Any) -> None:
        words = [str(word) for word in command]
        name = next(word for word in ("venv", "install", "sync", "ci") if word in words)
        self.ran.append(name)
        if name == self.fail_at:
            raise SetupError(name)
        if name == "venv":
            self.paths.python.parent.mkdir(parents=True, exist_ok=True)
            self.paths.python.symlink_to("/bin/sh")
        if name == "ci":
            self.paths.node_modules.mkdir(exist_ok=True)

    def new(self) -> list[str]:
        """Return what was run since the last call."""
        ran, self.ran = self.ran, []
        return ran


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    paths = Paths(tmp_path)
    paths.requirements.write_text(PINS)
    paths.build_requirements.write_text("setuptools==1")
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "package-lock.json").write_text("{}")
    commands = Commands(paths)
    monkeypatch.setattr(packages, "run", commands.run)
    monkeypatch.setattr(node, "run", commands.run)
    return commands


def test_packages_are_installed_once(commands: Commands) -> None:
    assert install_packages(commands.paths)
    assert commands.new() == ["venv", "install", "sync"]
    assert not install_packages(commands.paths)
    assert commands.new() == []


@pytest.mark.parametrize("changed", ["requirements", "build_requirements"])
def test_changed_requirements_are_installed_into_the_same_venv(commands: Commands, changed: str) -> None:
    install_packages(commands.paths)
    commands.new()
    getattr(commands.paths, changed).write_text(PINS + "new==1\n")
    assert install_packages(commands.paths)
    assert commands.new() == ["install", "sync"]
    assert not install_packages(commands.paths)


def test_requirements_written_again_with_the_same_content_install_nothing(commands: Commands) -> None:
    install_packages(commands.paths)
    commands.new()
    commands.paths.requirements.write_text(PINS)
    assert not install_packages(commands.paths)


@pytest.mark.parametrize("failing", ["venv", "install", "sync"])
def test_an_installation_that_broke_off_starts_again_with_a_new_venv(commands: Commands, failing: str) -> None:
    commands.fail_at = failing
    with pytest.raises(SetupError):
        install_packages(commands.paths)
    commands.fail_at = ""
    commands.new()
    (commands.paths.venv / "half-written").touch()
    assert install_packages(commands.paths)
    assert commands.new() == ["venv", "install", "sync"]
    assert not (commands.paths.venv / "half-written").exists()


def test_an_update_that_broke_off_is_not_taken_for_finished(commands: Commands) -> None:
    install_packages(commands.paths)
    commands.paths.requirements.write_text(PINS + "new==1\n")
    commands.fail_at = "sync"
    with pytest.raises(SetupError):
        install_packages(commands.paths)
    commands.paths.requirements.write_text(PINS)
    commands.fail_at = ""
    commands.new()
    assert install_packages(commands.paths)
    assert "sync" in commands.new()


def test_a_venv_whose_python_is_gone_is_made_anew(commands: Commands) -> None:
    install_packages(commands.paths)
    commands.new()
    commands.paths.python.unlink()
    commands.paths.python.symlink_to("/nowhere/python3.11")
    assert install_packages(commands.paths)
    assert commands.new() == ["venv", "install", "sync"]


def test_requirement_of_returns_the_pin_with_all_its_hashes() -> None:
    assert requirement_of("uv", PINS) == "uv==0.13.9 \\\n    --hash=sha256:11 \\\n    --hash=sha256:22\n"


def test_requirement_of_an_unpinned_package_is_an_error() -> None:
    with pytest.raises(SetupError, match="do not pin uvloop"):
        requirement_of("uvloop", PINS)


def test_node_modules_are_installed_once_and_again_when_the_lock_changes(commands: Commands) -> None:
    assert install_node_modules(commands.paths)
    assert not install_node_modules(commands.paths)
    assert commands.new() == ["ci"]
    (commands.paths.root / "package-lock.json").write_text('{"lockfileVersion": 3}')
    assert install_node_modules(commands.paths)
    assert commands.new() == ["ci"]


def test_npm_runs_on_the_venvs_node_and_no_packages_script(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def run(command: Sequence[object], *, env: Mapping[str, str], **_: Any) -> None:
        seen.update(command=[str(word) for word in command], path=env["PATH"])
        commands.paths.node_modules.mkdir()

    monkeypatch.setattr(node, "run", run)
    install_node_modules(commands.paths)
    assert seen["path"].split(":")[0] == str(commands.paths.venv / "bin")
    assert "--ignore-scripts" in seen["command"]
