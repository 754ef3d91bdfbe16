"""Fetching jars: only what is missing, only what is right. The repository is a function here."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from local.setup import ivy
from local.setup.errors import SetupError
from local.setup.ivy import fetch_jars, ivy_file, proxy_options
from local.setup.jars import JARS, Jar, missing
from local.setup.paths import Paths
from tests.unit.setup.jar_examples import CONTENTS, EXAMPLES

Repository = Callable[[list[Jar], Path], None]


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A project that pins the example jars and has none yet."""
    monkeypatch.setattr(ivy, "missing", lambda folder: missing(folder, EXAMPLES))
    return Paths(tmp_path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the repository was asked for, call by call; it has every example jar."""
    calls: list[list[str]] = []

    def retrieve(jars: list[Jar], folder: Path) -> None:
        calls.append([jar.name for jar in jars])
        for jar in jars:
            (folder / jar.file_name).write_bytes(CONTENTS[jar.name])

    monkeypatch.setattr(ivy, "_retrieve", retrieve)
    return calls


def test_fetches_all_and_the_second_time_nothing(paths: Paths, asked: list[list[str]]) -> None:
    assert fetch_jars(paths)
    assert missing(paths.jars, EXAMPLES) == []
    assert not fetch_jars(paths)
    assert asked == [["one", "two"]]


def test_a_damaged_jar_alone_is_fetched_again(paths: Paths, asked: list[list[str]]) -> None:
    fetch_jars(paths)
    (paths.jars / EXAMPLES[1].file_name).write_bytes(b"half")
    assert fetch_jars(paths)
    assert asked[1:] == [["two"]]
    assert missing(paths.jars, EXAMPLES) == []


def test_a_wrong_file_never_reaches_the_jars_folder(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    def retrieve(jars: list[Jar], folder: Path) -> None:
        for jar in jars:
            (folder / jar.file_name).write_bytes(b"something else")

    monkeypatch.setattr(ivy, "_retrieve", retrieve)
    with pytest.raises(SetupError, match="is not the file that was pinned"):
        fetch_jars(paths)
    assert list(paths.lake.rglob("*.jar")) == []


def test_what_an_interrupted_fetch_left_is_cleared_away(paths: Paths, asked: list[list[str]]) -> None:
    (paths.lake / "jars.partial").mkdir(parents=True)
    (paths.lake / "jars.partial" / EXAMPLES[0].file_name).write_bytes(b"half")
    assert fetch_jars(paths)
    assert [path.name for path in paths.lake.iterdir()] == ["jars"]


def test_ivy_is_asked_for_each_jar_alone() -> None:
    dependencies = ET.fromstring(ivy_file(JARS)).findall("dependencies/dependency")
    asked_for = {(found.get("org"), found.get("name"), found.get("rev")) for found in dependencies}
    assert asked_for == {(jar.group, jar.name, jar.version) for jar in JARS}
    assert {found.get("transitive") for found in dependencies} == {"false"}


@pytest.mark.parametrize(
    ("environ", "options"),
    [
        ({}, []),
        (
            {"https_proxy": "http://proxy.example:3128"},
            ["-Dhttps.proxyHost=proxy.example", "-Dhttps.proxyPort=3128"],
        ),
        ({"HTTP_PROXY": "proxy.example"}, ["-Dhttp.proxyHost=proxy.example", "-Dhttp.proxyPort=80"]),
    ],
)
def test_java_is_told_of_the_proxies_in_the_environment(environ: dict[str, str], options: list[str]) -> None:
    assert proxy_options(environ) == options
