"""Row rules that are refused when the dataset is read: each with its line, what is wrong, and what is allowed."""

from pathlib import Path

import pytest

from lake.dataset import load_dataset
from lake.errors import ConfigError

FILE = """\
name: trips
source: {{prefix: raw/trips/, format: json}}
columns:
  - {{name: id, type: bigint}}
  - {{name: at, type: timestamp}}
  - {{name: city, type: string}}
  - {{name: ok, type: boolean}}
  - {{name: tags, type: array<string>}}
row_rules: |
  Rules = [
    IsComplete "id",
    {}
  ]
"""
LINE = 12
TYPES = "allowed in row_rules: IsComplete, ColumnValues, ColumnLength, ColumnDataType"
DATA_TYPES = "allowed: Boolean, Date, Timestamp, Integer, Double, Float, Long, Decimal(p,s)"
TEXTS = 'allowed: texts in quotes, NULL, EMPTY, WHITESPACES_ONLY, matches "regular expression"'

MISTAKES = [
    ('IsComplet "id"', f"'IsComplet' is no rule type; {TYPES}; did you mean 'IsComplete'?"),
    ('columnvalues "id" > 0', f"'columnvalues' is no rule type; {TYPES}; did you mean 'ColumnValues'?"),
    ('Completeness "id" > 0.9',
     f"Completeness is about all rows together; {TYPES}; it may stand in table_rules; did you mean 'IsComplete'?"),
    ("RowCount > 0", f"RowCount is about all rows together; {TYPES}; it may stand in table_rules"),
    ('IsUnique "id"', f"IsUnique compares rows, and each is seen alone, once; {TYPES}; or use key, or table_rules"),
    ('IsPrimaryKey "id" "at"',
     f"IsPrimaryKey compares rows, and each is seen alone, once; {TYPES}; or use key, or table_rules"),
    ('ReferentialIntegrity "id" "r.id" = 1.0',
     f"ReferentialIntegrity compares with another table, and a run has one; {TYPES}"),
    ('IsComplete "cty"', "IsComplete: no column 'cty'; declared: id, at, city, ok, tags; did you mean 'city'?"),
    ("IsComplete", 'IsComplete names no column; allowed: IsComplete "column"'),
    ('IsComplete "id" "at"', "IsComplete is about one column; 'at' is a second: allowed is a rule each"),
    ('IsComplete "id"', "'IsComplete \"id\"' is given twice; allowed is once"),
    ('IsComplete "id" = 5', 'IsComplete: it has no condition; allowed: IsComplete "column"'),
    ('IsComplete "id" and IsComplete "at"',
     "'and' before 'IsComplete' would join columns; allowed: (RULE) and (RULE), (RULE) or (RULE)"),
    ('ColumnValues "id"', "ColumnValues: it says not what must hold; allowed: a condition after it, such as > 0"),
    ('ColumnValues "id" > 0 with threshold > 0.9',
     "a threshold is a share of many rows; allowed in row_rules: none"),
    ('ColumnValues "id" = "5"', "ColumnValues: 'id' is of type bigint; allowed: numbers, NULL"),
    ('ColumnValues "city" > 5', f"ColumnValues: 'city' is of type string; {TEXTS}"),
    ('ColumnValues "city" = "2024-01-31"',
     f"ColumnValues: 'city' is of type string, and in DQDL that is a date; {TEXTS}"),
    ('ColumnValues "at" > 5', "ColumnValues: 'at' is of type timestamp; allowed: dates such as \"2024-01-31\", NULL"),
    ('ColumnValues "ok" = "true"',
     "ColumnValues: 'ok' is of type boolean; allowed: = NULL, != NULL; what else holds of it may stand in where \"…\""),
    ('ColumnValues "tags" in ["a"]',
     "ColumnValues: 'tags' is of type array<string>; allowed: = NULL, != NULL; what else holds of it may stand in "
     'where "…"'),
    ('ColumnValues "at" > (now() - 3 days)',
     "ColumnValues: (now() - 3 days) gives other rows another day, of the same bytes; allowed: a date such as "
     '"2024-01-31"'),
    ('ColumnValues "at" > now() - 3 days', "'-' stands where a rule is over; allowed: Rules = [ RULE, … ]"),
    ('ColumnValues "at" > "2024-02-31"',
     'ColumnValues: "2024-02-31" is no date; allowed: a day of the calendar such as "2024-01-31"'),
    ('ColumnValues "at" > "09:30"',
     'ColumnValues: "09:30" is a time of an unknown day; allowed: a date such as "2024-01-31"'),
    ('ColumnValues "id" > 2 + 3', "ColumnValues: '2 + 3' is to be calculated; allowed: a number"),
    ('ColumnValues "id" > avg(last(3))', "ColumnValues: 'avg(last(3))' is to be calculated; allowed: a number"),
    ('ColumnValues "id" > NULL', "ColumnValues: '>' does not compare with NULL; allowed: = != in"),
    ('ColumnValues "id" between 1 5', "'5' stands where a condition goes on; allowed: between A and B"),
    ('ColumnValues "id" in []',
     "']' stands where a condition goes on; allowed: a number, a text or a date in quotes, NULL, EMPTY, "
     "WHITESPACES_ONLY"),
    ('ColumnValues "id" in [1, "a"]',
     "'in' mixes values of several kinds; allowed: all numbers, all texts, all dates"),
    ('ColumnValues "city" in [$cities]', "ColumnValues: '$cities' is a variable; allowed: its values, written out"),
    ('ColumnValues "id" > 5 days', "ColumnValues: '5 days' has a unit; allowed: a number"),
    ('ColumnValues "city" > "a"', "'>' does not compare texts; allowed of them: = != in matches"),
    ('ColumnValues "city" = "it\'s."',
     'ColumnValues: deequ loses the \' of "it\'s."; allowed: matches "it\'s\\."'),
    ('ColumnValues "city" = "a\\b"',
     'ColumnValues: deequ reads the \\ of "a\\b" in several ways; allowed: matches "…", where \\\\ is one \\'),
    ('ColumnValues "city" matches "(a"',
     'ColumnValues: "(a" is no regular expression: missing ), unterminated subpattern at 0; allowed: one of Java'),
    ('ColumnValues "city" matches a',
     "'a' stands where a condition goes on; allowed: matches \"regular expression\""),
    ('ColumnLength "id" > 5', "ColumnLength: 'id' is of type bigint; allowed is a column of type string"),
    ('ColumnLength "city" = EMPTY', "ColumnLength: a length is compared with something else; allowed: numbers"),
    ('ColumnLength "city" not in [0, 1]',
     "ColumnLength: with 0, deequ takes 'not in' to hold of every text; allowed: other numbers, and > 0"),
    ('ColumnDataType "id" = "Integer"', "ColumnDataType: 'id' is of type bigint; allowed is a column of type string"),
    ('ColumnDataType "city" = "Int"',
     f"ColumnDataType: 'Int' is no data type; {DATA_TYPES}; did you mean 'Integer'?"),
    ('ColumnDataType "city" in ["Integer"]',
     'ColumnDataType: a type is compared in another way; allowed: = "TYPE", != "TYPE"'),
    ('ColumnDataType "city" = "Date" with format = "d/M/yyyy"',
     "ColumnDataType: 'd/M/yyyy' is no format; allowed: dd-MM-yyyy, MM-dd-yyyy, yyyy-MM-dd, dd/MM/yyyy, MM/dd/yyyy, "
     "yyyy/MM/dd, MM-yyyy, MM/yyyy, yyyy-MM, yyyy/MM, dd-MM, dd/MM, MM-dd, MM/dd; did you mean 'dd/MM/yyyy'?"),
    ('ColumnDataType "city" = "Long" with format = "dd/MM"',
     "ColumnDataType: Long has no format; allowed: with format, of Date"),
    ('IsComplete "at" with format = "dd/MM"',
     "IsComplete has no 'format'; allowed: with format, of ColumnDataType"),
    ('ColumnValues "id" > 0 where ""',
     "'where' is followed by no condition; allowed: where \"column > 0\", a condition in SQL"),
    ('ColumnValues "id" > 0 where "rand() > 0.5"',
     "where: rand gives other rows another time, of the same bytes; allowed: what follows from the row alone"),
    ('ColumnValues "id" > 0 where "at < current_date"',
     "where: current_date gives other rows another time, of the same bytes; allowed: what follows from the row alone"),
    ('ColumnValues "id" > 0 where "city = \\"x\\""',
     'where: a " stands in it; allowed around a text: single quotes'),
    ('ColumnValues "id" > 0 where "city = \'x"',
     "where: a single quote is not closed; allowed: a condition in Spark's SQL"),
    ('ColumnValues "id" > 0 where "(ok"',
     "where: a bracket is not closed, or closes nothing; allowed: a condition in Spark's SQL"),
    ('ColumnValues "id" > 0 where "`cty` = \'x\'"',
     "where: no column 'cty'; declared: id, at, city, ok, tags; did you mean 'city'?"),
    ('ColumnValues "id" > 0 where "id in (select 1)"',
     "where: it is more than a condition; allowed: one on the row's columns, in Spark's SQL"),
    (f"ColumnValues \"id\" < 1{'0' * 400}", "ColumnValues: a number is too large; allowed: up to 1.7e308"),
    (" and ".join(f'(ColumnValues "id" != {each})' for each in range(7)),
     "rules are joined more than 5 deep; allowed: fewer in one, or several"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "message"), MISTAKES)
def test_a_wrong_row_rule_is_named_with_its_line_and_what_is_allowed(tmp_path: Path, rule: str, message: str) -> None:
    path = tmp_path / "trips.yaml"
    path.write_text(FILE.format(rule), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_dataset("trips", tmp_path)
    assert str(caught.value) == f"{path}:{LINE}: row_rules: {message}"


def test_every_wrong_row_rule_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "trips.yaml"
    path.write_text(FILE.format('IsComplete "di",\n\n    RowCount > 0, (IsComplete "a") or\n    (IsUnique "id")'))
    with pytest.raises(ConfigError) as caught:
        load_dataset("trips", tmp_path)
    told = [line.split("; ")[0] for line in str(caught.value).splitlines()]
    assert told == [
        f"{path}:12: row_rules: IsComplete: no column 'di'",
        f"{path}:14: row_rules: RowCount is about all rows together",
        f"{path}:14: row_rules: IsComplete: no column 'a'",
        f"{path}:15: row_rules: IsUnique compares rows, and each is seen alone, once",
    ]


GOOD = [
    'ColumnValues "id" between -1.5 and 10',
    'ColumnValues "city" not in ["a", NULL, EMPTY, WHITESPACES_ONLY, "say \\"x\\""]',
    'ColumnValues "city" not matches "\\d{2}[a-z&&[^b]]\\p{L}*+"',
    'ColumnValues "at" in ["2024-02-29", null]',
    'ColumnValues "tags" != NULL',
    '((ColumnValues "id" > 0) and (IsComplete "ok")) or (ColumnLength "city" not between 1 and 3)',
    'ColumnDataType city = "decimal(10, 2)" where "city is not null and city != \'rand()\'"',
    'ColumnDataType "city" = "Date" with format = "MM/yyyy"',
]


@pytest.mark.parametrize("rule", GOOD)
def test_row_rules_of_every_form_are_taken(tmp_path: Path, rule: str) -> None:
    path = tmp_path / "trips.yaml"
    path.write_text(FILE.format(rule), encoding="utf-8")
    assert load_dataset("trips", tmp_path).row_rules == f'Rules = [\n  IsComplete "id",\n  {rule}\n]\n'


def test_row_rules_over_columns_that_only_the_crawler_knows_are_checked_by_their_form(tmp_path: Path) -> None:
    text = FILE.format('ColumnValues "anything" > 5')
    start, end = text.index("columns:"), text.index("row_rules:")
    (tmp_path / "trips.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    assert load_dataset("trips", tmp_path).row_rules is not None
