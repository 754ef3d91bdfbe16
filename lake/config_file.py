"""One YAML file of the configuration: its data, and the line that each field stands on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import ValidationError

from lake.config_model import ConfigModel, FieldProblem, Loc, dotted, problems_of
from lake.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent

ModelT = TypeVar("ModelT", bound=ConfigModel)

# Plain keys that YAML 1.1 takes for something else than text: `on` is true, `1` a number. A field's name is text.
_PLAIN_KEYS: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("bool", "int", "float", "null", "timestamp"))
_TEXT: Final = "tag:yaml.org,2002:str"
_KINDS: Final[dict[type[yaml.Node], str]] = {yaml.SequenceNode: "a list", yaml.ScalarNode: "a single value"}


class ConfigFile:
    """A YAML mapping on disk. Raises ConfigError, with the line, where it cannot be read or is no mapping."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._twice: list[tuple[int, str]] = []
        try:
            loader = yaml.SafeLoader(self._text())
            node = loader.get_single_node()
            if not isinstance(node, yaml.MappingNode):
                found = "it is empty" if node is None else f"it is {_KINDS[type(node)]}"
                raise ConfigError(f"{self.shown}:1: must be a YAML mapping of fields; {found}")
            self._root = node
            self._check_keys(node, ())
            self.data: dict[str, Any] = loader.construct_document(node)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            problem = str(error.problem or error.context or "it cannot be parsed").replace("\n", " ")
            hint = "; allowed are blanks: YAML indents with no tabs" if "'\\t'" in problem else ""
            raise ConfigError(f"{self.shown}:{line}: is not YAML: {problem}{hint}") from error

    @property
    def shown(self) -> str:
        """The path as messages print it: relative to the repository where it lies in it."""
        return str(self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path)

    def line(self, loc: Loc, lines: int = 0) -> int:
        """Return the 1-based line of the field at `loc`, or of the nearest mapping around it that is there.

        `lines` below the first of a field's text, where it is written as a block.
        """
        node: yaml.Node = self._root
        line = node.start_mark.line
        for part in loc:
            if isinstance(node, yaml.MappingNode):
                # Of a field that is given twice, the last one counts.
                found = next(((k, v) for k, v in reversed(node.value) if k.value == part), None)
                if found is None:
                    break
                key, node = found
                line = key.start_mark.line
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line
            else:
                break
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            line = node.start_mark.line + 1 + lines
        return int(line) + 1

    def problem(self, loc: Loc, message: str) -> str:
        """Return one line of an error: file, line, field, what is wrong."""
        return self._at(self.line(loc), loc, message)

    def parse(self, model: type[ModelT], *, context: Mapping[str, object] | None = None, **injected: object) -> ModelT:
        """Return the file as a `model`; a ConfigError tells all that is wrong in it at once, a line each.

        `injected` fields come from elsewhere (a file's name): the file must not give them. `context` is handed to the
        model's validators.
        """
        problems = list(self._twice)
        for field in injected.keys() & self.data.keys():
            problems.append((self.line((field,)), self.problem((field,), "is not given here; it is the file's name")))
        text = json.dumps({**self.data, **injected}, default=str)
        try:
            parsed = model.model_validate_json(text, strict=True, context=dict(context or {}))
        except ValidationError as error:
            found = [problem for details in error.errors() for problem in problems_of(model, details, injected)]
            problems += [self._shown_problem(each, injected) for each in found]
            raise ConfigError(_one_a_line(problems)) from error
        if problems:
            raise ConfigError(_one_a_line(problems))
        return parsed

    def _shown_problem(self, problem: FieldProblem, injected: Mapping[str, object]) -> tuple[int, str]:
        if problem.loc and problem.loc[0] in injected:
            return 1, self._at(1, problem.loc, f"the file's name is none for it: {problem.message}")
        line = self.line(problem.loc, problem.lines)
        return line, self._at(line, problem.loc, problem.message)

    def _at(self, line: int, loc: Loc, message: str) -> str:
        field = f"{dotted(loc)}: " if loc else ""
        return f"{self.shown}:{line}: {field}{message}"

    def _text(self) -> str:
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise ConfigError(f"{self.shown}: cannot be read: {error.strerror or error}") from error
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            byte = content[error.start]
            message = f"is not UTF-8: it has the byte 0x{byte:02x}; allowed is a file saved as UTF-8"
            raise ConfigError(f"{self.shown}:{line}: {message}") from error
        try:
            yaml.reader.Reader(text)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            message = f"is not YAML: it has the control character U+{ord(text[error.position]):04X}"
            raise ConfigError(f"{self.shown}:{line}: {message}") from error
        return text

    def _check_keys(self, node: yaml.Node, loc: Loc, around: tuple[yaml.Node, ...] = ()) -> None:
        """Note the keys that a mapping has twice, and have every key as text. Raises ConfigError for other keys."""
        line = node.start_mark.line + 1
        if any(node is each for each in around):
            raise ConfigError(self._at(line, loc, "is an alias of what it stands in; allowed is plain data"))
        around = (*around, node)
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                line = key.start_mark.line + 1
                if not isinstance(key, yaml.ScalarNode):
                    raise ConfigError(self._at(line, loc, "has a field whose name is no text"))
                if key.tag in _PLAIN_KEYS:
                    key.tag = _TEXT
                field = (*loc, key.value)
                if key.value in seen:
                    self._twice.append((line, self._at(line, field, "is given twice; allowed is once")))
                seen.add(key.value)
                self._check_keys(value, field, around)
        elif isinstance(node, yaml.SequenceNode):
            for position, item in enumerate(node.value):
                self._check_keys(item, (*loc, position), around)


def _one_a_line(problems: list[tuple[int, str]]) -> str:
    """Return the problems in the order of their lines, none twice."""
    return "\n".join(dict.fromkeys(text for _, text in sorted(problems, key=lambda problem: problem[0])))


def config_names(folder: Path) -> list[str]:
    """Return the names of a folder's YAML files, sorted: file `flights.yaml` is `flights`.

    Raises ConfigError for a file that would be overlooked, because it ends in .yml.
    """
    overlooked = sorted(folder.glob("*.yml"))
    if overlooked:
        shown = [path.relative_to(ROOT) if path.is_relative_to(ROOT) else path for path in overlooked]
        raise ConfigError("\n".join(f"{path}: must end in .yaml; did you mean '{path.stem}.yaml'?" for path in shown))
    return sorted(path.stem for path in folder.glob("*.yaml"))
