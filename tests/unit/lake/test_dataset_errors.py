from pathlib import Path

import pytest

from lake.dataset import load_dataset
from lake.errors import ConfigError
from lake.starting import ALLOWED_SCHEDULES

GOOD = """\
name: trips
description: Trips
source:
  prefix: raw/trips/
  format: csv
  options: {header: true}
columns:
  - {name: id, type: bigint, required: true}
  - {name: at, type: timestamp}
  - {name: city, type: string}
key: [id]
order_by: [at]
partition_by:
  - month(at)
  - bucket(16, city)
table_rules: |
  Rules = [
    RowCount > 0,
    IsComplete "id"
  ]
workers: {type: G.1X, count: 2}
timeout_minutes: 30
"""

# What is written in place of what, and the whole message: line, field, what is wrong, what is allowed.
MISTAKES = [
    ('key: [id]', 'keys: [id]',
     '11: keys: unknown field; allowed: name, description, source, columns, key, order_by, '
     "partition_by, drift, row_rules, table_rules, max_quarantined, schedule, schedule_timezone, on_arrival, max_age, "
     "workers, timeout_minutes; did you mean 'key'?"),
    ('header: true', 'headers: true',
     '6: source.options.headers: unknown field; allowed: header, delimiter, quote, escape, nullValue, '
     "encoding, multiLine; did you mean 'header'?"),
    ('{name: at, type: timestamp}', '{name: at}',
     '9: columns[1].type: is missing'),
    ('type: timestamp', 'type: timestmp',
     "9: columns[1].type: 'timestmp' is no type of Spark SQL; allowed: string, int, bigint, float, "
     'double, boolean, date, timestamp, decimal(p,s), array<type>, struct<name:type,…>; did you mean '
     "'timestamp'?"),
    ('type: string', "type: 'decimal(39,2)'",
     "10: columns[2].type: 'decimal(39,2)': allowed are a precision from 1 to 38, and a scale up to it"),
    ('type: string', 'type: array<string>',
     "10: columns[2].type: 'array<string>': a value of csv has no parts; allowed are types without < >"),
    ('type: string', 'type: array<strng>',
     "10: columns[2].type: 'strng' is no type of Spark SQL; allowed: string, int, bigint, float, "
     'double, boolean, date, timestamp, decimal(p,s), array<type>, struct<name:type,…>; did you mean '
     "'string'?"),
    ('name: city', 'name: City',
     "10: columns[2].name: 'City' is no column name here; allowed: a to z, 0 to 9 and _, a letter "
     "first, at most 128; did you mean 'city'?"),
    ('name: city', "name: 'Home Town'",
     "10: columns[2].name: 'Home Town' is no column name here; allowed: a to z, 0 to 9 and _, a "
     "letter first, at most 128; did you mean 'home_town'?"),
    ('name: city', 'name: 2nd',
     "10: columns[2].name: '2nd' is no column name here; allowed: a to z, 0 to 9 and _, a letter "
     "first, at most 128; did you mean 'c_2nd'?"),
    ('name: city', 'name: no',
     "10: columns[2].name: input should be a valid string, not false; allowed is text: 'false' in "
     'quotes'),
    ('name: city', 'name: at',
     "10: columns[2].name: 'at' is given 2 times; allowed is once"),
    ('format: csv', 'format: xml',
     '5: source.format: input should be \'csv\', \'json\' or \'parquet\', not "xml"'),
    ('format: csv', 'format: jsn',
     '5: source.format: input should be \'csv\', \'json\' or \'parquet\', not "jsn"; did you mean \'json\'?'),
    ('  format: csv\n', '',
     '3: source.format: is missing'),
    ('format: csv', 'format: json',
     '6: source.options.header: unknown field: it is an option of csv; allowed: multiLine'),
    ('format: csv', 'format: parquet',
     '6: source.options.header: unknown field: it is an option of csv; allowed: none'),
    ('header: true', 'multiline: true',
     '6: source.options.multiline: unknown field; allowed: header, delimiter, quote, escape, '
     "nullValue, encoding, multiLine; did you mean 'multiLine'?"),
    ('header: true', 'quote: ","',
     "6: source.options.quote: ',' is the delimiter too; allowed is any other character"),
    ('header: true', 'delimiter: "¦"',
     "6: source.options.delimiter: '¦' is no character of ASCII; allowed is one of ASCII, as a Glue classifier takes"),
    ('header: true', "delimiter: ';;'",
     '6: source.options.delimiter: string should have at most 1 character, not ";;"'),
    ('header: true', 'encoding: UTF8',
     "6: source.options.encoding: input should be 'UTF-8', 'ISO-8859-1', 'US-ASCII' or "
     '\'windows-1252\', not "UTF8"; did you mean \'UTF-8\'?'),
    ('header: true', 'header: yes please',
     '6: source.options.header: input should be a valid boolean, not "yes please"'),
    ('{header: true}', '[header]',
     '6: source.options: must be a mapping of fields, not ["header"]; allowed: header, delimiter, '
     'quote, escape, nullValue, encoding, multiLine'),
    ('raw/trips/', 'raw/trip/',
     "4: source.prefix: 'raw/trip/' must end in the dataset's name: allowed is …/trips/"),
    ('raw/trips/', '/raw/trips/',
     "4: source.prefix: '/raw/trips/' is no prefix; allowed: folders of letters, digits and _ . = -, "
     "a / after each; did you mean 'raw/trips/'?"),
    ('raw/trips/', 'raw/my trips/',
     "4: source.prefix: 'raw/my trips/' is no prefix; allowed: folders of letters, digits and _ . = "
     "-, a / after each; did you mean 'raw/my_trips/'?"),
    ('key: [id]', 'key: [idd]',
     "11: key[0]: no column 'idd'; declared: id, at, city; did you mean 'id'?"),
    ('key: [id]', 'key: id',
     '11: key: must be a list, not "id"; allowed: [a, b]'),
    ('key: [id]', 'key: [id, id]',
     "11: key[1]: 'id' is given 2 times; allowed is once"),
    ('key: [id]', 'key: [idd, att, city]',
     "11: key[0]: no column 'idd'; declared: id, at, city; did you mean 'id'?\n"
     "11: key[1]: no column 'att'; declared: id, at, city; did you mean 'at'?"),
    ('order_by: [at]', 'order_by: [when]',
     "12: order_by[0]: no column 'when'; declared: id, at, city"),
    ('month(at)', 'month(town)',
     "14: partition_by[0]: no column 'town'; declared: id, at, city"),
    ('month(at)', 'month(city)',
     '14: partition_by[0]: month does not take a column of type string'),
    ('month(at)', 'months(at)',
     "14: partition_by[0]: 'months(at)' is no partition transform; allowed: year(c), month(c), "
     "day(c), hour(c), bucket(n, c), truncate(n, c), or a column itself; did you mean 'month'?"),
    ('bucket(16, city)', 'bucket(city)',
     "15: partition_by[1]: 'bucket(city)' is no partition transform; allowed: year(c), month(c), "
     'day(c), hour(c), bucket(n, c), truncate(n, c), or a column itself'),
    ('bucket(16, city)', 'week(at)',
     "15: partition_by[1]: 'week(at)' is no partition transform; allowed: year(c), month(c), day(c), "
     'hour(c), bucket(n, c), truncate(n, c), or a column itself'),
    ('count: 2', 'count: 1',
     '21: workers.count: input should be greater than or equal to 2, not 1'),
    ('count: 2', 'count: "2"',
     '21: workers.count: input should be a valid integer, not "2"'),
    ('type: G.1X', 'type: G.3X',
     "21: workers.type: input should be 'G.1X', 'G.2X', 'G.4X', 'G.8X', 'G.12X', 'G.16X', 'R.1X', "
     '\'R.2X\', \'R.4X\' or \'R.8X\', not "G.3X"; did you mean \'G.8X\'?'),
    ('workers: {type: G.1X, count: 2}', 'workers: 2',
     '21: workers: must be a mapping of fields, not 2; allowed: type, count'),
    ('minutes: 30', 'minutes: 0',
     '22: timeout_minutes: input should be greater than or equal to 1, not 0'),
    ('minutes: 30', 'minutes: 30\nmax_quarantined: 5',
     '23: max_quarantined: input should be less than or equal to 1, not 5'),
    ('minutes: 30', 'minutes: 30\nmax_quarantined: .nan',
     '23: max_quarantined: input should be a finite number, not NaN'),
    ('key: [id]', 'key: [id]\nkey: [at]',
     '12: key: is given twice; allowed is once'),
    ('header: true', 'header: true, header: false',
     '6: source.options.header: is given twice; allowed is once'),
    ('name: trips', 'name: journeys',
     "1: name: 'journeys' must be the file's name: allowed is trips"),
    ('name: trips\n', '',
     '1: name: is missing'),
    ('name: trips', 'name: Trips',
     "1: name: 'Trips' is no name of a dataset; allowed: a to z, 0 to 9 and _, a letter first, at "
     "most 40; did you mean 'trips'?"),
    ('name: trips', 'name: my-trips',
     "1: name: 'my-trips' is no name of a dataset; allowed: a to z, 0 to 9 and _, a letter first, at "
     "most 40; did you mean 'my_trips'?"),
    ('name: trips', 'name: [trips]',
     '1: name: input should be a valid string, not ["trips"]'),
    ('description: Trips', 'description: 5',
     "2: description: input should be a valid string, not 5; allowed is text: '5' in quotes"),
    ('description: Trips', 'description: "a\\x01b"',
     '2: description: has a control character, which Glue refuses; allowed is text on one or more '
     'lines'),
    ('Rules = [', 'Rule = [',
     '17: table_rules: must be rules in DQDL; allowed: Rules = [ RULE, … ]'),
    ('RowCount > 0,\n    IsComplete "id"', '',
     '17: table_rules: must be rules in DQDL; allowed: Rules = [ RULE, … ]'),
    ('RowCount > 0', 'RowCont > 0',
     "18: table_rules: 'RowCont' is no rule type; allowed: ColumnCorrelation, ColumnCount, "
     'ColumnDataType, ColumnExists, ColumnLength, ColumnNamesMatchPattern, ColumnValues, '
     'Completeness, CustomSql, DataFreshness, DistinctValuesCount, Entropy, IsComplete, IsPrimaryKey, '
     'IsUnique, Mean, RowCount, StandardDeviation, Sum, UniqueValueRatio, Uniqueness; did you mean '
     "'RowCount'?"),
    ('IsComplete "id"', 'IsComplete "idd"',
     "19: table_rules: IsComplete: no column 'idd'; declared: id, at, city; did you mean 'id'?"),
    ('IsComplete "id"', 'IsComplete',
     '19: table_rules: IsComplete names no column; allowed: IsComplete "column"'),
    ('RowCount > 0,', 'RowCount > 0',
     "19: table_rules: a comma is missing before 'IsComplete'; allowed: Rules = [ RULE, … ]"),
    ('RowCount > 0,', 'RowCount > 0,,',
     "18: table_rules: a rule is missing before ','; allowed: Rules = [ RULE, … ]"),
    ('RowCount > 0', 'RowCount',
     '18: table_rules: RowCount says not what must hold; allowed: a condition after it, such as > 0.5'),
    ('"id"', '"id',
     '19: table_rules: a quote that is not closed is no part of DQDL; allowed: Rules = [ RULE, … ]'),
    ('IsComplete "id"', '(IsComplete "id") xor (IsUnique "id")',
     "19: table_rules: 'xor' does not join rules; allowed: (RULE) and (RULE), (RULE) or (RULE)"),
    ('IsComplete "id"', '(IsComplete "id"',
     '20: table_rules: a bracket is not closed; allowed: Rules = [ RULE, … ]'),
    ('IsComplete "id"', 'ReferentialIntegrity "id" "r.id" = 1.0',
     '19: table_rules: ReferentialIntegrity compares with another table, and a run has one; allowed '
     "are rules over this table's rows"),
    ('IsComplete "id"', 'IsComplete "id", Rows; 5',
     "19: table_rules: ';' is no part of DQDL; allowed: Rules = [ RULE, … ]"),
    ('key: [id]', '? [a, b]\n: c\nkey: [id]',
     '11: has a field whose name is no text'),
    ('key: [id]', 'key: &k [*k]',
     '11: key[0]: is an alias of what it stands in; allowed is plain data'),
    ('key: [id]', 'key: [id',
     "12: is not YAML: expected ',' or ']', but got ':'"),
    ('key: [id]', '\tkey: [id]',
     "11: is not YAML: found character '\\t' that cannot start any token; allowed are blanks: YAML "
     'indents with no tabs'),
    ('key: [id]', 'on: [id]',
     '11: on: unknown field; allowed: name, description, source, columns, key, order_by, '
     'partition_by, drift, row_rules, table_rules, max_quarantined, schedule, schedule_timezone, on_arrival, max_age, '
     'workers, timeout_minutes'),
    ('key: [id]', 'key: *nope',
     "11: is not YAML: found undefined alias 'nope'"),
    ('key: [id]', 'key: [id]\n---\na: b',
     '12: is not YAML: but found another document'),
    ('key: [id]', 'key: !!python/object:os.system [id]',
     '11: is not YAML: could not determine a constructor for the tag '
     "'tag:yaml.org,2002:python/object:os.system'"),
    ('header: true', 'header: true\n  prefix: x',
     "7: is not YAML: expected ',' or '}', but got ':'"),
    ('timeout_minutes: 30', 'schedule: "0 6 * * *"',
     "22: schedule: '0 6 * * *' is no schedule; allowed: " + ALLOWED_SCHEDULES + "; did you mean 'cron(0 6 * * ? *)'?"),
    ('timeout_minutes: 30', 'schedule: rate(1 fortnight)',
     "22: schedule: rate(1 fortnight): '1 fortnight' is no rate: rate(value unit) takes a whole number "
     "from 1 and minute, minutes, hour, hours, day or days; allowed: " + ALLOWED_SCHEDULES),
    ('timeout_minutes: 30', 'schedule: at(2030-01-01T00:00:00)',
     "22: schedule: 'at(2030-01-01T00:00:00)' is no schedule; allowed: " + ALLOWED_SCHEDULES),
    ('timeout_minutes: 30', 'schedule_timezone: Europe/Berln',
     "22: schedule_timezone: 'Europe/Berln' is no time zone: a name such as UTC or Europe/Berlin is "
     "allowed; did you mean 'Europe/Berlin'?"),
    ('timeout_minutes: 30', 'on_arrival: {batch_size: 101}',
     '22: on_arrival.batch_size: input should be less than or equal to 100, not 101'),
    ('timeout_minutes: 30', 'max_age: 8d',
     "22: max_age: '8d' is no age that can be watched; allowed: whole hours up to 168h, or days up to 7d: "
     'CloudWatch looks back 7 days at most'),
    ('timeout_minutes: 30', 'on_arrival: {batch: 10}',
     "22: on_arrival.batch: unknown field; allowed: batch_size, batch_window; did you mean 'batch_size'?"),
    ('name: trips', 'name: trips\x07',
     '1: is not YAML: it has the control character U+0007'),
]  # fmt: skip


def error_of(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_dataset("trips", folder)
    return str(caught.value)


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES)
def test_a_mistake_is_named_with_file_line_field_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert GOOD.count(old) == 1
    path = tmp_path / "trips.yaml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    assert error_of(tmp_path) == "\n".join(f"{path}:{line}" for line in message.splitlines())


def test_the_file_without_a_mistake_loads(tmp_path: Path) -> None:
    (tmp_path / "trips.yaml").write_text(GOOD, encoding="utf-8")
    dataset = load_dataset("trips", tmp_path)
    assert dataset.partition_by == ("month(at)", "bucket(16, city)")
    assert dataset.max_quarantined == 1.0


def test_all_mistakes_of_a_file_are_told_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = GOOD
    for old, new in (
        ("name: trips", "name: journeys"),
        ("header: true", "headers: true"),
        ("type: timestamp", "type: timestmp"),
        ("order_by: [at]", "order_by: [at]\norder_by: [at]"),
        ("RowCount", "RowCont"),
        ("count: 2", "count: 1"),
    ):
        text = text.replace(old, new)
    path = tmp_path / "trips.yaml"
    path.write_text(text, encoding="utf-8")
    told = [line.split(": ")[:2] for line in error_of(tmp_path).splitlines()]
    assert told == [
        [f"{path}:1", "name"],
        [f"{path}:6", "source.options.headers"],
        [f"{path}:9", "columns[1].type"],
        [f"{path}:13", "order_by"],
        [f"{path}:19", "table_rules"],
        [f"{path}:22", "workers.count"],
    ]
