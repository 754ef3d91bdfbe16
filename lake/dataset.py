"""Datasets: one YAML file says where the raw objects lie, what their rows are, and how the curated table is kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from lake.column import Column, ColumnName, TransformText, parse_transform
from lake.config_file import ROOT, ConfigFile, ConfigModel, FieldError, config_names
from lake.errors import ConfigError, nearest, unknown_name
from lake.names import DATASET_PATTERN, RESERVED_DATASETS

DATASETS = ROOT / "datasets"

# Workers that Glue 5.1 gives a Spark job (the job page of the Glue guide).
WorkerType = Literal[
    "G.1X", "G.2X", "G.4X", "G.8X", "G.12X", "G.16X", "R.1X", "R.2X", "R.4X", "R.8X"
]  # fmt: skip
MAX_TIMEOUT_MINUTES = 10_080

# The frame of a DQDL ruleset ('DQDL reference', Glue guide); what stands in it is deequ's to judge.
_RULES = re.compile(r"\s*Rules\s*=\s*\[.*\S.*\]\s*", re.DOTALL)


def _in_the_frame_of_dqdl(text: str) -> str:
    if not _RULES.fullmatch(text):
        raise ValueError("must be rules in DQDL; allowed: Rules = [ RULE, … ]")
    return text


RulesText = Annotated[str, AfterValidator(_in_the_frame_of_dqdl)]

_OneCharacter = Annotated[str, Field(min_length=1, max_length=1)]


class CsvOptions(ConfigModel):
    """How a CSV file is written: named as Spark's reader names them, with its defaults."""

    header: bool = False
    delimiter: _OneCharacter = ","
    quote: _OneCharacter = '"'
    escape: _OneCharacter = "\\"
    nullValue: str = ""


class Source(ConfigModel):
    """Where the raw objects lie in the raw bucket, and their format."""

    prefix: Annotated[str, Field(pattern=r"^([A-Za-z0-9_.=-]+/)+$", max_length=512)]
    format: Literal["csv"]
    options: CsvOptions = CsvOptions()


class Workers(ConfigModel):
    """The cluster of one job run."""

    type: WorkerType = "G.1X"
    count: Annotated[int, Field(ge=2, le=1000)] = 2


class Dataset(ConfigModel):
    """One dataset, whole and valid: every column that it names is there where the columns are declared."""

    name: Annotated[str, Field(pattern=rf"^{DATASET_PATTERN.pattern}$")]
    description: Annotated[str, Field(max_length=2048)] = ""
    source: Source
    columns: tuple[Column, ...] = ()
    key: tuple[ColumnName, ...] = ()
    order_by: tuple[ColumnName, ...] = ()
    partition_by: tuple[TransformText, ...] = ()
    table_rules: RulesText | None = None
    max_quarantined: Annotated[float, Field(ge=0, le=1)] = 1.0
    workers: Workers = Workers()
    timeout_minutes: Annotated[int, Field(ge=1, le=MAX_TIMEOUT_MINUTES)] = 60

    def resolved_json(self) -> str:
        """Return the dataset with every default filled in, as the job reads it: the same text for the same input."""
        return self.model_dump_json(indent=2) + "\n"

    def partitions_outside_the_key(self) -> list[str]:
        """Return the transforms of columns that are not in the key: a merge by key must search all their partitions."""
        return [text for text in self.partition_by if self.key and parse_transform(text).column not in self.key]

    @field_validator("name")
    @classmethod
    def _name_is_free(cls, name: str) -> str:
        if name in RESERVED_DATASETS:
            raise ValueError(f"'{name}' is reserved; any other name is allowed")
        return name

    @field_validator("source")
    @classmethod
    def _prefix_ends_in_the_name(cls, source: Source, info: ValidationInfo) -> Source:
        name = info.data.get("name")
        if name is not None and source.prefix.rstrip("/").rpartition("/")[2] != name:
            raise FieldError(("prefix",), f"'{source.prefix}' must end in the dataset's name: allowed is …/{name}/")
        return source

    @field_validator("columns")
    @classmethod
    def _columns_are_distinct(cls, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        _refuse_repeats([column.name for column in columns])
        return columns

    @field_validator("key", "order_by")
    @classmethod
    def _names_declared_columns(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        _refuse_repeats(names)
        for position, name in enumerate(names):
            _declared_type(name, position, info)
        return names

    @field_validator("partition_by")
    @classmethod
    def _partitions_by_declared_columns(cls, texts: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for position, text in enumerate(texts):
            transform = parse_transform(text)
            column_type = _declared_type(transform.column, position, info)
            if column_type is not None and not transform.takes(column_type):
                raise FieldError((position,), f"{transform.name} does not take a column of type {column_type}")
        return texts


def _refuse_repeats(names: Iterable[str]) -> None:
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise ValueError(f"'{repeated[0]}' is given twice")


def _declared_type(name: str, position: int, info: ValidationInfo) -> str | None:
    """Return the column's type; None where no columns are declared, or they are themselves in error."""
    columns: tuple[Column, ...] = info.data.get("columns", ())
    types = {column.name: column.type for column in columns}
    if types and name not in types:
        raise FieldError((position,), f"no column '{name}'; declared: {', '.join(types)}{nearest(name, types)}")
    return types.get(name)


def dataset_names(folder: Path = DATASETS) -> list[str]:
    """Return the names of the known datasets, sorted."""
    return config_names(folder)


def load_dataset(name: str, folder: Path = DATASETS) -> Dataset:
    """Return the dataset `name`. Raises ConfigError for an unknown name, listing the known ones, or a bad file."""
    known = dataset_names(folder)
    if name not in known:
        raise unknown_name("dataset", name, known)
    file = ConfigFile(folder / f"{name}.yaml")
    dataset = file.parse(Dataset)
    if dataset.name != name:
        raise ConfigError(file.problem(("name",), f"'{dataset.name}' must be the file's name: allowed is {name}"))
    return dataset


def load_datasets(folder: Path = DATASETS) -> list[Dataset]:
    """Return every dataset, by name. Raises ConfigError for a bad file, or where two datasets' objects overlap."""
    datasets = [load_dataset(name, folder) for name in dataset_names(folder)]
    by_prefix = sorted(datasets, key=lambda dataset: dataset.source.prefix)
    for outer, inner in pairwise(by_prefix):
        if inner.source.prefix.startswith(outer.source.prefix):
            message = f"'{inner.source.prefix}' lies in '{outer.source.prefix}' of dataset '{outer.name}'"
            file = ConfigFile(folder / f"{inner.name}.yaml")
            raise ConfigError(file.problem(("source", "prefix"), f"{message}; allowed is a prefix of its own"))
    return datasets
