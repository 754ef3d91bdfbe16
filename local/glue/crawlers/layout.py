"""Which folder is a table and which folders below it are partitions, from the objects' keys alone.

A folder is its parts below the bucket; the bucket itself is the empty tuple. A partition key is the name in a folder
`name=value`, or None for a plain folder, which the table calls `partition_0`, `partition_1`, … from the root down.
"""

from typing import NamedTuple

from local.glue.crawlers.formats.base import ObjectRef
from local.glue.crawlers.schema import Columns

Folder = tuple[str, ...]


class Place(NamedTuple):
    """Where an object lies below its table's folder: a partition key and a value for each folder on the way."""

    keys: tuple[str | None, ...]
    values: tuple[str, ...]


def folder_of(ref: ObjectRef) -> Folder:
    """Give the folder that holds the object."""
    return tuple(ref.key.split("/")[:-1])


def folder_uri(bucket: str, folder: Folder) -> str:
    """Give a folder's s3:// name, which ends in a slash."""
    return "/".join([f"s3://{bucket}", *folder, ""])


def place(root: Folder, folder: Folder) -> Place:
    """Give the partition keys and values of `folder`, which is or lies in `root`; values stay as the key has them."""
    keys: list[str | None] = []
    values = []
    for part in folder[len(root) :]:
        name, equals, value = part.partition("=")
        keyed = bool(name and equals)
        keys.append(name.lower() if keyed else None)
        values.append(value if keyed else part)
    return Place(tuple(keys), tuple(values))


def key_names(keys: tuple[str | None, ...], columns: Columns) -> tuple[str, ...]:
    """Give the table's names for partition keys.

    A folder's name that the objects have as a column too would make the table ambiguous, and AWS documents no rule for
    it: such a key is named like a plain folder.
    """
    taken = {column.name for column in columns}
    names: list[str] = []
    for index, key in enumerate(keys):
        names.append(key if key and key not in taken and key not in names else f"partition_{index}")
    return tuple(names)
