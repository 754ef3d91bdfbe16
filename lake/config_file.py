"""One YAML file of the configuration: its data, and the line that each field stands on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from lake.errors import ConfigError, nearest

ROOT = Path(__file__).resolve().parent.parent

Loc = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound="ConfigModel")


class ConfigModel(BaseModel):
    """Base of all configuration: frozen, an unknown field is an error, no value is coerced."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FieldError(ValueError):
    """Raised by a validator that looks at more than one field: names the field that is to be changed."""

    def __init__(self, loc: Loc, message: str) -> None:
        super().__init__(message)
        self.loc = loc


class ConfigFile:
    """A YAML mapping on disk. Raises ConfigError, with the line, where it cannot be read or is no mapping."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
            node = loader.get_single_node()
            if not isinstance(node, yaml.MappingNode):
                raise ConfigError(f"{self.shown}: must be a YAML mapping of fields")
            self._root = node
            self._refuse_duplicates(node)
            self.data: dict[str, Any] = loader.construct_document(node)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = f":{mark.line + 1}" if mark else ""
            raise ConfigError(f"{self.shown}{line}: is not YAML: {error.problem or error}") from error
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ConfigError(f"{self.shown}: cannot be read: {error}") from error

    @property
    def shown(self) -> str:
        """The path as messages print it: relative to the repository where it lies in it."""
        return str(self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path)

    def line(self, loc: Loc) -> int:
        """Return the 1-based line of the field at `loc`, or of the nearest mapping around it that is there."""
        node: yaml.Node = self._root
        line = node.start_mark.line
        for part in loc:
            if isinstance(node, yaml.MappingNode):
                found = next(((k, v) for k, v in node.value if k.value == part), None)
                if found is None:
                    break
                key, node = found
                line = key.start_mark.line
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line
            else:
                break
        return int(line) + 1

    def problem(self, loc: Loc, message: str) -> str:
        """Return one line of an error: file, line, field, what is wrong."""
        field = f"{dotted(loc)}: " if loc else ""
        return f"{self.shown}:{self.line(loc)}: {field}{message}"

    def parse(self, model: type[ModelT], **injected: object) -> ModelT:
        """Return the file as a `model`; a ConfigError tells all that is wrong in it at once, a line each.

        `injected` fields come from elsewhere (a file's name): the file must not give them.
        """
        for field in injected.keys() & self.data.keys():
            raise ConfigError(self.problem((field,), "is not given here; it is the file's name"))
        text = json.dumps({**self.data, **injected}, default=str)
        try:
            return model.model_validate_json(text, strict=True)
        except ValidationError as error:
            problems = [self._problem(model, details) for details in error.errors()]
            raise ConfigError("\n".join(problems)) from error

    def _problem(self, model: type[BaseModel], details: ErrorDetails) -> str:
        loc: Loc = details["loc"]
        message = details["msg"]
        match details["type"]:
            case "extra_forbidden":
                allowed = allowed_fields(model, loc[:-1])
                message = f"unknown field; allowed: {', '.join(allowed)}{nearest(str(loc[-1]), allowed)}"
            case "missing":
                message = "is missing"
            case "value_error":
                cause = details.get("ctx", {}).get("error")
                loc += cause.loc if isinstance(cause, FieldError) else ()
                message = str(cause)
            case _:
                message = f"{message[:1].lower()}{message[1:]}, not {json.dumps(details['input'], default=str)}"
        return self.problem(loc, message)

    def _refuse_duplicates(self, node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    raise ConfigError(f"{self.shown}:{key.start_mark.line + 1}: {key.value}: is given twice")
                seen.add(key.value)
                self._refuse_duplicates(value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                self._refuse_duplicates(item)


def dotted(loc: Loc) -> str:
    """Return a field's place as text: ('columns', 2, 'type') is columns[2].type."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".")


def allowed_fields(model: type[BaseModel], loc: Loc) -> list[str]:
    """Return the fields that the model at `loc` inside `model` has, in their order."""
    for part in loc:
        if isinstance(part, str):
            model = _model_in(model.model_fields[part].annotation)
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner: Iterable[Any] = getattr(annotation, "__args__", ())
    return next(_model_in(arg) for arg in inner if arg is not Ellipsis)


def config_names(folder: Path) -> list[str]:
    """Return the names of a folder's YAML files, sorted: file `flights.yaml` is `flights`."""
    return sorted(path.stem for path in folder.glob("*.yaml"))
