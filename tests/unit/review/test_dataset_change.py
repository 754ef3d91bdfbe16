"""What of a dataset may change while there are rows, and what may not."""

from __future__ import annotations

from typing import Any

import pytest

from lake.dataset import Dataset
from lake.dataset_change import refused_changes, widens


def dataset(**changed: Any) -> dict[str, Any]:
    given = {
        "name": "trips",
        "source": {"prefix": "raw/trips/", "format": "parquet"},
        "columns": [{"name": "id", "type": "int"}, {"name": "at", "type": "timestamp"}],
        "key": ["id", "at"],
        "partition_by": ["day(at)"],
    }
    return Dataset.model_validate({**given, **changed}).model_dump(mode="json")


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, []),
        ({"key": ["at", "id"]}, []),
        ({"key": ["at"]}, ["`key` from `[id, at]` to `[at]`"]),
        ({"key": []}, ["`key` from `[id, at]` to `[]`"]),
        ({"partition_by": ["at"]}, ["`partition_by` from `[day(at)]` to `[at]`"]),
        ({"max_quarantined": 0.5, "timeout_minutes": 5, "description": "Trips", "order_by": ["at"]}, []),
        ({"columns": [{"name": "id", "type": "bigint"}, {"name": "at", "type": "timestamp"}]}, []),
        (
            {"columns": [{"name": "id", "type": "string"}, {"name": "at", "type": "timestamp"}]},
            ["the type of `id` from `int` to `string`"],
        ),
        (
            {"columns": [{"name": name, "type": "timestamp"} for name in ("at", "until")], "key": ["at"]},
            ["`key` from `[id, at]` to `[at]`"],
        ),
    ],
)
def test_key_partitions_and_types_stay_while_there_are_rows(changed: dict[str, Any], refused: list[str]) -> None:
    assert refused_changes(dataset(), dataset(**changed)) == refused


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("int", "bigint", True),
        ("bigint", "int", False),
        ("float", "double", True),
        ("decimal(10,2)", "decimal(12,2)", True),
        ("decimal(10,2)", "decimal(9,2)", False),
        ("decimal(10,2)", "decimal(12,3)", False),
        ("int", "string", False),
    ],
)
def test_a_type_widens_as_iceberg_widens_it(was: str, now: str, expected: bool) -> None:
    assert widens(was, now) is expected
