"""Table names as the crawler makes them: lower case letters, digits and underscores, at most 128 characters."""

import hashlib
import re

MAX_NAME = 128


def table_name(prefix: str, base: str) -> str:
    """Give the name for a table whose folder (or lone object) is `base`."""
    return re.sub(r"[^a-z0-9_]", "_", f"{prefix}{base}".lower())[:MAX_NAME]


def told_apart(name: str, location: str) -> str:
    """Give `name` with a hash of `location` for a suffix: the same at every crawl, another for every location."""
    suffix = "_" + hashlib.md5(location.encode(), usedforsecurity=False).hexdigest()
    return name[: MAX_NAME - len(suffix)] + suffix
