import pytest

from lake.dqdl.parser import parse
from lake.dqdl.rule_types import COLUMNS_OF, NOT_HERE
from lake.dqdl.table_rules import problems_in
from lake.dqdl.tree import Condition, Item, Joined, Rule, Value

COLUMNS = ("id", "city", "amount")

GOOD = [
    'Rules = [ IsComplete "id" ]',
    'Rules=[RowCount between 1 and 10,\n  Completeness "city" >= 0.9 # most\n]',
    'Rules = [ (IsComplete "id") and (IsUnique "id"), ((Sum "amount" > 0) or (RowCount = 0)) ]',
    'Rules = [ ColumnValues "city" in [ "a", "b\\"c", null ], ColumnLength "city" <= 20 ]',
    'Rules = [ ColumnValues "amount" >= -1.5 where "city = \'x\'" ]',
    'Rules = [ ColumnValues "city" not matches "[a-z]+" with threshold > 0.9 ]',
    'Rules = [ IsPrimaryKey "id" "city", ColumnCorrelation "id" "amount" > 0.5 ]',
    'Rules = [ CustomSql "select count(*) from primary" > 0, ColumnDataType "id" = "Integer" ]',
    'Rules = [ DataFreshness "amount" <= 24 hours, ColumnExists "absent", ColumnCount = 3 ]',
]


@pytest.mark.parametrize("text", GOOD)
def test_rules_of_the_guide_are_rules(text: str) -> None:
    assert [str(problem) for problem in problems_in(text, COLUMNS)] == []


def test_a_ruleset_is_parsed_to_its_rules_with_their_lines_and_text() -> None:
    text = (
        'Rules = [\n  RowCount > 0, # a\n  (IsUnique id) and\n  (ColumnCorrelation "id" "b" not between -1 and 0.5) ]'
    )
    between = Condition("not between", (Value("number", "-1", 3), Value("number", "0.5", 3)))
    correlation = Rule("ColumnCorrelation", 3, ("id", "b"), between)
    assert parse(text) == (
        Item("RowCount > 0", 1, Rule("RowCount", 1, (), Condition(">", (Value("number", "0", 1),)))),
        Item(
            '(IsUnique id) and (ColumnCorrelation "id" "b" not between -1 and 0.5)',
            2,
            Joined("and", Rule("IsUnique", 2, ("id",)), correlation),
        ),
    )


def test_every_unknown_column_and_type_is_told_with_its_line() -> None:
    text = 'Rules = [\n  IsPrimaryKey "id" "town",\n  IsCompleet "id",\n  Sum "amuont" > 0\n]'
    found = [(problem.line, str(problem).split(";")[0]) for problem in problems_in(text, COLUMNS)]
    assert found == [
        (1, "IsPrimaryKey: no column 'town'"),
        (2, "'IsCompleet' is no rule type"),
        (3, "Sum: no column 'amuont'"),
    ]


@pytest.mark.parametrize("kind", sorted(NOT_HERE))
def test_rules_about_more_than_one_tables_rows_are_refused(kind: str) -> None:
    (problem,) = problems_in(f'Rules = [ {kind} "id" > 0.5 ]', COLUMNS)
    assert str(problem) == f"{kind} {NOT_HERE[kind]}; allowed are rules over this table's rows"


def test_every_rule_type_that_is_refused_is_a_rule_type() -> None:
    assert set(NOT_HERE) <= set(COLUMNS_OF)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rules",
        "Rules = ",
        "Rules = [",
        "Rules = [ ]",
        "Rules = ]RowCount > 0[",
        "Rules = [ RowCount > 0 ] ]",
        "Rules = [ , ]",
        "Rules = [ () ]",
        "Rules = [ (RowCount > 0) and ]",
        "Rules = [ (RowCount > 0) (RowCount > 1) ]",
        "Rules = [ and (RowCount > 0) ]",
        "Rules = [ > 0 ]",
        "Rules = [ RowCount > 0 ] Analyzers = [ RowCount ]",
        "Rules = [ RowCount > 0; RowCount < 9 ]",
        "Rules = [ RowCount > 0 RowCount < 9 ]",
    ],
)
def test_text_that_is_no_ruleset_is_one_problem(text: str) -> None:
    (problem,) = problems_in(text, COLUMNS)
    assert "; allowed: " in str(problem)
