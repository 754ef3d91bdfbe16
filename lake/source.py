"""The raw objects of a dataset: where they lie, their format, and how it is to be read, by Spark's names."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from lake.config_model import ConfigModel, checked_text


def _of_ascii(character: str) -> str:
    if not character.isascii():
        raise ValueError(f"'{character}' is no character of ASCII; allowed is one of ASCII, as a Glue classifier takes")
    return character


_OneCharacter = Annotated[str, Field(min_length=1, max_length=1), AfterValidator(_of_ascii)]

# Those that Spark 3.5 reads line by line, by the names that Java gives them.
Encoding = Literal["UTF-8", "ISO-8859-1", "US-ASCII", "windows-1252"]


class Options(ConfigModel):
    """How the objects of one format are to be read: named as Spark's reader names them, with its defaults."""

    @classmethod
    def known_elsewhere(cls, field: str) -> str | None:
        """Return which formats have the option."""
        formats = [name for name, options in OPTIONS.items() if field in options.model_fields]
        return f"it is an option of {' and '.join(formats)}" if formats else None


class CsvOptions(Options):
    """How a CSV object is written."""

    header: bool = False
    """Whether each object's first line names the columns."""
    delimiter: _OneCharacter = ","
    quote: _OneCharacter = '"'
    escape: _OneCharacter = "\\"
    """What makes a quote inside a quoted value part of it."""
    nullValue: str = ""
    """What stands for a missing value, beside nothing at all."""
    encoding: Encoding = "UTF-8"
    multiLine: bool = False
    """Whether a quoted value may go over several lines. An object is then read by one task."""

    @field_validator("quote")
    @classmethod
    def _quote_is_no_delimiter(cls, quote: str, info: ValidationInfo) -> str:
        if quote == info.data.get("delimiter"):
            raise ValueError(f"'{quote}' is the delimiter too; allowed is any other character")
        return quote


class JsonOptions(Options):
    """How a JSON object is written."""

    multiLine: bool = False
    """False: a JSON object a line. True: the whole is one array of objects, or one object, read by one task."""


class ParquetOptions(Options):
    """Parquet objects say all about themselves."""


OPTIONS: Final[dict[str, type[Options]]] = {"csv": CsvOptions, "json": JsonOptions, "parquet": ParquetOptions}


_PREFIX: Final = re.compile(r"([A-Za-z0-9_.=-]+/)+")
_ALLOWED: Final = "folders of letters, digits and _ . = -, a / after each"


def _suggested(text: str) -> str:
    folders = re.sub(r"[^A-Za-z0-9_.=/-]+", "_", text.strip()).split("/")
    return "".join(f"{folder}/" for folder in folders if folder)


class _Source(ConfigModel):
    prefix: Annotated[str, Field(max_length=512), *checked_text("prefix", _PREFIX, _ALLOWED, _suggested)]
    """The folder in the raw bucket; its last part is the dataset's name, and it lies in no other dataset's."""


class CsvSource(_Source):
    """CSV objects in the raw bucket."""

    format: Literal["csv"]
    options: CsvOptions = CsvOptions()


class JsonSource(_Source):
    """JSON objects in the raw bucket."""

    format: Literal["json"]
    options: JsonOptions = JsonOptions()


class ParquetSource(_Source):
    """Parquet objects in the raw bucket."""

    format: Literal["parquet"]
    options: ParquetOptions = ParquetOptions()


Source = Annotated[CsvSource | JsonSource | ParquetSource, Field(discriminator="format")]
