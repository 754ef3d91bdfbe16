"""A deployment is refused where rows are there that do not take it, before anything is changed."""

from __future__ import annotations

import pytest

from lake.dataset import Dataset, load_datasets
from lake.errors import ConfigError
from lake.names import Names
from lake.review.change import Stack
from lake.review.refuse import check_rows
from tests.unit.review.test_stacks_as_deployed import Aws

NAMES = Names("prod")


def datasets(**flights: object) -> list[Dataset]:
    return [each.model_copy(update=flights) if each.name == "flights" else each for each in load_datasets()]


def test_another_key_is_refused_with_the_way_to_rebuild(stacks: dict[str, Stack]) -> None:
    aws = Aws(stacks, tables={"flights"})
    with pytest.raises(ConfigError) as refused:
        check_rows(NAMES, datasets(key=("carrier",)), [], aws)
    assert str(refused.value) == (
        "datasets/flights.yaml: `key` from `[carrier, flight, origin, time_hour]` to `[carrier]`. Rows are there. "
        "Nothing was done.\nRebuild the table: drop `lake_prod_curated.flights` and `lake_prod_ops.flights_files` "
        "(DROP TABLE in Athena), deploy, and run `python run.py flights`: every raw object is read anew. "
        "Or keep the old table, and give the change to a dataset of a new name."
    )


def test_it_may_change_where_there_are_no_rows_and_where_its_stack_is_not_deployed(stacks: dict[str, Stack]) -> None:
    changed = datasets(key=("carrier",))
    check_rows(NAMES, changed, [], Aws(stacks, tables={"planes"}))
    check_rows(NAMES, changed, ["lake-prod-planes"], Aws(stacks, tables={"flights"}))
    check_rows(NAMES, changed, [], Aws({"lake-prod": stacks["lake-prod"]}, tables={"flights"}))


def test_a_dataset_that_is_as_it_was_is_deployed(stacks: dict[str, Stack]) -> None:
    check_rows(NAMES, datasets(max_quarantined=0.5), [], Aws(stacks, tables={"flights"}))
