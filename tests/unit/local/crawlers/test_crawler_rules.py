"""The table of rules is held by tests: none without one, none that is not in the table."""

from __future__ import annotations

import ast
from pathlib import Path

from local.glue.crawlers.rules import RULES


def names_in_marks(source: str) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    marks = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "rule"]
    return {ast.literal_eval(argument) for call in marks for argument in call.args}


def held() -> set[str]:
    return {name for path in Path(__file__).parent.glob("test_*.py") for name in names_in_marks(path.read_text())}


def test_every_rule_of_the_table_is_held_by_a_test() -> None:
    assert {rule.name for rule in RULES} - held() == set()


def test_no_test_claims_a_rule_that_the_table_has_not() -> None:
    assert held() - {rule.name for rule in RULES} == set()


def test_no_rule_stands_twice_in_the_table() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
