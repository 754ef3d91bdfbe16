"""The README: what it names is there, and what is there it names."""

import re
import subprocess

from local.setup.paths import PROJECT

README = (PROJECT.root / "README.md").read_text(encoding="utf-8")
MAKEFILE = (PROJECT.root / "Makefile").read_text(encoding="utf-8")


def in_layout() -> set[str]:
    """Return the files and folders of the layout's first column."""
    layout = README.split("## Layout")[1].split("\n## ")[0]
    cells = [row.split("|")[1] for row in layout.splitlines() if row.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(.+?)`", cell)}


def test_it_names_every_make_target_and_no_other() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", MAKEFILE, flags=re.MULTILINE)
    assert set(re.findall(r"`make ([a-z]+)", README)) == set(targets)


def test_its_layout_names_what_is_there() -> None:
    assert {"app.py", "datasets/", "tests/"} <= in_layout()
    assert [name for name in in_layout() if not (PROJECT.root / name).exists()] == []


def test_its_layout_leaves_out_no_folder() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT.root, capture_output=True, text=True, check=True)
    folders = {name.split("/")[0] + "/" for name in listed.stdout.splitlines() if "/" in name}
    assert {"local/", "tests/"} <= folders
    assert [folder for folder in folders - in_layout() if not folder.startswith(".")] == []
