"""Which of local Glue's errors can leave a function, as far as its source shows it.

Calls are followed where what is called can be told from the source and the object: functions of `local`, methods of
`self` and of what `self` holds. What is caught on the way does not leave. A callback is not seen.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import FunctionType, MethodType
from typing import Any

from local.glue.errors import GlueError

Errors = set[type[GlueError]]
NOTHING = object()


def raised_by(action: Any) -> Errors:
    """The errors that can leave `action`, a function or a bound method, decorated or not."""
    return _Reader().of(inspect.unwrap(action))


@dataclass
class _Reader:
    """Reads each function once, so that recursion ends."""

    seen: set[tuple[int, int]] = field(default_factory=set)

    def of(self, function: Any) -> Errors:
        owner, plain = (function.__self__, function.__func__) if isinstance(function, MethodType) else (None, function)
        if not isinstance(plain, FunctionType) or not plain.__module__.startswith("local."):
            return set()
        key = (id(plain), id(owner))
        if key in self.seen:
            return set()
        self.seen.add(key)
        [definition] = ast.parse(textwrap.dedent(inspect.getsource(plain))).body
        assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
        names = {**plain.__globals__, **({definition.args.args[0].arg: owner} if owner is not None else {})}
        return self._all(definition.body, names)

    def _all(self, nodes: Iterable[ast.AST], names: dict[str, Any]) -> Errors:
        return {error for node in nodes for error in self._in(node, names)}

    def _in(self, node: ast.AST, names: dict[str, Any]) -> Errors:
        if isinstance(node, ast.Try):
            kept = self._all(node.body, names)
            caught = [_value(handler.type, names) for handler in node.handlers if handler.type is not None]
            kept = {error for error in kept if not any(_catches(one, error) for one in caught)}
            return kept | self._all([*node.handlers, *node.orelse, *node.finalbody], names)
        if isinstance(node, ast.With):
            suppressed = [argument for item in node.items for argument in _suppressed(item.context_expr)]
            caught = [_value(one, names) for one in suppressed]
            found = self._all([*node.items, *node.body], names)
            return {error for error in found if not any(_catches(one, error) for one in caught)}
        found = self._all(ast.iter_child_nodes(node), names)
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = _value(node.exc.func if isinstance(node.exc, ast.Call) else node.exc, names)
            if isinstance(raised, type) and issubclass(raised, GlueError):
                found.add(raised)
        if isinstance(node, ast.Call):
            found |= self.of(_value(node.func, names))
        return found


def _suppressed(context: ast.expr) -> list[ast.expr]:
    if isinstance(context, ast.Call) and isinstance(context.func, ast.Name) and context.func.id == "suppress":
        return context.args
    return []


def _catches(caught: Any, error: type[GlueError]) -> bool:
    kinds = caught if isinstance(caught, tuple) else (caught,)
    return any(isinstance(kind, type) and issubclass(error, kind) for kind in kinds)


def _value(node: ast.expr, names: dict[str, Any]) -> Any:
    """What a name, or attributes of one, is; NOTHING where the source alone does not tell."""
    if isinstance(node, ast.Name):
        return names.get(node.id, NOTHING)
    if isinstance(node, ast.Tuple):
        return tuple(_value(one, names) for one in node.elts)
    if isinstance(node, ast.Attribute):
        return getattr(_value(node.value, names), node.attr, NOTHING)
    return NOTHING
