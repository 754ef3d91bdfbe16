import pytest
from pydantic import ValidationError

from lake.dataset import Dataset, arrivals_of_another, load_dataset
from lake.max_age import hours_of
from lake.starting import OnArrival

FLIGHTS = load_dataset("flights")


def dataset(**given: object) -> Dataset:
    return Dataset.model_validate({"name": "trips", "source": {"prefix": "raw/trips/", "format": "csv"}, **given})


def test_a_dataset_starts_on_demand_only_where_nothing_is_said() -> None:
    assert (FLIGHTS.schedule, FLIGHTS.on_arrival) == (None, None)


@pytest.mark.parametrize(
    "expression", ["cron(0 6 * * ? *)", "cron(0/15 8-17 ? * MON-FRI *)", "rate(1 hour)", "rate(5 minutes)"]
)
def test_a_schedule_is_awss_expression_and_kept_as_it_is_written(expression: str) -> None:
    assert dataset(schedule=expression).schedule == expression


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("0 6 * * *", "cron(0 6 * * ? *)"),
        ("cron(0 6 * * *)", "cron(0 6 * * ? *)"),
        ("cron(0 6 * * * *)", "cron(0 6 * * ? *)"),
        ("cron(0 6 * * MON *)", "cron(0 6 ? * MON *)"),
        ("0 6 1 * *", "cron(0 6 1 * ? *)"),
        ("rate(5 minute)", "rate(5 minutes)"),
        ("rate(5minutes)", "rate(5 minutes)"),
        ("5 minutes", "rate(5 minutes)"),
    ],
)
def test_a_wrong_schedule_is_told_the_nearest_right_one(wrong: str, right: str) -> None:
    with pytest.raises(ValidationError) as caught:
        dataset(schedule=wrong)
    assert f"did you mean '{right}'?" in str(caught.value)
    assert dataset(schedule=right).schedule == right


@pytest.mark.parametrize("wrong", ["", "daily", "cron(61 6 * * ? *)", "rate(0 days)"])
def test_where_nothing_is_near_no_right_form_is_made_up(wrong: str) -> None:
    with pytest.raises(ValidationError) as caught:
        dataset(schedule=wrong)
    assert "allowed: cron(" in str(caught.value)
    assert "did you mean" not in str(caught.value)


def test_a_schedule_can_mean_the_clock_of_a_place() -> None:
    assert dataset(schedule="cron(0 6 * * ? *)", schedule_timezone="Europe/Berlin").schedule_timezone == "Europe/Berlin"


def test_arrivals_gather_a_hundred_objects_or_five_minutes_where_nothing_is_said() -> None:
    assert dataset(on_arrival={}).on_arrival == OnArrival(batch_size=100, batch_window=300)


def test_a_dataset_that_is_called_as_anothers_arrivals_workflow_is_refused() -> None:
    trips = dataset(on_arrival={})
    other = dataset(name="trips_arrivals", source={"prefix": "raw/trips_arrivals/", "format": "csv"})
    ((refused, message),) = arrivals_of_another([trips, other])
    assert refused is other
    assert "on_arrival of 'trips'" in message
    assert arrivals_of_another([dataset(), other]) == []


@pytest.mark.parametrize(("text", "hours"), [("1h", 1), ("36h", 36), ("168h", 168), ("1d", 24), ("7d", 168)])
def test_an_age_is_whole_hours_or_days(text: str, hours: int) -> None:
    assert hours_of(text) == hours
    assert dataset(max_age=text).max_age == text


@pytest.mark.parametrize("text", ["0h", "169h", "8d", "90m", "36", "1.5d", "h", "36 h"])
def test_an_age_that_cloudwatch_cannot_watch_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        dataset(max_age=text)
