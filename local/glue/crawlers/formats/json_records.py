"""Where the records of JSON begin and end: a line each, one after the other over several lines, or one array."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_RECORDS = 1_000
MAX_BROKEN_SHARE = 0.5
_DECODER = json.JSONDecoder()
_BLANK = " \t\r\n"


class NotJson(ValueError):
    """The text is no JSON; the message says where."""


@dataclass(frozen=True)
class Records:
    """The first records of a text. `broken` lines among them are none; `characters` were read to get them.

    `array`: the text is one array, and the records are its elements.
    """

    values: list[Any]
    broken: int
    characters: int
    array: bool


def first_records(text: str, *, complete: bool) -> Records:
    """Give at most the first 1,000 records of `text`, which may be cut at its end where it is not `complete`.

    Raises NotJson.
    """
    start = _skip(text, 0)
    if text.startswith("[", start):
        return _elements(text, start + 1, complete=complete)
    lines = _lines(text, complete=complete)
    if lines.values and lines.broken <= MAX_BROKEN_SHARE * (len(lines.values) + lines.broken):
        return lines
    return _values(text, start, complete=complete)


def _lines(text: str, *, complete: bool) -> Records:
    values: list[Any] = []
    broken = end = 0
    for line, after in _each_line(text, complete=complete):
        if len(values) + broken == MAX_RECORDS:
            break
        end = after
        if not line.strip(_BLANK):
            continue
        try:
            value = _DECODER.decode(line)
        except (ValueError, RecursionError):
            broken += 1
            continue
        if isinstance(value, dict):
            values.append(value)
        else:
            broken += 1
    return Records(values, broken, end, array=False)


def _each_line(text: str, *, complete: bool) -> Iterator[tuple[str, int]]:
    """Give each line with the place where it ends; the last one of a text that is cut is left out."""
    at = 0
    while (newline := text.find("\n", at)) >= 0:
        yield text[at:newline], newline + 1
        at = newline + 1
    if complete and at < len(text):
        yield text[at:], len(text)


def _values(text: str, at: int, *, complete: bool) -> Records:
    values: list[Any] = []
    while at < len(text) and len(values) < MAX_RECORDS:
        try:
            value, end = _decode(text, at)
        except NotJson:
            if complete or not values:
                raise
            break
        if not isinstance(value, dict):
            raise NotJson(f"character {at}: a record must be an object")
        values.append(value)
        at = _skip(text, end)
    return Records(values, 0, at, array=False)


def _elements(text: str, at: int, *, complete: bool) -> Records:
    values: list[Any] = []
    at = _skip(text, at)
    while len(values) < MAX_RECORDS and not text.startswith("]", at):
        try:
            value, end = _decode(text, at)
            after = _skip(text, end)
            if text[after : after + 1] not in (",", "]"):
                raise NotJson(f"character {after}: ',' or ']' is missing")
        except NotJson:
            if complete or not values:
                raise
            break
        values.append(value)
        at = after if text[after] == "]" else _skip(text, after + 1)
    if text.startswith("]", at):
        at = _skip(text, at + 1)
        if at < len(text):
            raise NotJson(f"character {at}: something follows the array")
    return Records(values, 0, at, array=True)


def _decode(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise NotJson(f"character {error.pos}: {error.msg[:1].lower()}{error.msg[1:]}") from None
    except ValueError:
        raise NotJson(f"character {at}: a number has too many digits") from None
    except RecursionError:
        raise NotJson(f"character {at}: it is nested too deeply") from None


def _skip(text: str, at: int) -> int:
    """Give the place of the next character that is not blank."""
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at
