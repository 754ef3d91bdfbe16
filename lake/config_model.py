"""The base of all configuration models, and what is wrong in their data in words that help to put it right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails

from lake.errors import nearest

Loc = tuple[str | int, ...]


class ConfigModel(BaseModel):
    """Base of all configuration: frozen, an unknown field is an error, no value is coerced."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    @classmethod
    def known_elsewhere(cls, field: str) -> str | None:
        """Return where a field that this model does not have belongs, for the error's text; None: nowhere."""
        return None


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with the field at `loc`; `lines`: in which line of its text, from 0, where it has several."""

    loc: Loc
    message: str
    lines: int = 0


class FieldErrors(ValueError):
    """Raised by a validator that looks at more than one field: names each part of its field that is to be changed."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))


def checked_text(kind: str, pattern: re.Pattern[str], allowed: str, suggest: Callable[[str], str]) -> Any:
    """Return what stands in Annotated for a text of one pattern: an error says in words what is allowed.

    `suggest` returns the right text that is nearest to a wrong one. The pattern stands in the JSON Schema.
    """

    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            near = suggest(text)
            hint = f"; did you mean '{near}'?" if pattern.fullmatch(near) else ""
            raise ValueError(f"'{text}' is no {kind}; allowed: {allowed}{hint}")
        return text

    return Field(json_schema_extra={"pattern": f"^(?:{pattern.pattern})$"}), AfterValidator(check)


def refuse(problems: Iterable[FieldProblem]) -> None:
    """Raise FieldErrors where there are any problems."""
    found = tuple(problems)
    if found:
        raise FieldErrors(found)


def problems_of(
    model: type[BaseModel], details: ErrorDetails, injected: Collection[str] = ()
) -> Iterator[FieldProblem]:
    """Yield the problems that one of pydantic's errors stands for, each with the place as the file has it.

    `injected` are the model's fields that no file gives.
    """
    place = _placed(model, details["loc"])
    loc = place.loc
    message = details["msg"]
    context = details.get("ctx", {})
    given = details["input"]
    match details["type"]:
        case "extra_forbidden":
            yield FieldProblem(loc, _unknown_field(place.holder, loc, injected))
        case "missing":
            yield FieldProblem(loc, "is missing")
        case "value_error":
            cause = context.get("error")
            if isinstance(cause, FieldErrors):
                yield from (replace(problem, loc=loc + problem.loc) for problem in cause.problems)
            else:
                yield FieldProblem(loc, str(cause))
        case "union_tag_not_found":
            yield FieldProblem((*loc, _tag_name(context)), "is missing")
        case "union_tag_invalid":
            expected = re.findall(r"'([^']*)'", context["expected_tags"])
            text = f"{_one_of(expected)}, not {_shown(context['tag'])}{nearest(str(context['tag']), expected)}"
            yield FieldProblem((*loc, _tag_name(context)), text)
        case "model_type" | "model_attributes_type" | "dict_type":
            fields = ", ".join(next((each.model_fields for each in _models(place.annotation)), ["any name: any text"]))
            yield FieldProblem(loc, f"must be a mapping of fields, not {_shown(given)}; allowed: {fields}")
        case "literal_error":
            expected = re.findall(r"'([^']*)'", context["expected"])
            near = nearest(given, expected) if isinstance(given, str) else ""
            yield FieldProblem(loc, f"{message[:1].lower()}{message[1:]}, not {_shown(given)}{near}")
        case "tuple_type" | "list_type":
            yield FieldProblem(loc, f"must be a list, not {_shown(given)}; allowed: [a, b]")
        case "string_type":
            quoted = "" if isinstance(given, list | dict) else f"; allowed is text: '{_plain(given)}' in quotes"
            yield FieldProblem(loc, f"input should be a valid string, not {_shown(given)}{quoted}")
        case _:
            yield FieldProblem(loc, f"{message[:1].lower()}{message[1:]}, not {_shown(given)}")


def dotted(loc: Loc) -> str:
    """Return a field's place as text: ('columns', 2, 'type') is columns[2].type."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".")


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a model: as the file has it, the model that its last part belongs to, and what may stand there."""

    loc: Loc
    holder: type[BaseModel] | None
    annotation: Any


def _placed(model: type[BaseModel], loc: Loc) -> _Place:
    """Return the place of pydantic's `loc`.

    Of a union of models that a field tells apart, pydantic names the member as well: that is no part of the file.
    """
    place = _Place((), None, model)
    for part in loc:
        members = _models(place.annotation)
        tagged = [each for each in members if len(members) > 1 and part in _tags(each)]
        if tagged:
            place = _Place(place.loc, place.holder, tagged[0])
        elif isinstance(part, int):
            items = (each for each in get_args(_bare(place.annotation)) if each is not Ellipsis)
            place = _Place((*place.loc, part), None, next(items, None))
        else:
            holder = members[0] if members else None
            field = holder.model_fields.get(part) if holder is not None else None
            place = _Place((*place.loc, part), holder, field.annotation if field is not None else None)
    return place


def _models(annotation: Any) -> list[type[BaseModel]]:
    bare = _bare(annotation)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return [bare]
    if get_origin(bare) in (Union, UnionType):
        return [model for member in get_args(bare) for model in _models(member)]
    return []


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _tags(model: type[BaseModel]) -> set[object]:
    return {value for field in model.model_fields.values() for value in get_args(field.annotation)}


def _tag_name(context: dict[str, Any]) -> str:
    return str(context["discriminator"]).strip("'")


def _unknown_field(model: type[BaseModel] | None, loc: Loc, injected: Collection[str]) -> str:
    field = str(loc[-1])
    fields = model.model_fields if model is not None else ()
    allowed = [name for name in fields if len(loc) > 1 or name not in injected]
    known = model.known_elsewhere(field) if model is not None and issubclass(model, ConfigModel) else None
    listed = ", ".join(allowed) or "none"
    return f"unknown field{f': {known}' if known else ''}; allowed: {listed}{'' if known else nearest(field, allowed)}"


def _one_of(expected: list[str]) -> str:
    quoted = [f"'{each}'" for each in expected]
    return f"input should be {' or '.join(filter(None, (', '.join(quoted[:-1]), quoted[-1])))}"


def _shown(given: object) -> str:
    return json.dumps(given, default=str, ensure_ascii=False)


def _plain(given: object) -> str:
    return given if isinstance(given, str) else json.dumps(given, default=str)
