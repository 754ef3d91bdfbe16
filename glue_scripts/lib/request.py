"""What a run is asked for beside its daily work: to consume objects again, to release them, to set them aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Final

from lib.source import RawObject

_ONE_OF: Final = "give one of reprocess_prefix (with reprocess_from, reprocess_to), release_prefix, exclude_prefix"


@dataclass(frozen=True, slots=True)
class Request:
    """Which objects a run is asked for; prefixes are of whole keys in the raw bucket, times those of arrival.

    - reprocess: exactly these objects are consumed, also those that were before, and what they brought is replaced.
      `reprocess_from` is the first moment, `reprocess_to` the first one after.
    - release: exactly the new objects under the prefix are consumed, whatever the dataset's limits say of their rows.
    - exclude: the new objects under the prefix are consumed unread, each set aside whole into quarantine; other new
      objects as ever.
    """

    reprocess_prefix: str | None = None
    reprocess_from: datetime | None = None
    reprocess_to: datetime | None = None
    release_prefix: str | None = None
    exclude_prefix: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where more than one thing is asked for."""
        if sum((self.reprocesses, self.release_prefix is not None, self.exclude_prefix is not None)) > 1:
            raise ValueError(f"a run does one thing at a time: {_ONE_OF}")

    @property
    def reprocesses(self) -> bool:
        """Whether objects that were consumed are consumed again."""
        return any(each is not None for each in (self.reprocess_prefix, self.reprocess_from, self.reprocess_to))

    def chooses(self, found: RawObject, *, is_new: bool) -> bool:
        """Whether the run consumes an object."""
        if self.reprocesses:
            begins = found.key.startswith(self.reprocess_prefix or "")
            after = self.reprocess_from is None or found.modified >= self.reprocess_from
            return begins and after and (self.reprocess_to is None or found.modified < self.reprocess_to)
        return is_new and found.key.startswith(self.release_prefix or "")

    def excludes(self, found: RawObject) -> bool:
        """Whether an object that the run consumes is set aside unread."""
        return self.exclude_prefix is not None and found.key.startswith(self.exclude_prefix)

    def given(self) -> dict[str, str]:
        """Return what was asked for by its names, as texts."""
        return {name: str(value) for name, value in asdict(self).items() if value is not None}


def read_request(value_of: Callable[[str], str | None]) -> Request:
    """Return the request whose fields `value_of` gives by name; an empty text is none.

    Raises ValueError for a time that is none, or more than one thing that is asked for.
    """
    values = {each.name: value_of(each.name) or None for each in fields(Request)}
    return Request(
        reprocess_prefix=values["reprocess_prefix"],
        reprocess_from=_time("reprocess_from", values["reprocess_from"]),
        reprocess_to=_time("reprocess_to", values["reprocess_to"]),
        release_prefix=values["release_prefix"],
        exclude_prefix=values["exclude_prefix"],
    )


def _time(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"{name}: '{text}' is no time; allowed is one such as 2013-01-31 or 2013-01-31T06:00Z"
        ) from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
