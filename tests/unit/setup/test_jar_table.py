"""The jar table, and how files are held against it."""

import hashlib
import re
from pathlib import Path

import pytest

from local.setup.errors import SetupError
from local.setup.jars import JARS, Jar, Use, missing, verify
from local.setup.paths import PROJECT

CONTENT = b"an archive"
JAR = Jar("org.example", "thing", "1.0", hashlib.sha256(CONTENT).hexdigest(), Use.SPARK)
OTHER = Jar("org.example", "other", "2.0", hashlib.sha256(b"other").hexdigest(), Use.RULES)


def test_every_jar_is_pinned_by_a_sha256() -> None:
    assert [jar.coordinates for jar in JARS if not re.fullmatch(r"[0-9a-f]{64}", jar.sha256)] == []


def test_no_jar_stands_in_the_table_twice() -> None:
    assert len({jar.name for jar in JARS}) == len({jar.sha256 for jar in JARS}) == len(JARS)


def test_the_installed_jars_are_the_pinned_ones() -> None:
    assert missing(PROJECT.jars) == []


def test_absent_and_changed_jars_are_missing(tmp_path: Path) -> None:
    (tmp_path / JAR.file_name).write_bytes(CONTENT)
    assert missing(tmp_path, [JAR, OTHER]) == [OTHER]
    (tmp_path / JAR.file_name).write_bytes(CONTENT + b"!")
    assert missing(tmp_path, [JAR, OTHER]) == [JAR, OTHER]


def test_right_files_pass(tmp_path: Path) -> None:
    (tmp_path / JAR.file_name).write_bytes(CONTENT)
    verify(tmp_path, [JAR])
    assert (tmp_path / JAR.file_name).exists()


def test_wrong_file_is_deleted_and_named_with_both_hashes(tmp_path: Path) -> None:
    (tmp_path / JAR.file_name).write_bytes(b"another archive")
    with pytest.raises(SetupError) as raised:
        verify(tmp_path, [JAR])
    found = hashlib.sha256(b"another archive").hexdigest()
    assert str(raised.value) == (
        f"org.example:thing:1.0 is not the file that was pinned: its SHA-256 is {found} where {JAR.sha256} "
        "is expected; it was deleted. See JARS in local/setup/jars.py."
    )
    assert not (tmp_path / JAR.file_name).exists()


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / JAR.file_name).write_bytes(b"another archive")
    with pytest.raises(SetupError, match=r"thing:1\.0 is not .*; org\.example:other:2\.0 was not found"):
        verify(tmp_path, [JAR, OTHER])
