"""What was shown, as an SVG. Imported only where one is asked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import MONOKAI

WIDTH: Final = 110
# rich's own frame of the picture names a web server for its font: whoever looks has a monospace font.
_FONTS: Final = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)


def recording(*, stderr: bool) -> Console:
    """Return a console that keeps what it prints; runs are shown line by line, as in a file."""
    return Console(stderr=stderr, record=True, width=WIDTH, force_terminal=False)


def save(console: Console, file: str, title: str) -> None:
    """Write what a recording console has printed; the same text gives the same file."""
    from rich._export_format import CONSOLE_SVG_FORMAT

    # Lines are printed whole, and a picture would cut them.
    console.width = max(WIDTH, *(len(line) for line in console.export_text(clear=False).splitlines()))
    frame = _FONTS.sub("", CONSOLE_SVG_FORMAT).replace("Fira Code", "monospace")
    picture = console.export_svg(title=title, theme=MONOKAI, code_format=frame, unique_id="run", clear=False)
    Path(file).write_text(picture, encoding="utf-8")
