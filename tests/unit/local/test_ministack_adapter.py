import ast
from importlib import import_module
from pathlib import Path
from unittest.mock import Mock

import pytest

import local.ministack_adapter as adapter
from local import ministack_events
from local.ministack_adapter import RELIED_ON, resolve

LOCAL = Path(adapter.__file__).parent


@pytest.mark.parametrize("name", RELIED_ON)
def test_ministack_still_has_every_name_that_the_adapter_relies_on(name: str) -> None:
    assert resolve(name) is not None


def test_a_name_that_ministack_moved_is_told() -> None:
    with pytest.raises(AttributeError, match="_moved"):
        resolve("ministack.services.glue:_moved")


@pytest.mark.parametrize("module", ["ministack_adapter", "ministack_events"])
def test_the_adapter_reaches_ministack_by_those_names_only(module: str) -> None:
    tree = ast.parse((LOCAL / f"{module}.py").read_text())
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    named = {text for text in texts if isinstance(text, str) and text.startswith("ministack.")}
    modules = {name.partition(":")[0] for name in RELIED_ON}
    assert named <= set(RELIED_ON) | modules


def test_nothing_in_local_imports_ministack() -> None:
    users = [
        path.name
        for path in LOCAL.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ministack."))
        or (isinstance(node, ast.Import) and any(one.name.split(".")[0] == "ministack" for one in node.names))
    ]
    assert users == []


def test_ministacks_own_timer_of_schedules_stays_off(monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler = import_module("ministack.services.scheduler")
    for name in ("start_scheduler", "_create_schedule", "_update_schedule"):
        monkeypatch.setattr(scheduler, name, getattr(scheduler, name))  # put back after the test
    monkeypatch.setattr(ministack_events, "install_types", lambda handlers: None)

    ministack_events.install_schedules(Mock())
    scheduler.start_scheduler()

    assert scheduler._ticker_thread is None
