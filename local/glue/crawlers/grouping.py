"""Which objects share a table: a folder at the configured level, or the highest folder whose parts are alike.

Two objects are data compatible when format, compression, traits (such as the delimiter) and the path's structure are
equal. Unless compatible schemas are combined, their columns must be similar too. AWS gives no exact measure for that:
its support says that more than 70 % must match; here two schemas match when they share that much of their column names.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from local.glue.crawlers.formats.base import Finding
from local.glue.crawlers.layout import Folder, folder_of, place
from local.glue.crawlers.schema import similarity

SIMILAR = 0.7


@dataclass(frozen=True)
class Group:
    """The objects of one table. `leaf` is the object's name where a lone object is its own table, else empty."""

    bucket: str
    folder: Folder
    findings: tuple[Finding, ...]
    leaf: str = ""


@dataclass(frozen=True)
class Split:
    """A group parted into those that make the table and those that do not fit it."""

    fitting: tuple[Finding, ...]
    others: tuple[Finding, ...]


def by_level(findings: Iterable[Finding], level: int) -> tuple[list[Group], list[Finding]]:
    """Give a group a folder at `level`, where the bucket is level 1, and the findings that lie above that level."""
    members: dict[tuple[str, Folder], list[Finding]] = defaultdict(list)
    above = []
    for finding in findings:
        folder = folder_of(finding.ref)
        if len(folder) < level - 1:
            above.append(finding)
        else:
            members[finding.ref.bucket, folder[: level - 1]].append(finding)
    return [Group(bucket, folder, tuple(found)) for (bucket, folder), found in members.items()], above


def by_likeness(findings: Sequence[Finding], root: Folder, *, combine: bool) -> list[Group]:
    """Give the groups under `root`: it is one table where most of what it holds is alike, else each part is asked.

    `combine` is the policy CombineCompatibleSchemas: columns need not be similar.
    """
    if not findings:
        return []
    bucket = findings[0].ref.bucket
    parts: dict[str, list[Finding]] = defaultdict(list)
    files = []
    for finding in findings:
        folder = folder_of(finding.ref)
        if len(folder) == len(root):
            files.append(finding)
        else:
            parts[folder[len(root)]].append(finding)
    if not parts:
        if _mostly_alike(files, root, combine=combine):
            return [Group(bucket, root, tuple(files))]
        return [lone(finding) for finding in files]
    below = [by_likeness(found, (*root, name), combine=combine) for name, found in parts.items()]
    whole = all(
        len(groups) == 1 and groups[0].folder == (*root, name) for groups, name in zip(below, parts, strict=True)
    )
    if whole and not files and _mostly_alike(findings, root, combine=combine):
        return [Group(bucket, root, tuple(findings))]
    # Objects beside folders have another path structure than those in them.
    return [group for groups in below for group in groups] + [lone(finding) for finding in files]


def split(group: Group, *, combine: bool) -> Split:
    """Part a group by what most of its objects are; as with AWS, those that differ are logged and skipped."""
    if group.leaf:
        return Split(group.findings, ())
    structures = [_structure(finding, group.folder) for finding in group.findings]
    usual = Counter(structures).most_common(1)[0][0]
    same = [finding for finding, structure in zip(group.findings, structures, strict=True) if structure == usual]
    if not combine:
        columns = Counter(finding.columns for finding in same).most_common(1)[0][0]
        same = [finding for finding in same if similarity(finding.columns, columns) >= SIMILAR]
    kept = {finding.ref for finding in same}
    return Split(tuple(same), tuple(finding for finding in group.findings if finding.ref not in kept))


def lone(finding: Finding) -> Group:
    """Give the group of an object that is its own table."""
    return Group(finding.ref.bucket, folder_of(finding.ref), (finding,), leaf=finding.ref.key.rsplit("/", 1)[-1])


def _mostly_alike(findings: Sequence[Finding], root: Folder, *, combine: bool) -> bool:
    """Whether more than 70 % of the parts of `root` (its folders, else its objects) are like the usual one."""
    parts: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        parts[finding.ref.key.split("/")[len(root)]].append(finding)
    fitting = {finding.ref for finding in split(Group("", root, tuple(findings)), combine=combine).fitting}
    alike = sum(any(finding.ref in fitting for finding in found) for found in parts.values())
    return alike > SIMILAR * len(parts)


def _structure(finding: Finding, root: Folder) -> tuple[object, ...]:
    return finding.compatibility, place(root, folder_of(finding.ref)).keys
