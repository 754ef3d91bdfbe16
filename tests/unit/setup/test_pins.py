"""The lock files: exact, complete, and naming no download host."""

import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from local.setup.paths import PROJECT

LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-build.txt"]


def pins(name: str) -> dict[str, str]:
    """Return each pinned package's version in a compiled requirements file."""
    text = (PROJECT.root / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", [*LOCKS, "package-lock.json", ".npmrc", "package.json"])
def test_lock_file_names_no_download_host(name: str) -> None:
    text = (PROJECT.root / name).read_text(encoding="utf-8")
    assert re.findall(r"\w+://|\"resolved\"|--(?:extra-)?index-url|--find-links", text) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_python_package_is_pinned_by_hash(name: str) -> None:
    text = (PROJECT.root / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=\w)", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    without = [entry for entry in entries if entry.strip() and "--hash=sha256:" not in entry]
    assert pins(name)
    assert without == []


def test_the_apps_pins_are_a_part_of_the_development_pins() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_the_installed_packages_are_the_pinned_ones() -> None:
    pinned = pins("requirements-dev.txt")
    assert {name: version(name) for name in pinned} == pinned


def test_every_asked_for_package_is_exact_and_pinned() -> None:
    for source in (PROJECT.root / name for name in ("requirements.in", "requirements-dev.in")):
        asked = [line.split(" #")[0].strip() for line in source.read_text(encoding="utf-8").splitlines()]
        asked = [line for line in asked if line and not line.startswith(("#", "-r"))]
        exact = {re.sub(r"\[.*?\]", "", line).lower() for line in asked}
        pinned = {f"{name}=={number}" for name, number in pins(f"{source.stem}.txt").items()}
        assert asked
        assert exact <= pinned


def test_every_node_package_is_pinned_by_hash() -> None:
    lock = json.loads((PROJECT.root / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []


def test_the_installed_cdk_is_the_pinned_one() -> None:
    package = json.loads((PROJECT.root / "package.json").read_text(encoding="utf-8"))
    installed = json.loads((Path(PROJECT.node_modules) / "aws-cdk" / "package.json").read_text(encoding="utf-8"))
    assert installed["version"] == package["devDependencies"]["aws-cdk"]
