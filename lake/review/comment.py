"""The comment: Markdown that says first what is dangerous, then everything that changes, by stack and resource."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from lake.names import Names
from lake.review.change import Kind, ResourceChange, StackChange
from lake.review.dangers import KINDS, Danger, dangers
from lake.review.differences import Difference
from lake.review.grants import sentences, widened
from lake.review.words import arrow, code, value

SIGNS: Final[dict[Kind, str]] = {
    "added": "added",
    "removed": "removed",
    "changed": "changed",
    "replaced": "**replaced**",
}


def comment(names: Names, changes: Sequence[StackChange]) -> str:
    """Return what a deployment of the environment would change; 'no changes' where it would change nothing."""
    changed = [change for change in changes if not change.is_empty]
    if not changed:
        return f"### `{names.env}`: no changes\n"
    found = [danger for change in changed for danger in dangers(change, names)]
    lines = [f"### `{names.env}`: {_counted(len(changed), 'stack')} of {len(changes)} would change", ""]
    lines += _dangerous(found)
    lines += ["#### All changes", ""]
    code_only = [change for change in changed if _is_new_code_alone(change)]
    for change in changed:
        if change not in code_only:
            lines += _of_stack(change)
    if code_only:
        lines += [f"New code of the job, and nothing else: {_listed(code_only)}", ""]
    same = [change for change in changes if change.is_empty]
    if same:
        lines += [f"No changes: {_listed(same)}", ""]
    return "\n".join(lines)


def _dangerous(found: Sequence[Danger]) -> list[str]:
    if not found:
        return ["Nothing dangerous was found.", ""]
    lines = [f"#### :warning: {_counted(len(found), 'danger')}", ""]
    for kind in KINDS:
        texts = [danger.text for danger in found if danger.kind == kind]
        if texts:
            lines += [f"**{kind}**", "", *(f"- {text}" for text in texts), ""]
    return lines


def _of_stack(change: StackChange) -> list[str]:
    return [
        f"<details><summary><code>{change.name}</code>: {_summary(change)}</summary>",
        "",
        *_lines(change),
        "",
        "</details>",
        "",
    ]


def _summary(change: StackChange) -> str:
    if change.after is None:
        return "no longer declared; left as it is"
    if change.before is None:
        return f"new, with {_counted(len(change.resources), 'resource')}"
    counts = Counter(resource.kind for resource in change.resources)
    parts = [f"{count} {kind}" for kind, count in counts.items()]
    parts += ["dataset changed"] if change.dataset else []
    parts += ["new code"] if change.new_code else []
    parts += ["outputs and the like"] if change.others else []
    parts += ["termination protection"] if change.before.protected != change.after.protected else []
    return ", ".join(parts)


def _lines(change: StackChange) -> Iterator[str]:
    if change.after is None:
        yield "- Nothing is done to it."
        return
    if change.before is not None and change.before.protected != change.after.protected:
        yield f"- termination protection: {'on' if change.before.protected else 'off'} → " + (
            "on" if change.after.protected else "off"
        )
    for each in change.dataset:
        yield f"- dataset: {_told(each)}"
    if change.new_code:
        yield "- job: new code (script, stages or jars)"
    for resource in change.resources:
        yield from _of_resource(resource)
    for each in change.others:
        yield f"- {_told(each)}"


def _of_resource(resource: ResourceChange) -> Iterator[str]:
    kind = resource.type.removeprefix("AWS::").replace("::", " ")
    yield f"- {kind} {code(resource.logical_id)}: {SIGNS[resource.kind]}"
    for each in resource.differences:
        by = " (replaces it)" if each.path.removeprefix("Properties.") in resource.replaced_by else ""
        yield f"  - {_told(each)}{by}"
    before, after = resource.grants
    if resource.kind == "removed":
        return
    more, less = widened(before, after), widened(after, before)
    for found, allow, deny in ((more, "more", "no longer"), (less, "less", "also")):
        for sentence in sentences(found):
            yield f"  - {deny if sentence.startswith('deny') else allow}: {code(sentence)}"


def _told(each: Difference) -> str:
    path = code(each.path.removeprefix("Properties."))
    if isinstance(each.before, list) and isinstance(each.after, list):
        gone = [item for item in each.before if item not in each.after]
        come = [item for item in each.after if item not in each.before]
        if gone or come:
            parts = ([f"without {value(gone)}"] if gone else []) + ([f"with {value(come)}"] if come else [])
            return f"{path}: {', '.join(parts)}"
    return f"{path}: {arrow(each.before, each.after)}"


def _is_new_code_alone(change: StackChange) -> bool:
    there = change.before is not None and change.after is not None
    return there and change.new_code and _summary(change) == "new code"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _listed(changes: Sequence[StackChange]) -> str:
    return ", ".join(code(change.name) for change in changes)
