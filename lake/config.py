"""An environment with its datasets: valid each, and together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lake.config_file import ConfigFile
from lake.dataset import DATASETS, Dataset, load_datasets
from lake.environment import ENVIRONMENTS, Environment, load_environment
from lake.errors import ConfigError, unknown_name


@dataclass(frozen=True, slots=True)
class Config:
    """What the CDK app is built from."""

    environment: Environment
    datasets: tuple[Dataset, ...]


def load_config(env: str, *, environments: Path = ENVIRONMENTS, datasets: Path = DATASETS) -> Config:
    """Return an environment and every dataset.

    Raises ConfigError for one that is wrong, and for a dataset that goes beyond the environment's limits.
    """
    environment = load_environment(env, environments)
    loaded = load_datasets(datasets)
    names = [dataset.name for dataset in loaded]
    if environment.default_pipeline not in names:
        file = ConfigFile(environments / f"{env}.yaml")
        problem = unknown_name("dataset", environment.default_pipeline, names)
        raise ConfigError(file.problem(("default_pipeline",), str(problem)))
    for dataset in loaded:
        if dataset.workers.count > environment.max_workers:
            file = ConfigFile(datasets / f"{dataset.name}.yaml")
            limit = f"allowed in environment '{env}' are at most {environment.max_workers} (its max_workers)"
            raise ConfigError(file.problem(("workers", "count"), f"is {dataset.workers.count}; {limit}"))
    return Config(environment=environment, datasets=tuple(loaded))
