"""Datasets: one YAML file says where the raw objects lie, what their rows are, and how the curated table is kept."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from lake.column import Column, ColumnName, TransformText, parse_transform, suggested_name
from lake.column_type import is_nested
from lake.config_file import ROOT, ConfigFile, config_names
from lake.config_model import ConfigModel, FieldErrors, FieldProblem, Loc, checked_text, refuse
from lake.dqdl import row_rules
from lake.dqdl.table_rules import problems_in
from lake.errors import Gathered, nearest, unknown_name
from lake.max_age import MaxAge
from lake.names import ARRIVALS_SUFFIX, DATASET_PATTERN, RESERVED_DATASETS
from lake.source import CsvSource, JsonSource, ParquetSource, Source
from lake.starting import OnArrival, ScheduleText, TimezoneName

DATASETS = ROOT / "datasets"

# Workers that Glue 5.1 gives a Spark job (the job page of the Glue guide).
WorkerType = Literal[
    "G.1X", "G.2X", "G.4X", "G.8X", "G.12X", "G.16X", "R.1X", "R.2X", "R.4X", "R.8X"
]  # fmt: skip
MAX_TIMEOUT_MINUTES = 10_080

ALLOWED_NAMES: Final = "a to z, 0 to 9 and _, a letter first, at most 40"

# In the validators' context: what the file is called, which is the dataset's name.
FILE_NAME: Final = "file_name"


class Workers(ConfigModel):
    """The cluster of one job run."""

    type: WorkerType = "G.1X"
    count: Annotated[int, Field(ge=2, le=1000)] = 2


# Glue's and CloudFormation's pattern for a description: no control characters.
_DESCRIPTION: Final = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f]*")


def _without_control_characters(text: str) -> str:
    if not _DESCRIPTION.fullmatch(text):
        raise ValueError("has a control character, which Glue refuses; allowed is text on one or more lines")
    return text


class Dataset(ConfigModel):
    """One dataset, whole and valid: every column that it names is there where the columns are declared."""

    name: Annotated[str, *checked_text("name of a dataset", DATASET_PATTERN, ALLOWED_NAMES, suggested_name)]
    """As the file is called. Stack, workflow, crawler, job and tables are named after it."""
    description: Annotated[str, Field(max_length=2048), AfterValidator(_without_control_characters)] = ""
    source: Source
    columns: tuple[Column, ...] = ()
    """Left out, the crawler's table is the contract."""
    key: tuple[ColumnName, ...] = ()
    """Rows with the same key are one row: the latest wins."""
    order_by: tuple[ColumnName, ...] = ()
    """Columns that say which of two rows with one key is the later."""
    partition_by: tuple[TransformText, ...] = ()
    """Iceberg transforms, of key columns where there is a key: else a merge searches all partitions."""
    drift: Literal["add", "quarantine", "fail"] = "add"
    """What becomes of a column that is new in the data: it is added, its rows are quarantined, or the run fails."""
    row_rules: str | None = None
    """Rules in DQDL over single rows: a row that breaks one is quarantined."""
    table_rules: str | None = None
    """Rules in DQDL over the rows that a run would publish: where one fails, the run publishes nothing."""
    max_quarantined: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Share of the rows read; above it the run publishes nothing."""
    schedule: ScheduleText | None = None
    """Starts the pipeline by the clock, where the environment's `schedules` are on: AWS's cron(…) or rate(…)."""
    schedule_timezone: TimezoneName = "UTC"
    """Whose clock `schedule` means, such as Europe/Berlin."""
    on_arrival: OnArrival | None = None
    """Starts the job when objects arrive, where the environment's `schedules` are on."""
    max_age: MaxAge | None = None
    """An alarm tells when no run has published for so long, such as 36h or 2d, where `schedules` are on."""
    workers: Workers = Workers()
    timeout_minutes: Annotated[int, Field(ge=1, le=MAX_TIMEOUT_MINUTES)] = 60

    def resolved_json(self, **environments: object) -> str:
        """Return the dataset with every default filled in, as the job reads it: the same text for the same input.

        Row rules stand in it as what they say, so that nothing but this package reads DQDL for them. `environments` are
        fields that the environment adds, such as the limits of `upkeep`.
        """
        fields = self.model_dump(mode="json")
        if self.row_rules is not None:
            fields["row_rules"] = row_rules.resolved(self.row_rules)
        return json.dumps({**fields, **environments}, indent=2, ensure_ascii=False) + "\n"

    def partitions_outside_the_key(self) -> list[str]:
        """Return the transforms of columns that are not in the key: a merge by key must search all their partitions."""
        return [text for text in self.partition_by if self.key and parse_transform(text).column not in self.key]

    @field_validator("name")
    @classmethod
    def _name_is_free_and_the_files(cls, name: str, info: ValidationInfo) -> str:
        if name in RESERVED_DATASETS:
            raise ValueError(f"'{name}' is reserved; any other name is allowed")
        file = (info.context or {}).get(FILE_NAME, name)
        if name != file:
            raise ValueError(f"'{name}' must be the file's name: allowed is {file}")
        return name

    @field_validator("source")
    @classmethod
    def _prefix_ends_in_the_name(
        cls, source: CsvSource | JsonSource | ParquetSource, info: ValidationInfo
    ) -> CsvSource | JsonSource | ParquetSource:
        name = info.data.get("name")
        if name is not None and source.prefix.rstrip("/").rpartition("/")[2] != name:
            message = f"'{source.prefix}' must end in the dataset's name: allowed is …/{name}/"
            raise FieldErrors([FieldProblem(("prefix",), message)])
        return source

    @field_validator("columns")
    @classmethod
    def _columns_are_distinct_and_fit_the_format(
        cls, columns: tuple[Column, ...], info: ValidationInfo
    ) -> tuple[Column, ...]:
        refuse(_repeats([column.name for column in columns], within=("name",)))
        source = info.data.get("source")
        if source is not None and source.format == "csv":
            allowed = "a value of csv has no parts; allowed are types without < >"
            nested = ((at, each) for at, each in enumerate(columns) if is_nested(each.type))
            refuse(FieldProblem((at, "type"), f"'{column.type}': {allowed}") for at, column in nested)
        return columns

    @field_validator("key", "order_by")
    @classmethod
    def _names_declared_columns(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        def problems() -> Iterator[FieldProblem]:
            yield from _repeats(names)
            for position, name in enumerate(names):
                yield from _undeclared(name, (position,), info)
                if is_nested(_types(info).get(name, "")):
                    yield FieldProblem((position,), f"'{name}' has parts; allowed is a column with a single value")

        refuse(problems())
        return names

    @field_validator("partition_by")
    @classmethod
    def _partitions_by_declared_columns(cls, texts: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        def problems() -> Iterator[FieldProblem]:
            yield from _repeats(texts)
            for position, text in enumerate(texts):
                transform = parse_transform(text)
                yield from _undeclared(transform.column, (position,), info)
                column_type = _types(info).get(transform.column)
                if column_type is not None and not transform.takes(column_type):
                    yield FieldProblem((position,), f"{transform.name} does not take a column of type {column_type}")

        refuse(problems())
        return texts

    @field_validator("row_rules")
    @classmethod
    def _rules_are_about_single_rows(cls, text: str | None, info: ValidationInfo) -> str | None:
        if text is not None:
            refuse(FieldProblem((), str(each), each.line) for each in row_rules.row_problems(text, _types(info)))
        return text

    @field_validator("table_rules")
    @classmethod
    def _rules_are_dqdl_over_declared_columns(cls, text: str | None, info: ValidationInfo) -> str | None:
        if text is not None:
            refuse(FieldProblem((), str(each), each.line) for each in problems_in(text, _types(info)))
        return text


def _repeats(names: Sequence[str], within: Loc = ()) -> Iterator[FieldProblem]:
    """Yield a problem for the second place of each name that is given more than once."""
    for name, count in Counter(names).items():
        if count > 1:
            place = names.index(name, names.index(name) + 1)
            yield FieldProblem((place, *within), f"'{name}' is given {count} times; allowed is once")


def _types(info: ValidationInfo) -> dict[str, str]:
    """Return the declared columns' types; empty where none are declared, or they are themselves in error."""
    return {column.name: column.type for column in info.data.get("columns", ())}


def _undeclared(name: str, loc: Loc, info: ValidationInfo) -> Iterator[FieldProblem]:
    types = _types(info)
    if types and name not in types:
        yield FieldProblem(loc, f"no column '{name}'; declared: {', '.join(types)}{nearest(name, types)}")


def dataset_names(folder: Path = DATASETS) -> list[str]:
    """Return the names of the known datasets, sorted."""
    return config_names(folder)


def load_dataset(name: str, folder: Path = DATASETS) -> Dataset:
    """Return the dataset `name`. Raises ConfigError for an unknown name, listing the known ones, or a bad file."""
    known = dataset_names(folder)
    if name not in known:
        raise unknown_name("dataset", name, known)
    return ConfigFile(folder / f"{name}.yaml").parse(Dataset, context={FILE_NAME: name})


def load_datasets(folder: Path = DATASETS) -> list[Dataset]:
    """Return every dataset, by name. Raises ConfigError for all bad files, or where two datasets' objects overlap."""
    gathered = Gathered()
    datasets: list[Dataset] = []
    for name in dataset_names(folder):
        with gathered.step():
            datasets.append(load_dataset(name, folder))
    for inner, message in overlaps(datasets):
        file = ConfigFile(folder / f"{inner.name}.yaml")
        gathered.add(file.problem(("source", "prefix"), message))
    for dataset, message in arrivals_of_another(datasets):
        gathered.add(ConfigFile(folder / f"{dataset.name}.yaml").problem(("name",), message))
    gathered.raise_all()
    return datasets


def overlaps(datasets: Sequence[Dataset]) -> list[tuple[Dataset, str]]:
    """Return each dataset whose prefix lies in another's, with what is wrong about it."""
    return [
        (
            inner,
            f"'{inner.source.prefix}' lies in '{outer.source.prefix}' of dataset '{outer.name}'; "
            "allowed is a prefix of its own",
        )
        for outer, inner in permutations(datasets, 2)
        if inner.source.prefix.startswith(outer.source.prefix)
    ]


def arrivals_of_another(datasets: Sequence[Dataset]) -> list[tuple[Dataset, str]]:
    """Return each dataset whose workflow would be called as the arrivals of another, with what is wrong about it."""
    by_name = {dataset.name: dataset for dataset in datasets}
    return [
        (by_name[taken], f"'{taken}' names the workflow that on_arrival of '{name}' starts; allowed is another name")
        for name, dataset in by_name.items()
        if dataset.on_arrival and (taken := f"{name}_{ARRIVALS_SUFFIX}") in by_name
    ]
