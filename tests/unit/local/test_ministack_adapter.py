import pytest

from local.ministack_adapter import RELIED_ON, resolve


@pytest.mark.parametrize("name", RELIED_ON)
def test_ministack_still_has_every_name_that_the_adapter_relies_on(name: str) -> None:
    assert resolve(name) is not None


def test_the_adapter_reaches_ministack_by_those_names_only() -> None:
    import ast
    from pathlib import Path

    import local.ministack_adapter as adapter

    source = Path(adapter.__file__).read_text()
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    named = {text for text in texts if isinstance(text, str) and text.startswith("ministack.")}
    modules = {name.partition(":")[0] for name in RELIED_ON}
    assert named <= set(RELIED_ON) | modules


def test_nothing_else_in_local_imports_ministack() -> None:
    from pathlib import Path

    folder = Path(__file__).parents[3] / "local"
    users = [path.name for path in folder.rglob("*.py") if "import ministack\n" in path.read_text()]
    users += [path.name for path in folder.rglob("*.py") if "from ministack" in path.read_text()]
    assert users == []
