from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyiceberg.catalog.glue import GlueCatalog

from runner.aws import Aws
from runner.preview import Preview, preview
from runner.report import columns_that_fit
from tests.unit.runner.scripted_aws import Answer, Fault, ScriptedAws


class Catalog:
    """As much of the Data Catalog as PyIceberg needs to make and read a table."""

    def __init__(self, aws: ScriptedAws) -> None:
        self._tables: dict[tuple[str, str], dict[str, Any]] = {}
        aws.answers["CreateTable"] = self.put
        aws.answers["UpdateTable"] = self.put
        aws.answers["GetTable"] = self.get
        aws.answers["GetDatabase"] = [{"Database": {"Name": "lake_local_curated"}}]

    def put(self, body: dict[str, Any]) -> Answer:
        self._tables[body["DatabaseName"], body["TableInput"]["Name"]] = body["TableInput"]
        return {}

    def get(self, body: dict[str, Any]) -> Answer:
        table = self._tables.get((body["DatabaseName"], body["Name"]))
        if table is None:
            return Fault("EntityNotFoundException")
        return {"Table": {**table, "DatabaseName": body["DatabaseName"], "VersionId": "1"}}


def test_first_rows_are_read_through_the_glue_catalog_without_internal_columns(
    aws: ScriptedAws, clients: Aws, tmp_path: Path
) -> None:
    Catalog(aws)
    rows = pa.table(
        {
            "carrier": [f"U{number}" for number in range(50)],
            "time_hour": [datetime(2013, 1, 1, 5)] * 50,
            "_run_id": ["run-1"] * 50,
        }
    )
    name = ("lake_local_curated", "flights")
    table = GlueCatalog("glue", client=clients.glue).create_table(
        name, schema=rows.schema, location=f"file://{tmp_path}/flights"
    )
    table.append(rows)
    assert preview(clients, *name) == Preview(
        columns=("carrier", "time_hour"),
        rows=tuple((f"U{number}", datetime(2013, 1, 1, 5)) for number in range(5)),
    )


def test_only_columns_that_fit_whole_are_shown() -> None:
    rows = Preview(columns=("a", "b", "long_name"), rows=(("12345", None, 1), ("1", "12", 2)))
    assert [columns_that_fit(rows, width) for width in (3, 10, 11, 21, 22)] == [1, 1, 2, 2, 3]
