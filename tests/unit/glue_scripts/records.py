"""A record of a run that has done nothing yet."""

from lib.arguments import Job
from lib.dataset import parse_dataset
from lib.record import Record
from lib.tables import Tables

from lake.dataset import Dataset


def a_record(name: str = "bike_trips") -> Record:
    """A record of a run of a dataset of that name."""
    source = {"prefix": f"raw/{name}/", "format": "csv"}
    dataset = parse_dataset(Dataset.model_validate({"name": name, "source": source}).resolved_json())
    tables = Tables(
        dataset=name,
        curated_database="lake_local_curated",
        ops_database="lake_local_ops",
        curated_location=f"s3://curated/curated/{name}",
        bucket="curated",
    )
    return Record(
        Job(
            env="local",
            run_id="r1",
            dataset=dataset,
            source_database="lake_local_raw",
            source_table=f"raw_{name}",
            tables=tables,
        )
    )
