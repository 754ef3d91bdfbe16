"""The job's arguments, read once and kept as one frozen value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from awsglue.utils import getResolvedOptions

from lib.dataset import Dataset, parse_dataset
from lib.request import Request, read_request
from lib.tables import Tables

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

_REQUIRED: Final = (
    "ENV", "DATASET", "DATASET_FILE", "SOURCE_DB", "SOURCE_TABLE", "TARGET_DB", "TARGET_S3", "OPS_DB", "TempDir",
)  # fmt: skip
_REQUESTS: Final = tuple(each.name for each in fields(Request))
_OPTIONAL: Final = ("RUN_ID", "WORKFLOW_NAME", "WORKFLOW_RUN_ID", *map(str.upper, _REQUESTS))
_RUN_ID_PROPERTY: Final = "run_id"


@dataclass(frozen=True, slots=True)
class Job:
    """One run of the job: which dataset, from which raw table, into which tables, under which id."""

    env: str
    run_id: str
    dataset: Dataset
    source_database: str
    source_table: str
    tables: Tables
    request: Request = field(default_factory=Request)


def read_job(argv: Sequence[str], glue: GlueClient) -> Job:
    """Return the run that the arguments ask for.

    The run's id is the workflow run's property `run_id`, else `--RUN_ID`, else the workflow run's id, else the job
    run's. What it is asked for comes likewise from the properties, else from the arguments: see Request.
    Raises GlueArgumentError for a missing argument, ValueError where the dataset's file is another dataset's, or the
    run is asked for what cannot be done.
    """
    options = _options(argv)
    dataset = parse_dataset(Path(options["DATASET_FILE"]).read_text(encoding="utf-8"))
    if dataset.name != options["DATASET"]:
        raise ValueError(f"{options['DATASET_FILE']} describes '{dataset.name}', not '{options['DATASET']}'")
    target = urlsplit(options["TARGET_S3"])
    properties = _properties(options, glue)
    return Job(
        env=options["ENV"],
        run_id=_run_id(options, properties),
        dataset=dataset,
        source_database=options["SOURCE_DB"],
        source_table=options["SOURCE_TABLE"],
        tables=Tables(
            dataset=dataset.name,
            curated_database=options["TARGET_DB"],
            ops_database=options["OPS_DB"],
            curated_location=options["TARGET_S3"].rstrip("/"),
            bucket=target.netloc,
        ),
        request=read_request(lambda name: properties.get(name) or options.get(name.upper())),
    )


def _options(argv: Sequence[str]) -> dict[str, Any]:
    given = {argument.split("=", 1)[0] for argument in argv}
    # getResolvedOptions requires whatever it is asked for: an optional argument is asked for only when it is there.
    optional = [name for name in _OPTIONAL if f"--{name}" in given]
    options: dict[str, Any] = getResolvedOptions(list(argv), [*_REQUIRED, *optional])
    return options


def _properties(options: dict[str, Any], glue: GlueClient) -> dict[str, str]:
    """Return the workflow run's properties; none where the job was started by itself."""
    name, run_id = options.get("WORKFLOW_NAME"), options.get("WORKFLOW_RUN_ID")
    if not name or not run_id:
        return {}
    return glue.get_workflow_run_properties(Name=name, RunId=run_id)["RunProperties"]


def _run_id(options: dict[str, Any], properties: dict[str, str]) -> str:
    candidates = (properties.get(_RUN_ID_PROPERTY), *map(options.get, ("RUN_ID", "WORKFLOW_RUN_ID", "JOB_RUN_ID")))
    run_id = next(filter(None, candidates), None)
    if run_id is None:
        raise ValueError("the run has no id: give --RUN_ID, or start it by its workflow")
    return str(run_id)
