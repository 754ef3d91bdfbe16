"""Stamps: what was finished, for which content."""

from pathlib import Path

from local.setup.stamp import Stamp, digest


def test_digest_depends_on_content_and_not_on_the_time_of_a_file(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("same")
    second.write_text("same")
    assert digest([first]) == digest([second])
    second.write_text("other")
    assert digest([first]) != digest([second])


def test_digest_keeps_the_parts_apart() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])


def test_stamp_matches_only_the_digest_it_was_written_for(tmp_path: Path) -> None:
    stamp = Stamp(tmp_path / "stamp")
    assert not stamp.matches("one")
    stamp.write("one")
    assert stamp.matches("one")
    assert not stamp.matches("two")
    stamp.remove()
    assert not stamp.matches("one")


def test_damaged_stamp_matches_nothing(tmp_path: Path) -> None:
    (tmp_path / "stamp").write_bytes(b"\xff\xfe")
    assert not Stamp(tmp_path / "stamp").matches("one")
