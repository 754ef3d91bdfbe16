"""The first record of a CSV: whether it is a header, and the columns' names that it gives."""

import re
import sys
from collections.abc import Sequence

from local.glue.crawlers.formats.cells import cell_type
from local.glue.crawlers.types import STRING

MAX_NAME = 149
# The pattern and length that AWS's API model gives for a column's name.
COLUMN_NAME = re.compile("[\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff\t]{1,255}")


def is_header(first: Sequence[str], *, number_below: bool) -> bool:
    """Whether a first record is a header by Glue's rule.

    All its cells are text and good names, all but the last shorter than 150 characters, the last may be empty, and a
    number stands somewhere below: a file of text only has no header.
    """
    *names, last = first
    return (
        number_below
        and all(cell_type(name) == STRING and len(name) <= MAX_NAME for name in names)
        and cell_type(last) in (STRING, None)
        and all(COLUMN_NAME.fullmatch(name) for name in (*names, last or "-"))
    )


def column_names(header: Sequence[str]) -> list[str]:
    """Give the catalog's names for a header: lower case, an empty one by its place, a name's second use numbered.

    AWS documents neither the empty nor the repeated name: both are choices.
    """
    names: list[str] = []
    for index, cell in enumerate(header):
        base = name = cell.strip().lower() or f"col{index}"
        uses = 0
        while name in names:
            uses += 1
            name = f"{base}_{uses}"
        names.append(sys.intern(name))
    return names
