import dataclasses
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from lib.arguments import Job, read_job
from lib.dataset import Column, Transform, parse_dataset
from lib.limits import Limits
from lib.request import Request

from lake.dataset import load_dataset
from lake.environment import Upkeep
from lake.names import OPS_TABLES, RUN_PROPERTIES, Names
from tests.unit.glue_scripts.small_lake import FakeGlue

NAMES = Names("local")


@pytest.fixture
def argv(tmp_path: Path) -> list[str]:
    file = tmp_path / "resolved.json"
    file.write_text(load_dataset("flights").resolved_json())
    options = {
        "ENV": "local", "DATASET": "flights", "DATASET_FILE": str(file), "SOURCE_DB": NAMES.raw_database,
        "SOURCE_TABLE": NAMES.raw_table("flights"), "TARGET_DB": NAMES.curated_database,
        "TARGET_S3": "s3://curated-bucket/curated/flights", "OPS_DB": NAMES.ops_database, "TempDir": "s3://b/temp/",
    }  # fmt: skip
    return ["script.py", *(part for name, value in options.items() for part in (f"--{name}", value))]


def job(argv: list[str], **properties: str) -> Job:
    return read_job(argv, cast(Any, FakeGlue(None, properties)))


WORKFLOW = ["--WORKFLOW_NAME", "w", "--WORKFLOW_RUN_ID", "wr_1", "--JOB_RUN_ID", "jr_1"]


def test_the_run_id_of_the_workflow_runs_properties_comes_first(argv: list[str]) -> None:
    assert job([*argv, *WORKFLOW, "--RUN_ID", "argument"], run_id="property").run_id == "property"


def test_the_run_id_argument_comes_before_the_workflow_runs_id(argv: list[str]) -> None:
    assert job([*argv, *WORKFLOW, "--RUN_ID", "argument"]).run_id == "argument"


def test_the_workflow_runs_id_comes_before_the_job_runs(argv: list[str]) -> None:
    assert job([*argv, *WORKFLOW]).run_id == "wr_1"


def test_the_job_runs_id_is_the_last_resort(argv: list[str]) -> None:
    assert job([*argv, "--JOB_RUN_ID", "jr_1"]).run_id == "jr_1"


def test_a_run_without_any_id_is_refused(argv: list[str]) -> None:
    with pytest.raises(ValueError, match="the run has no id"):
        job(argv)


def test_what_a_run_is_asked_for_comes_from_its_properties_before_its_arguments(argv: list[str]) -> None:
    arguments = [*argv, *WORKFLOW, "--REPROCESS_PREFIX", "raw/flights/a", "--REPROCESS_FROM", "2013-01-01"]
    assert job(arguments).request.reprocess_prefix == "raw/flights/a"
    asked = job(arguments, reprocess_prefix="raw/flights/b").request
    assert (asked.reprocess_prefix, asked.reprocess_from) == ("raw/flights/b", datetime(2013, 1, 1, tzinfo=UTC))
    assert job([*argv, *WORKFLOW]).request == Request()


def test_the_job_takes_every_run_property_that_the_app_knows() -> None:
    assert {each.name for each in dataclasses.fields(Request)} == set(RUN_PROPERTIES) - {"run_id"}


def test_a_missing_argument_is_named(argv: list[str]) -> None:
    with pytest.raises(Exception, match="--OPS_DB"):
        job([part for part in argv if part not in ("--OPS_DB", NAMES.ops_database)])


def test_another_datasets_file_is_refused(argv: list[str]) -> None:
    argv[argv.index("flights")] = "planes"
    with pytest.raises(ValueError, match="describes 'flights', not 'planes'"):
        job([*argv, "--RUN_ID", "r"])


def test_tables_and_record_lie_where_the_rest_of_the_product_looks_for_them(argv: list[str]) -> None:
    tables = job([*argv, "--RUN_ID", "r"]).tables
    assert tables.curated == f"glue_catalog.{NAMES.curated_database}.{NAMES.curated_table('flights')}"
    for kind in OPS_TABLES:
        table = NAMES.ops_table("flights", kind)
        assert tables.ops(kind) == f"glue_catalog.{NAMES.ops_database}.{table}"
        folder = NAMES.ops_prefix("flights", kind)
        assert tables.ops_location(kind) == f"s3://curated-bucket/{folder}".rstrip("/")
    assert (tables.bucket, tables.record_key("r")) == ("curated-bucket", NAMES.record_key("flights", "r"))


def test_the_app_and_the_job_agree_on_the_dataset() -> None:
    written = load_dataset("flights")
    found = parse_dataset(written.resolved_json())
    assert found.columns == tuple(Column(each.name, each.type, each.required) for each in written.columns)
    assert found.options == written.source.options.model_dump()
    assert [rule.rule for rule in found.row_rules] == ['IsComplete "carrier"', 'ColumnValues "distance" > 0']
    assert (found.key, found.order_by, found.max_quarantined, found.drift) == (
        written.key,
        written.order_by,
        written.max_quarantined,
        written.drift,
    )


def test_the_app_and_the_job_agree_on_the_limits_of_upkeep() -> None:
    given = Upkeep(min_small_files=7)
    resolved = load_dataset("flights").resolved_json(upkeep=given.model_dump())
    assert asdict(parse_dataset(resolved).upkeep) == given.model_dump()
    assert asdict(Limits()) == Upkeep().model_dump()


@pytest.mark.parametrize(
    ("text", "column", "sql"),
    [
        ("month(time_hour)", "time_hour", "c.system.months(t.`time_hour`)"),
        ("bucket(16, carrier)", "carrier", "c.system.bucket(16, t.`carrier`)"),
        ("truncate(3,origin)", "origin", "c.system.truncate(3, t.`origin`)"),
        ("origin", "origin", "t.`origin`"),
    ],
)
def test_a_partitions_value_is_computed_as_iceberg_does(text: str, column: str, sql: str) -> None:
    assert (Transform(text).column, Transform(text).value_sql("c", "t.")) == (column, sql)


def test_a_job_cannot_be_changed(argv: list[str]) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        job([*argv, "--RUN_ID", "r"]).run_id = "other"  # type: ignore[misc]  # that is the point
