"""The comment is one, whatever happens again, and fits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lake.config_file import ROOT
from lake.review.post import CUT, MARKER, MOST_CHARACTERS, body, main, post


@dataclass
class Hub:
    """GitHub's comments of one pull request, asked as `gh api` is."""

    comments: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, arguments: Sequence[str], given: str) -> str:
        match list(arguments):
            case ["repos/o/r/issues/7/comments", "--paginate", "--slurp"]:
                return json.dumps([self.comments[:1], self.comments[1:]])
            case ["--method", "PATCH", path, "--input", "-"]:
                [found] = [each for each in self.comments if path == f"repos/o/r/issues/comments/{each['id']}"]
            case ["--method", "POST", "repos/o/r/issues/7/comments", "--input", "-"]:
                found = {"id": len(self.comments), "user": {"login": "github-actions[bot]"}}
                self.comments.append(found)
            case other:
                raise AssertionError(other)
        found.update(json.loads(given))
        return json.dumps({**found, "html_url": f"of {found['id']}"})


def test_a_second_review_writes_over_the_first_and_nobody_elses_comment() -> None:
    someone = {"id": 0, "user": {"login": "someone"}, "body": f"{MARKER} quoted"}
    hub = Hub([dict(someone)])
    assert post("o/r", 7, body(["### `dev`: no changes\n"]), hub) == "of 1"
    assert post("o/r", 7, body(["### `dev`: 1 stack of 4 would change\n"]), hub) == "of 1"
    assert hub.comments[0] == someone
    assert [each["body"] for each in hub.comments[1:]] == [
        f"{MARKER}\n## What a deployment would change\n\n### `dev`: 1 stack of 4 would change\n"
    ]


def test_environments_follow_one_another() -> None:
    assert body(["### `dev`: no changes\n", "### `prod`: no changes\n"]).endswith(
        "### `dev`: no changes\n\n### `prod`: no changes\n"
    )


@pytest.mark.parametrize("line", ["- one more\n", "<details>\n"])
def test_what_is_too_long_is_cut_at_a_line_and_says_so(line: str) -> None:
    text = body(["<details>\n" + line * 20_000])
    assert len(text) <= MOST_CHARACTERS
    assert text.endswith(CUT)
    assert "</details>" in text
    assert "- one mo\n" not in text


def test_command_asks_gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "gh"
    program.write_text(
        f"#!{sys.executable}\nimport sys, json\n"
        f"open({str(tmp_path / 'asked')!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
        "print('[[]]' if '--slurp' in sys.argv else json.dumps({'html_url': json.load(sys.stdin)['body'][:20]}))\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "dev.md").write_text("### `dev`: no changes\n")
    assert main(["--repo", "o/r", "--pull", "7", str(tmp_path / "dev.md")]) == 0
    assert capsys.readouterr().out == f"{MARKER}\n"
    assert (tmp_path / "asked").read_text().splitlines() == [
        "api repos/o/r/issues/7/comments --paginate --slurp",
        "api --method POST repos/o/r/issues/7/comments --input -",
    ]


def test_it_needs_the_standard_library_alone() -> None:
    line = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import lake.review.post"]
    assert subprocess.run(line, check=False).returncode == 0
