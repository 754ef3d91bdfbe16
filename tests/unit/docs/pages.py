"""The pages of the documentation and the fenced blocks in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lake.config_file import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@dataclass(frozen=True)
class Block:
    """A fenced block: what stands after its fence, and its text without the fence's indent."""

    page: Path
    info: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.text.splitlines()[0][:50]}"


def blocks(info: str | None = None) -> list[Block]:
    """All blocks, or those with this info."""
    return [block for page in PAGES for block in _blocks_of(page) if info in (None, block.info)]


def _blocks_of(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for indent, info, body in re.findall(r"^( *)```(.*)\n((?:.*\n)*?)^\1```$", text, flags=re.MULTILINE):
        yield Block(page, info, re.sub(rf"^{indent}", "", body, flags=re.MULTILINE))
