"""One comment on a pull request, updated in place: `python -m lake.review.post --repo OWNER/NAME --pull N FILE…`.

Each file holds what `python -m lake.review` wrote of one environment. It asks GitHub through its command line, `gh`,
and needs the standard library alone, so that the job that may write runs nothing else.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

MARKER: Final = "<!-- lake-review -->"
# GitHub refuses a comment that is longer.
MOST_CHARACTERS: Final = 65_536
CUT: Final = "\n\n**The rest does not fit into a comment: see the log of this check, or `make diff`.**\n"
AUTHOR: Final = "github-actions[bot]"

Gh = Callable[[Sequence[str], str], str]
"""Runs `gh api` with arguments and standard input; returns what it printed."""


def body(texts: Sequence[str]) -> str:
    """Return the comment: the marker by which it is found again, then each environment; cut where it is too long."""
    whole = f"{MARKER}\n## What a deployment would change\n\n" + "\n".join(texts)
    if len(whole) <= MOST_CHARACTERS:
        return whole
    kept = whole[: MOST_CHARACTERS - len(CUT) - len("\n</details>")].rpartition("\n")[0]
    # What is cut inside a folded part would fold away the rest.
    unclosed = kept.count("<details>") > kept.count("</details>")
    return kept + ("\n</details>" if unclosed else "") + CUT


def post(repo: str, pull: int, text: str, gh: Gh) -> str:
    """Write the comment over the one that is there, else as a new one; return its address."""
    comments = f"repos/{repo}/issues/{pull}/comments"
    pages: list[list[dict[str, Any]]] = json.loads(gh([comments, "--paginate", "--slurp"], ""))
    ours = [
        each["id"]
        for page in pages
        for each in page
        if each["user"]["login"] == AUTHOR and each["body"].startswith(MARKER)
    ]
    where = ["--method", "PATCH", f"repos/{repo}/issues/comments/{ours[0]}"] if ours else ["--method", "POST", comments]
    written = gh([*where, "--input", "-"], json.dumps({"body": text}))
    return str(json.loads(written)["html_url"])


def run_gh(arguments: Sequence[str], given: str) -> str:
    """Run `gh api`. Raises CalledProcessError where it fails; what it says goes to stderr."""
    line = ["gh", "api", *arguments]
    return subprocess.run(line, input=given, stdout=subprocess.PIPE, text=True, check=True).stdout


def main(arguments: Sequence[str]) -> int:
    """Write the comment and print its address."""
    parser = argparse.ArgumentParser(prog="python -m lake.review.post")
    parser.add_argument("--repo", required=True, help="OWNER/NAME")
    parser.add_argument("--pull", required=True, type=int, help="number of the pull request")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    text = body([file.read_text(encoding="utf-8") for file in given.files])
    print(post(given.repo, given.pull, text, run_gh))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
